"""How long payments took, from what happened to deliverables.

Pure: no database, no clock. A payment is the first completion of a deliverable that was published;
it took from the last publication before it (one that the live check sent back does not count). It
was on time when the sponsor confirmed, not when the deadline or an admin had to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.ad_requests.lifecycle import DeliverableEvent, DeliverableStatus, Party


@dataclass(frozen=True)
class Step:
    """One move of a deliverable."""

    deliverable_id: str
    event: str
    after: str
    actor_role: str
    at: datetime


@dataclass(frozen=True)
class PaymentTime:
    """One payment: when it was asked for, when it was made, and whether the sponsor made it."""

    published_at: datetime
    paid_at: datetime
    on_time: bool

    @property
    def seconds(self) -> int:
        """Whole seconds between the two."""
        return int((self.paid_at - self.published_at).total_seconds())


@dataclass(frozen=True)
class Punctuality:
    """Sums of several payments."""

    count: int
    on_time: int
    seconds: int


def payment_times(steps: Iterable[Step]) -> list[PaymentTime]:
    """The payments among the steps, which come oldest first for each deliverable."""
    published: dict[str, datetime] = {}
    paid: dict[str, PaymentTime | None] = {}
    for step in steps:
        if step.deliverable_id in paid:
            continue
        if step.event == DeliverableEvent.PUBLISH:
            published[step.deliverable_id] = step.at
        elif step.after == DeliverableStatus.COMPLETED:
            start = published.get(step.deliverable_id)
            on_time = step.event == DeliverableEvent.CONFIRM and step.actor_role == Party.SPONSOR
            paid[step.deliverable_id] = (
                PaymentTime(start, step.at, on_time) if start is not None else None
            )
    return [time for time in paid.values() if time is not None]


def punctuality(times: Iterable[PaymentTime], since: datetime) -> Punctuality:
    """The sums of the payments that were made from `since` on."""
    counted = [time for time in times if time.paid_at >= since]
    return Punctuality(
        count=len(counted),
        on_time=sum(time.on_time for time in counted),
        seconds=sum(time.seconds for time in counted),
    )
