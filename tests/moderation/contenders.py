"""What other processes do in the tests of moderation (see `tests.services.contender`)."""

from __future__ import annotations

from app.core.actor import Actor, Role
from app.core.transaction import unit_of_work
from app.moderation import service
from app.moderation.terms import Effect, SubjectType


def suspend(admin_id: str, user_id: str) -> str:
    """One admin flags a user."""
    flag = unit_of_work(
        lambda: service.flag(
            Actor(role=Role.ADMIN, user_id=admin_id),
            subject_type=SubjectType.USER,
            subject_id=user_id,
            effect=Effect.SUSPEND,
        )
    )
    return f"{flag.effect.value}ed"
