"""People who can sign in, and clients that are signed in as them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from sqlalchemy import delete, select

from app.core.actor import SYSTEM, Actor, MemberRole, Role, UserStatus
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job
from app.core.transaction import unit_of_work
from app.identity import passwords, service, sessions
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import Influencer, Platform, SocialAccount, SponsorMember, User
from app.notifications.models import Mail

PASSWORD = "correct-horse-battery"
_numbers = count(1)


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once since it is slow."""
    return passwords.hash_password(PASSWORD)


@dataclass(frozen=True)
class Person:
    """A user and the profile behind it."""

    user_id: str
    email: str
    role: Role
    sponsor_id: str | None = None
    influencer_id: str | None = None
    slug: str = ""

    @property
    def actor(self) -> Actor:
        """The actor that services take."""
        return Actor(
            role=self.role,
            user_id=self.user_id,
            sponsor_id=self.sponsor_id,
            member_role=MemberRole.OWNER if self.sponsor_id else None,
            influencer_id=self.influencer_id,
        )


def make_sponsor(*, approved: bool = True, name: str = "Sponsor", verified: bool = True) -> Person:
    """An organisation with one owner."""
    return _register(Role.SPONSOR, name, approved=approved, verified=verified)


def make_influencer(
    *,
    name: str = "Influencer",
    niches: Sequence[str] = (),
    accounts: Sequence[tuple[str, str, int]] = (),
    verified: bool = True,
    **columns: Any,
) -> Person:
    """An influencer; `accounts` are `(platform, handle, followers)`, the rest columns."""
    person = _register(Role.INFLUENCER, name, approved=True, verified=verified)

    def complete() -> None:
        row = db.session.scalar(
            service.queries.influencers().where(Influencer.id == person.influencer_id)
        )
        assert row is not None
        for column, value in columns.items():
            setattr(row, column, value)
        service.set_niches(row, list(niches))
        for platform, handle, followers in accounts:
            db.session.add(
                SocialAccount(
                    influencer_id=row.id,
                    platform=Platform(platform),
                    handle=handle,
                    followers=followers,
                )
            )
        db.session.flush()
        if accounts:
            service.refresh_reach(row)
        else:
            service.invalidate(service.DIRECTORY)

    if niches or accounts or columns:
        unit_of_work(complete)
    return person


def make_admin() -> Person:
    """An admin."""
    email = f"admin-{next(_numbers)}@example.com"
    user = unit_of_work(lambda: service.create_admin(email=email, password_hash=password_hash()))
    return Person(user.id, email, Role.ADMIN)


def make_member(sponsor: Person, role: MemberRole) -> Person:
    """A further member of a sponsor."""
    email = f"member-{next(_numbers)}@example.com"

    def work() -> User:
        user = User(
            email=email,
            email_verified_at=now(),
            password_hash=password_hash(),
            role=Role.SPONSOR,
            status=UserStatus.ACTIVE,
            name="Member",
        )
        db.session.add(user)
        db.session.flush()
        db.session.add(SponsorMember(sponsor_id=sponsor.sponsor_id, user_id=user.id, role=role))
        db.session.flush()
        return user

    return Person(unit_of_work(work).id, email, Role.SPONSOR, sponsor_id=sponsor.sponsor_id)


def bearer(person: Person) -> dict[str, str]:
    """The headers of a request by this person, freshly signed in."""
    signed_in = sessions.open_session(
        person.user_id, user_agent="tests", address="127.0.0.1", lifetime=timedelta(days=1)
    )
    token = create_access_token(person.user_id, additional_claims={"sid": signed_in.session_id})
    return {"Authorization": f"Bearer {token}"}


class SignedIn:
    """A client of the API that is signed in as `person` by a token in the header."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.client: FlaskClient = current_app.test_client()
        self.headers = bearer(person)

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        if body is not None:
            more["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        """GET a path below /api/v1."""
        return self("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """POST a body."""
        return self("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        """PATCH with a body."""
        return self("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Any:
        """DELETE a path."""
        return self("DELETE", path, **more)


def _register(role: Role, name: str, *, approved: bool, verified: bool) -> Person:
    email = f"{role.value}-{next(_numbers)}@example.com"

    def work() -> Person:
        user = service.register(email=email, password_hash=password_hash(), role=role, name=name)
        if verified:
            user.email_verified_at = now()
            db.session.flush()
            # Whoever confirmed the address has had the mail that asks for it.
            asked = delete(Mail).where(Mail.to_address == email).returning(Mail.id)
            mails = set(db.session.scalars(asked))
            for job in db.session.scalars(
                select(Job).where(Job.name == "notifications.send_mail")
            ).all():
                if job.args["mail_id"] in mails:
                    db.session.delete(job)
            db.session.flush()
        if approved and role is Role.SPONSOR:
            USER.move(user, SYSTEM, UserEvent.APPROVE)
        loaded = db.session.scalar(
            service.queries.user_by_id(user.id).execution_options(populate_existing=True)
        )
        assert loaded is not None
        profile = service.profile_of(loaded) or {}
        return Person(
            user.id,
            email,
            role,
            sponsor_id=profile["id"] if role is Role.SPONSOR else None,
            influencer_id=profile["id"] if role is Role.INFLUENCER else None,
            slug=profile["slug"],
        )

    return unit_of_work(work)
