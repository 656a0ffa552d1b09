"""The members of a sponsor: who acts for it, and as what."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.audit.service import record
from app.core.actor import Actor, MemberRole, Role, UserStatus
from app.core.caching import invalidate
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.statements import changed_rows
from app.core.transaction import unit_of_work
from app.identity import links, passwords, queries, sessions
from app.identity.errors import EmailTaken, LastOwner, MemberFlagged, TooManyKept
from app.identity.events import MemberInvited, MemberJoined, MemberRemoved
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import ApiKey, MemberInvitation, Sponsor, SponsorMember, User
from app.identity.service import SPONSORS
from app.identity.standing import BARRED

MOST_INVITATIONS = 50


def members(actor: Actor) -> list[SponsorMember]:
    """The members of the actor's sponsor with their users, the first one first."""
    return list(db.session.scalars(queries.members_of(actor.sponsor_id or "")))


def invitations(actor: Actor) -> list[MemberInvitation]:
    """The invitations of the actor's sponsor that still stand, the latest first."""
    return list(
        db.session.scalars(
            select(MemberInvitation)
            .where(
                MemberInvitation.sponsor_id == actor.sponsor_id,
                MemberInvitation.expires_at > now(),
            )
            .order_by(MemberInvitation.created_at.desc(), MemberInvitation.id.desc())
        )
    )


def invite(actor: Actor, *, email: str, role: MemberRole) -> MemberInvitation:
    """Invite someone by mail; inviting them again replaces the earlier invitation.

    Raises EmailTaken when the address has an account, TooManyKept.
    """
    if db.session.scalar(select(User.id).where(User.email == email)) is not None:
        raise EmailTaken("An account belongs to one team; ask them for another address.")
    _lock_sponsor(actor)
    db.session.execute(
        delete(MemberInvitation).where(
            MemberInvitation.sponsor_id == actor.sponsor_id,
            (MemberInvitation.email == email) | (MemberInvitation.expires_at <= now()),
        )
    )
    standing = db.session.scalar(
        select(func.count())
        .select_from(MemberInvitation)
        .where(MemberInvitation.sponsor_id == actor.sponsor_id)
    )
    if (standing or 0) >= MOST_INVITATIONS:
        raise TooManyKept("Withdraw some of the invitations first.")
    invitation = MemberInvitation(
        sponsor_id=actor.sponsor_id,
        email=email,
        role=role,
        invited_by=actor.user_id,
        expires_at=now() + links.LIFETIMES[links.INVITE],
    )
    db.session.add(invitation)
    db.session.flush()
    record(
        actor,
        "member.invited",
        subject_type="sponsor",
        subject_id=invitation.sponsor_id,
        invitation=invitation.id,
        role=role.value,
    )
    publish(MemberInvited(invitation.id))
    return invitation


def withdraw_invitation(actor: Actor, *, invitation_id: str) -> None:
    """Take an invitation back; its link ends. Raises NotFound."""
    withdrawal = delete(MemberInvitation).where(
        MemberInvitation.id == invitation_id, MemberInvitation.sponsor_id == actor.sponsor_id
    )
    if changed_rows(withdrawal) != 1:
        raise NotFound
    record(
        actor,
        "member.invitation_withdrawn",
        subject_type="sponsor",
        subject_id=actor.sponsor_id or "",
        invitation=invitation_id,
    )


def accept_invitation(*, token: str, name: str, password: str) -> User:
    """Make the account of an invited member (opens its own unit of work).

    The mail arrived, so the address is confirmed. The account waits for approval as long as no
    owner of the sponsor is approved. Raises LinkEnded, EmailTaken.
    """
    links.subject_of(token, links.INVITE)
    db.session.rollback()
    password_hash = passwords.hash_password(password)

    def work() -> User:
        _, payload = links.subject_of(token, links.INVITE)
        invitation = db.session.get(
            MemberInvitation, payload["id"], with_for_update=True, populate_existing=True
        )
        links.subject_of(token, links.INVITE)
        assert invitation is not None
        user = User(
            email=invitation.email,
            email_verified_at=now(),
            password_hash=password_hash,
            role=Role.SPONSOR,
            status=_status_of_newcomers(invitation.sponsor_id),
            name=name,
        )
        db.session.add(user)
        try:
            db.session.flush()
        except IntegrityError as error:
            raise EmailTaken("Sign in with it, or ask for an invitation elsewhere.") from error
        db.session.add(
            SponsorMember(sponsor_id=invitation.sponsor_id, user_id=user.id, role=invitation.role)
        )
        db.session.delete(invitation)
        db.session.flush()
        record(
            Actor(role=Role.SPONSOR, user_id=user.id),
            "member.joined",
            subject_type="sponsor",
            subject_id=invitation.sponsor_id,
            role=invitation.role.value,
        )
        publish(MemberJoined(invitation.sponsor_id, user.id))
        invalidate(SPONSORS)
        return user

    return unit_of_work(work)


def change_role(actor: Actor, *, member_id: str, role: MemberRole) -> SponsorMember:
    """Give a member another role. Raises NotFound, LastOwner."""
    member = _member(actor, member_id)
    if member.role is MemberRole.OWNER and role is not MemberRole.OWNER:
        _keep_an_owner(member)
    before = member.role
    member.role = role
    db.session.flush()
    record(
        actor,
        "member.role_changed",
        subject_type="sponsor",
        subject_id=member.sponsor_id,
        member=member.user_id,
        before=before.value,
        after=role.value,
    )
    invalidate(SPONSORS)
    return member


def remove(actor: Actor, *, member_id: str) -> None:
    """Take a member off the team and close their account, whose address becomes free again.

    An account acts for one sponsor, so without it there is nothing left to sign in for. Raises
    NotFound, LastOwner, MemberFlagged.
    """
    member = _member(actor, member_id)
    user, sponsor_id = member.user, member.sponsor_id
    if user.status is UserStatus.SUSPENDED or user.hidden or user.money_on_hold:
        # Their address would be free to register anew, without the flag.
        raise MemberFlagged(
            "An admin has to lift the flag first. Give them another role meanwhile."
        )
    if member.role is MemberRole.OWNER:
        _keep_an_owner(member)
    db.session.delete(member)
    db.session.flush()
    if USER.allows(user.status, UserEvent.CLOSE):
        USER.move(user, actor, UserEvent.CLOSE, email=f"{user.id}@closed.invalid")
    sessions.end_other_sessions(user.id)
    db.session.execute(
        update(ApiKey)
        .where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    record(actor, "member.removed", subject_type="sponsor", subject_id=sponsor_id, member=user.id)
    publish(MemberRemoved(sponsor_id, user.id))
    invalidate(SPONSORS)


def _member(actor: Actor, member_id: str) -> SponsorMember:
    _lock_sponsor(actor)
    member: SponsorMember | None = db.session.scalar(
        queries.members_of(actor.sponsor_id or "").where(SponsorMember.id == member_id)
    )
    if member is None:
        raise NotFound
    return member


def _lock_sponsor(actor: Actor) -> None:
    # Changes of one team happen one after another, or two owners could remove each other.
    db.session.execute(select(Sponsor.id).where(Sponsor.id == actor.sponsor_id).with_for_update())


def _keep_an_owner(member: SponsorMember) -> None:
    if not has_other_owner(member):
        raise LastOwner("Make somebody else an owner first.")


def has_other_owner(member: SponsorMember) -> bool:
    """Whether the team has an owner beside `member` whose account is neither barred nor closed."""
    others = db.session.scalar(
        select(func.count())
        .select_from(SponsorMember)
        .join(User, User.id == SponsorMember.user_id)
        .where(
            SponsorMember.sponsor_id == member.sponsor_id,
            SponsorMember.role == MemberRole.OWNER,
            SponsorMember.id != member.id,
            User.status.not_in(BARRED),
        )
    )
    return bool(others)


def _status_of_newcomers(sponsor_id: str) -> UserStatus:
    approved = db.session.scalar(
        select(func.count())
        .select_from(SponsorMember)
        .join(User, User.id == SponsorMember.user_id)
        .where(
            SponsorMember.sponsor_id == sponsor_id,
            SponsorMember.role == MemberRole.OWNER,
            User.status == UserStatus.ACTIVE,
        )
    )
    return UserStatus.ACTIVE if approved else UserStatus.PENDING
