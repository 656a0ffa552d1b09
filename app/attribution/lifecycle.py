"""States of a tracking link."""

from __future__ import annotations

from enum import StrEnum

from app.core.lifecycle import Lifecycle


class LinkStatus(StrEnum):
    """An ended link stays ended: its code is printed on things."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class LinkEvent(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


LINK = Lifecycle(
    "link",
    {
        LinkStatus.ACTIVE: {LinkEvent.PAUSE: LinkStatus.PAUSED, LinkEvent.END: LinkStatus.ENDED},
        LinkStatus.PAUSED: {LinkEvent.RESUME: LinkStatus.ACTIVE, LinkEvent.END: LinkStatus.ENDED},
        LinkStatus.ENDED: {},
    },
)
