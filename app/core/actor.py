"""Who acts. A frozen value, read once at the start of a request or job."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    SPONSOR = "sponsor"
    INFLUENCER = "influencer"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


class UserStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    CLOSED = "closed"


class MemberRole(StrEnum):
    """What a member may do for a sponsor, weakest last."""

    OWNER = "owner"
    MANAGER = "manager"
    FINANCE = "finance"
    VIEWER = "viewer"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person (or the system itself) behind a request.

    `sponsor_id` is set for members of a sponsor, `influencer_id` for influencers. `scopes` is
    None for a person in the browser and the granted scopes of an API key otherwise.
    """

    role: Role
    user_id: str | None = None
    status: UserStatus = UserStatus.ACTIVE
    email_verified: bool = True
    two_factor: bool = False
    sponsor_id: str | None = None
    member_role: MemberRole | None = None
    influencer_id: str | None = None
    session_id: str | None = None
    api_key_id: str | None = None
    fresh: bool = False
    money_on_hold: bool = False
    scopes: frozenset[str] | None = field(default=None)

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def label(self) -> str:
        """The name under which history keeps this actor: an id, or `system`, `anonymous`."""
        return self.user_id or self.role.value


SYSTEM = Actor(role=Role.SYSTEM)
ANONYMOUS = Actor(role=Role.ANONYMOUS)
