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
class EmailConfirmationWanted:
    """Someone asked for the link that confirms their address once more."""

    user_id: str


@dataclass(frozen=True)
class EmailChangeRequested:
    """Someone wants to sign in with another address, which has to be confirmed first."""

    user_id: str
    new_email: str


@dataclass(frozen=True)
class EmailChanged:
    user_id: str
    old_email: str


@dataclass(frozen=True)
class PasswordResetRequested:
    """`user_id` is None for an unknown address: the same work is done for both."""

    user_id: str | None


@dataclass(frozen=True)
class PasswordChanged:
    user_id: str


@dataclass(frozen=True)
class SecondFactorChanged:
    user_id: str
    enabled: bool


@dataclass(frozen=True)
class ApiKeyMade:
    user_id: str
    key_id: str
    name: str


@dataclass(frozen=True)
class SponsorChanged:
    """What others show of a sponsor was edited: its name, industry or picture."""

    sponsor_id: str


@dataclass(frozen=True)
class MemberInvited:
    invitation_id: str


@dataclass(frozen=True)
class MemberJoined:
    sponsor_id: str
    user_id: str


@dataclass(frozen=True)
class MemberRemoved:
    sponsor_id: str
    user_id: str
