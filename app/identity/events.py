"""Facts of identity."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserRegistered:
    user_id: str


@dataclass(frozen=True)
class UserDecided:
    """An admin approved or rejected a pending user."""

    user_id: str
    approved: bool
    reason: str | None


@dataclass(frozen=True)
class PasswordResetRequested:
    user_id: str


@dataclass(frozen=True)
class PasswordChanged:
    user_id: str


@dataclass(frozen=True)
class MemberInvited:
    invitation_id: str
