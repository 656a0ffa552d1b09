"""How long everything takes; an admin may change each figure."""

from __future__ import annotations

from datetime import timedelta

from app.core.options import Option


def _hours(name: str, default: int, purpose: str) -> Option[int]:
    return Option(name, default, purpose, lowest=1, highest=24 * 90, unit="hours")


OFFER_HOURS = _hours("offer_hours", 72, "How long an offer may be answered before it expires.")
OFFER_EXTENSION_HOURS = _hours(
    "offer_extension_hours", 72, "By how much the time to answer an offer is extended, once."
)
REVIEW_HOURS = _hours(
    "review_hours", 96, "How long a sponsor reviews a draft before it is approved automatically."
)
REVIEW_EXTENSION_HOURS = _hours(
    "review_extension_hours", 24, "By how much a review is extended, once."
)
CHANGES_HOURS = _hours(
    "changes_hours", 72, "What an influencer has at least after changes were asked for."
)
PUBLISH_HOURS = _hours(
    "publish_hours", 72, "What an influencer has at least to publish an approved draft."
)
CONFIRM_HOURS = _hours(
    "confirm_hours", 72, "How long after publication a deliverable is completed automatically."
)
DISPUTE_HOURS = _hours("dispute_hours", 168, "How long a dispute waits before it is escalated.")
OVERDUE_CANCEL_HOURS = _hours(
    "overdue_cancel_hours", 72, "From how long after its date a sponsor may cancel a deliverable."
)
OVERDUE_END_HOURS = _hours(
    "overdue_end_hours", 336, "How long after its date a deliverable is cancelled and refunded."
)
FIRST_REMINDER_HOURS = _hours(
    "first_reminder_hours", 48, "How long before its date an influencer is reminded first."
)
LAST_REMINDER_HOURS = _hours(
    "last_reminder_hours", 24, "How long before its date an influencer is reminded last."
)
CANCEL_REQUEST_HOURS = _hours(
    "cancel_request_hours", 72, "How long a request to cancel by consent stands."
)
PUBLISH_DAYS = Option(
    "publish_days",
    7,
    "How many days after its due date a deliverable is to be published, if the offer is silent.",
    lowest=0,
    highest=365,
    unit="days",
)
RATING_DAYS = Option(
    "rating_days",
    14,
    "How long after its end an agreement may be rated, and ratings stay hidden at most.",
    lowest=1,
    highest=90,
    unit="days",
)


CONTENT_NEEDS_APPROVAL = Option(
    "content_needs_approval",
    False,
    "An admin looks at each draft before its sponsor may approve it.",
)
LIVE_CHECKS = Option(
    "live_checks",
    True,
    "The platform looks at each published post: whether it is there and discloses what it is.",
)


def hours(option: Option[int]) -> timedelta:
    """The value in force of an option that counts hours."""
    return timedelta(hours=option.get())
