"""States of a flag. Its effect is in force in every state but lifted."""

from __future__ import annotations

from enum import StrEnum

from app.core.lifecycle import Lifecycle


class FlagStatus(StrEnum):
    OPEN = "open"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"


class FlagEvent(StrEnum):
    APPEAL = "appeal"
    UPHOLD = "uphold"
    LIFT = "lift"


FLAG = Lifecycle(
    "flag",
    {
        FlagStatus.OPEN: {
            FlagEvent.APPEAL: FlagStatus.APPEALED,
            FlagEvent.UPHOLD: FlagStatus.UPHELD,
            FlagEvent.LIFT: FlagStatus.LIFTED,
        },
        FlagStatus.APPEALED: {
            FlagEvent.UPHOLD: FlagStatus.UPHELD,
            FlagEvent.LIFT: FlagStatus.LIFTED,
        },
        FlagStatus.UPHELD: {
            FlagEvent.APPEAL: FlagStatus.APPEALED,
            FlagEvent.LIFT: FlagStatus.LIFTED,
        },
        FlagStatus.LIFTED: {},
    },
)

IN_FORCE = (FlagStatus.OPEN, FlagStatus.APPEALED, FlagStatus.UPHELD)
UNDECIDED = (FlagStatus.OPEN, FlagStatus.APPEALED)
