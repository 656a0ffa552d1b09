"""States of a user."""

from __future__ import annotations

from enum import StrEnum

from app.core.actor import UserStatus
from app.core.lifecycle import Lifecycle


class UserEvent(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    RETURN = "return"
    CLOSE = "close"


USER = Lifecycle(
    "user",
    {
        UserStatus.PENDING: {
            UserEvent.APPROVE: UserStatus.ACTIVE,
            UserEvent.REJECT: UserStatus.REJECTED,
            UserEvent.SUSPEND: UserStatus.SUSPENDED,
            UserEvent.CLOSE: UserStatus.CLOSED,
        },
        UserStatus.ACTIVE: {
            UserEvent.SUSPEND: UserStatus.SUSPENDED,
            UserEvent.CLOSE: UserStatus.CLOSED,
        },
        UserStatus.SUSPENDED: {
            UserEvent.REINSTATE: UserStatus.ACTIVE,
            # Lifting a flag is no approval: who was pending waits again.
            UserEvent.RETURN: UserStatus.PENDING,
            UserEvent.CLOSE: UserStatus.CLOSED,
        },
        UserStatus.REJECTED: {
            UserEvent.APPROVE: UserStatus.ACTIVE,
            UserEvent.CLOSE: UserStatus.CLOSED,
        },
        UserStatus.CLOSED: {},
    },
)
