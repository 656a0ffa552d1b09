"""What can be flagged: users and campaigns, each locked before its flags are counted."""

from __future__ import annotations

from app.campaigns import service as campaigns
from app.core.actor import Actor, Role, UserStatus
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.extensions import db
from app.identity import service as identity
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from app.moderation import queries
from app.moderation.errors import AdminsFlagAdmins, LastAdmin, OwnAccount
from app.moderation.terms import Effect, Effects, SubjectType, combined


def lock(actor: Actor, subject_type: SubjectType, subject_id: str) -> User | None:
    """Let one unit of work at a time judge a subject; gives the user where it is one.

    Raises NotFound, OwnAccount when the actor is the subject.
    """
    if subject_type is SubjectType.CAMPAIGN:
        campaigns.get_for(actor, subject_id, lock=True)
        return None
    if subject_id == actor.user_id:
        raise OwnAccount("Another admin has to do this.")
    if db.session.scalar(queries.role_of(subject_id)) is Role.ADMIN:
        # Admins are locked together and in one order, or two who judge each other would each
        # hold what the other waits for.
        db.session.execute(queries.active_admins())
    user = db.session.scalar(queries.user_lock(subject_id))
    if user is None:
        raise NotFound
    return user


def require_flaggable(actor: Actor, subject: User | None, effect: Effect) -> None:
    """Whether `effect` may be put on a locked subject (None for a campaign).

    Raises Invalid, AdminsFlagAdmins, LastAdmin, RefusedTransition for a closed account.
    """
    if subject is None:
        if effect is Effect.HOLD_MONEY:
            raise Invalid(effect="Money is held on users: flag a member of the sponsor.")
        return
    if subject.role is Role.ADMIN:
        if actor.role is not Role.ADMIN:
            raise AdminsFlagAdmins
        if effect is Effect.SUSPEND:
            _require_another_active_admin(actor, subject)
    if effect is Effect.SUSPEND and subject.status is not UserStatus.SUSPENDED:
        USER.target(subject.status, UserEvent.SUSPEND)


def require_admin_remains(actor: Actor, subject: User) -> None:
    """Whether an admin's account may end. Raises LastAdmin, Forbidden."""
    if subject.role is Role.ADMIN:
        _require_another_active_admin(actor, subject)


def apply(actor: Actor, subject_type: SubjectType, subject_id: str) -> Effects:
    """Put the sum of the flags in force on a locked subject, in this unit of work."""
    flags = db.session.scalars(queries.in_force(subject_type, subject_id)).all()
    effects = combined(flag.effect for flag in flags)
    if subject_type is SubjectType.CAMPAIGN:
        campaigns.set_effects(
            actor,
            campaign_id=subject_id,
            hidden=effects.hidden,
            suspended=effects.suspended,
            flagged=effects.flagged,
        )
    else:
        identity.set_effects(
            actor,
            user_id=subject_id,
            suspended=effects.suspended,
            hidden=effects.hidden,
            money_on_hold=effects.money_on_hold,
        )
    return effects


def _require_another_active_admin(actor: Actor, subject: User) -> None:
    # `lock` holds the rows of all active admins: of two who suspend each other at the same
    # moment, the second finds themselves suspended.
    active = set(db.session.scalars(queries.active_admins()))
    if actor.user_id not in active:
        raise Forbidden("Your account can no longer do this. Nothing was changed.")
    if not active - {subject.id}:
        raise LastAdmin("Make another admin first. Nothing was changed.")
