"""States of an ad request and of its deliverables.

`consent`, `extend` and `clear` lead back to the state they start from: they change whose turn it
is or how long it lasts, and belong in the history like every other step.
"""

from __future__ import annotations

from enum import StrEnum

from app.core.lifecycle import Lifecycle


class Party(StrEnum):
    """A side of an agreement; admins act for the platform."""

    SPONSOR = "sponsor"
    INFLUENCER = "influencer"
    ADMIN = "admin"
    SYSTEM = "system"


class AdRequestStatus(StrEnum):
    PROPOSED = "proposed"
    NEGOTIATING = "negotiating"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class AdRequestEvent(StrEnum):
    COUNTER = "counter"
    CONSENT = "consent"
    EXTEND = "extend"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    COMPLETE = "complete"
    CANCEL = "cancel"


OPEN = (AdRequestStatus.PROPOSED, AdRequestStatus.NEGOTIATING)
LIVE = (*OPEN, AdRequestStatus.ACTIVE)

_ANSWERS = {
    AdRequestEvent.COUNTER: AdRequestStatus.NEGOTIATING,
    AdRequestEvent.ACCEPT: AdRequestStatus.ACTIVE,
    AdRequestEvent.REJECT: AdRequestStatus.REJECTED,
    AdRequestEvent.WITHDRAW: AdRequestStatus.WITHDRAWN,
    AdRequestEvent.EXPIRE: AdRequestStatus.EXPIRED,
}

AD_REQUEST = Lifecycle(
    "ad request",
    {
        AdRequestStatus.PROPOSED: {
            **_ANSWERS,
            AdRequestEvent.CONSENT: AdRequestStatus.PROPOSED,
            AdRequestEvent.EXTEND: AdRequestStatus.PROPOSED,
        },
        AdRequestStatus.NEGOTIATING: {
            **_ANSWERS,
            AdRequestEvent.EXTEND: AdRequestStatus.NEGOTIATING,
        },
        AdRequestStatus.ACTIVE: {
            AdRequestEvent.COMPLETE: AdRequestStatus.COMPLETED,
            AdRequestEvent.CANCEL: AdRequestStatus.CANCELLED,
        },
        AdRequestStatus.COMPLETED: {},
        AdRequestStatus.CANCELLED: {},
        AdRequestStatus.REJECTED: {},
        AdRequestStatus.WITHDRAWN: {},
        AdRequestStatus.EXPIRED: {},
    },
)


class DeliverableStatus(StrEnum):
    DUE = "due"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISPUTED = "disputed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class DeliverableEvent(StrEnum):
    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    EXTEND = "extend"
    CLEAR = "clear"
    APPROVE = "approve"
    PUBLISH = "publish"
    FAIL_CHECK = "fail_check"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    DECIDE_PAID = "decide_paid"
    DECIDE_REFUNDED = "decide_refunded"
    CANCEL = "cancel"


# From the least advanced on; the first one that an ad request has is its stage.
OPEN_STAGES = (
    DeliverableStatus.DUE,
    DeliverableStatus.IN_REVIEW,
    DeliverableStatus.APPROVED,
    DeliverableStatus.PUBLISHED,
    DeliverableStatus.DISPUTED,
)
CANCELLABLE = (DeliverableStatus.DUE, DeliverableStatus.IN_REVIEW, DeliverableStatus.APPROVED)

_STOPS = {
    DeliverableEvent.DISPUTE: DeliverableStatus.DISPUTED,
    DeliverableEvent.CANCEL: DeliverableStatus.CANCELLED,
}

DELIVERABLE = Lifecycle(
    "deliverable",
    {
        DeliverableStatus.DUE: {
            **_STOPS,
            DeliverableEvent.SUBMIT: DeliverableStatus.IN_REVIEW,
        },
        DeliverableStatus.IN_REVIEW: {
            **_STOPS,
            DeliverableEvent.APPROVE: DeliverableStatus.APPROVED,
            DeliverableEvent.REQUEST_CHANGES: DeliverableStatus.DUE,
            DeliverableEvent.EXTEND: DeliverableStatus.IN_REVIEW,
            DeliverableEvent.CLEAR: DeliverableStatus.IN_REVIEW,
        },
        DeliverableStatus.APPROVED: {
            **_STOPS,
            DeliverableEvent.PUBLISH: DeliverableStatus.PUBLISHED,
        },
        DeliverableStatus.PUBLISHED: {
            DeliverableEvent.CONFIRM: DeliverableStatus.COMPLETED,
            DeliverableEvent.FAIL_CHECK: DeliverableStatus.APPROVED,
            DeliverableEvent.DISPUTE: DeliverableStatus.DISPUTED,
        },
        # Only within the hold period of the released amount; the service checks that.
        DeliverableStatus.COMPLETED: {
            DeliverableEvent.DISPUTE: DeliverableStatus.DISPUTED,
        },
        DeliverableStatus.DISPUTED: {
            DeliverableEvent.DECIDE_PAID: DeliverableStatus.COMPLETED,
            DeliverableEvent.DECIDE_REFUNDED: DeliverableStatus.CANCELLED,
        },
        DeliverableStatus.CANCELLED: {},
    },
)

WAITS_FOR: dict[DeliverableStatus, Party] = {
    DeliverableStatus.DUE: Party.INFLUENCER,
    DeliverableStatus.IN_REVIEW: Party.SPONSOR,
    DeliverableStatus.APPROVED: Party.INFLUENCER,
    DeliverableStatus.PUBLISHED: Party.SPONSOR,
    DeliverableStatus.DISPUTED: Party.ADMIN,
}
"""Whose turn a deliverable's state is."""


ANSWER = "answer_offer"
CONSENT = "consent"
TODO = {
    DeliverableStatus.DUE: "submit",
    DeliverableStatus.IN_REVIEW: "review",
    DeliverableStatus.APPROVED: "publish",
    DeliverableStatus.PUBLISHED: "confirm",
    DeliverableStatus.DISPUTED: "decide",
}
TURN_KINDS = (ANSWER, CONSENT, *TODO.values())
"""What is to be done: with an offer, and in each state of a deliverable."""


class OnDeadline(StrEnum):
    """What happens by itself when a deadline passes (text keys of the pages)."""

    EXPIRES = "expires"
    OVERDUE_THEN_CANCELLED = "overdue_then_cancelled"
    APPROVED_AUTOMATICALLY = "approved_automatically"
    COMPLETED_AUTOMATICALLY = "completed_automatically"
    ESCALATED = "escalated"


ON_DEADLINE: dict[DeliverableStatus, OnDeadline] = {
    DeliverableStatus.DUE: OnDeadline.OVERDUE_THEN_CANCELLED,
    DeliverableStatus.IN_REVIEW: OnDeadline.APPROVED_AUTOMATICALLY,
    DeliverableStatus.APPROVED: OnDeadline.OVERDUE_THEN_CANCELLED,
    DeliverableStatus.PUBLISHED: OnDeadline.COMPLETED_AUTOMATICALLY,
    DeliverableStatus.DISPUTED: OnDeadline.ESCALATED,
}


class Origin(StrEnum):
    """Who started the ad request."""

    INVITATION = "invitation"
    APPLICATION = "application"
    ASSIGNMENT = "assignment"


class ChosenBy(StrEnum):
    """How the influencer was chosen."""

    APPLIED = "applied"
    HAND_PICKED = "hand_picked"
    SEARCH = "search"
    RECOMMENDATION = "recommendation"
    SCORE_RUN = "score_run"
    LINE_UP = "line_up"
