"""States of a campaign, and of its approval, which stands beside them."""

from __future__ import annotations

from enum import StrEnum

from app.core.lifecycle import Lifecycle


class AttributionTouch(StrEnum):
    """Which of several clicks within the window an order belongs to."""

    FIRST = "first"
    LAST = "last"


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    COMPLETED = "completed"
    ARCHIVED = "archived"


class CampaignEvent(StrEnum):
    PUBLISH = "publish"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    ARCHIVE = "archive"


CAMPAIGN = Lifecycle(
    "campaign",
    {
        CampaignStatus.DRAFT: {CampaignEvent.PUBLISH: CampaignStatus.PUBLISHED},
        CampaignStatus.PUBLISHED: {
            CampaignEvent.PAUSE: CampaignStatus.PAUSED,
            CampaignEvent.COMPLETE: CampaignStatus.COMPLETED,
            CampaignEvent.ARCHIVE: CampaignStatus.ARCHIVED,
        },
        CampaignStatus.PAUSED: {
            CampaignEvent.RESUME: CampaignStatus.PUBLISHED,
            CampaignEvent.COMPLETE: CampaignStatus.COMPLETED,
            CampaignEvent.ARCHIVE: CampaignStatus.ARCHIVED,
        },
        CampaignStatus.COMPLETED: {CampaignEvent.ARCHIVE: CampaignStatus.ARCHIVED},
        CampaignStatus.ARCHIVED: {},
    },
)

ENDINGS = frozenset({CampaignEvent.COMPLETE, CampaignEvent.ARCHIVE})
OVER = frozenset({CampaignStatus.COMPLETED, CampaignStatus.ARCHIVED})


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


class Approval(StrEnum):
    """Where a campaign stands with the admins; only drafts wait or are returned."""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"


class ApprovalEvent(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    WAIVE = "waive"


APPROVAL = Lifecycle(
    "campaign approval",
    {
        Approval.NOT_NEEDED: {ApprovalEvent.SUBMIT: Approval.WAITING},
        Approval.WAITING: {
            ApprovalEvent.APPROVE: Approval.APPROVED,
            ApprovalEvent.RETURN: Approval.RETURNED,
            ApprovalEvent.WAIVE: Approval.NOT_NEEDED,
        },
        Approval.RETURNED: {
            ApprovalEvent.SUBMIT: Approval.WAITING,
            ApprovalEvent.WAIVE: Approval.NOT_NEEDED,
        },
        Approval.APPROVED: {},
    },
    column="approval",
)
