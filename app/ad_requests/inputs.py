"""What comes in about agreements: offers, answers, work, disputes, and the queries of lists."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.ad_requests.lifecycle import (
    TURN_KINDS,
    AdRequestStatus,
    ChosenBy,
    DeliverableStatus,
    Origin,
)
from app.ad_requests.terms import MAX_DELIVERABLES, Commission, DeliverableTerms, Terms
from app.core.schemas import (
    Input,
    PageQuery,
    amount,
    day,
    multiline,
    public_id,
    public_ids,
    published_url,
    text,
    url,
    whole_number,
)

MOST_CALENDAR_DAYS = 100
STATUS = validate.OneOf([status.value for status in AdRequestStatus])
STAGE = validate.OneOf([status.value for status in DeliverableStatus])
ORIGIN = validate.OneOf([origin.value for origin in Origin])
MOST_FILES = 10
MOST_AT_ONCE = 50


class Percent(fields.Float):
    """A percentage over 0 and up to 100 with at most two decimals; in, hundredths of a percent."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Give a number.")
        # Compared before it is converted: a whole number may be too long for a float.
        if not 0 < value <= 100:
            raise ValidationError("Give a percentage over 0, at most 100.")
        hundredths = round(value * 100)
        if not hundredths or abs(value * 100 - hundredths) > 1e-6:
            raise ValidationError("Give at most two decimals.")
        return hundredths


class OfferDeliverableInput(Input):
    """A milestone. Without a due date it is due when the campaign ends."""

    title = text(160, shortest=1, required=True)
    share = whole_number(
        1, 100, required=True, metadata={"description": "Percent of the fee; all sum to 100."}
    )
    due_on = day(load_default=None, allow_none=True)
    publish_by = day(load_default=None, allow_none=True)

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> DeliverableTerms:
        return DeliverableTerms(**data)


class CommissionInput(Input):
    """A share of net revenue, up to a cap which is held with the fee."""

    rate = Percent(required=True, metadata={"example": 8, "description": "Percent."})
    cap = amount(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Commission:
        return Commission(basis_points=data["rate"], cap=data["cap"])


class OfferInput(Input):
    """Terms. Deliverables left out mean one for the whole fee, due when the campaign ends."""

    fee = amount(required=True)
    commission = fields.Nested(CommissionInput, allow_none=True, load_default=None)
    deliverables = fields.List(
        fields.Nested(OfferDeliverableInput),
        allow_none=True,
        load_default=None,
        validate=validate.Length(
            min=1, max=MAX_DELIVERABLES, error="Give {min} to {max}, or leave them out."
        ),
    )
    usage_rights = multiline(4000, load_default="")
    exclusivity = multiline(1000, load_default="")
    message = multiline(4000, load_default="")

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Terms:
        deliverables = tuple(data.pop("deliverables") or ())
        return Terms(deliverables=deliverables, **data)


class ApplicationCreate(Input):
    """An influencer's application."""

    offer = fields.Nested(OfferInput, required=True)


class ProposalCreate(ApplicationCreate):
    """An invitation or an assignment."""

    influencer_id = public_id("inf", required=True)
    chosen_by = fields.Enum(
        ChosenBy,
        by_value=True,
        load_default=ChosenBy.HAND_PICKED,
        metadata={"description": "How the influencer was found."},
    )
    chosen_ref = text(
        64,
        load_default=None,
        allow_none=True,
        metadata={"description": "The id of the score run or line-up."},
    )


class CounterInput(Input):
    """Another offer."""

    offer = fields.Nested(OfferInput, required=True)


class AcceptInput(Input):
    """Which offer is accepted: the hash of what the caller has read."""

    offer_hash = text(128, shortest=1, required=True)


class AcceptItem(AcceptInput):
    """One of several acceptances."""

    id = text(32, shortest=1, required=True)


class AcceptManyInput(Input):
    """Several acceptances; each succeeds or fails by itself."""

    items = fields.List(
        fields.Nested(AcceptItem),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE, error="Give {min} to {max}."),
    )


class OptionalReason(Input):
    """Why, if one likes to say."""

    reason = multiline(2000, load_default=None, allow_none=True)


class CancelInput(Input):
    """What is to be cancelled: one deliverable, or everything that is not published yet."""

    deliverable_id = text(32, shortest=1, load_default=None, allow_none=True)
    reason = multiline(2000, shortest=1, required=True)


class ExtendInput(Input):
    """Which review is extended; offers need none."""

    deliverable_id = text(32, shortest=1, load_default=None, allow_none=True)


def _file_ids() -> fields.List:
    return fields.List(
        public_id("fil"),
        load_default=list,
        validate=validate.Length(max=MOST_FILES, error="At most {max} files."),
    )


class SubmissionCreate(Input):
    """A draft: a text, files, or the address of one."""

    text = multiline(10_000, load_default="")
    file_ids = _file_ids()
    url = url(load_default=None, allow_none=True)


class PublicationCreate(Input):
    """Where the approved content is live."""

    url = published_url(required=True)


class NoteInput(Input):
    """What to say with it."""

    note = multiline(4000, load_default=None, allow_none=True)


class DisputeCreate(Input):
    """What is wrong."""

    reason = multiline(4000, shortest=1, required=True)
    file_ids = _file_ids()


class DisputeAnswerInput(Input):
    """The other side of it."""

    text = multiline(4000, shortest=1, required=True)
    file_ids = _file_ids()


class DisputeDecisionInput(Input):
    """How the deliverable's money is split; the sponsor gets the rest."""

    to_influencer_percent = whole_number(0, 100, required=True)
    reason = multiline(4000, shortest=1, required=True)


class MessageCreate(Input):
    """A message to the other side."""

    text = multiline(10_000, load_default="")
    file_ids = _file_ids()


class ConversationQuery(PageQuery):
    """`unread=true` leaves out what was read."""

    unread = fields.Boolean(load_default=False)


class MessagesReadInput(Input):
    """Up to which message; without one, all."""

    message_id = public_id("msg", load_default=None, allow_none=True)


class RatingCreate(Input):
    """Stars for the other side."""

    stars = whole_number(1, 5, required=True)
    text = multiline(2000, load_default="")


class OfferDiffQuery(Input):
    """Which two offers are compared, by their numbers."""

    first = fields.Integer(data_key="from", required=True, validate=validate.Range(1, 1000))
    second = fields.Integer(data_key="to", required=True, validate=validate.Range(1, 1000))


class AdRequestFilters(Input):
    """Which of one's ad requests; `status` and `stage` may stand several times."""

    status = fields.List(fields.String(validate=STATUS), load_default=list)
    stage = fields.List(fields.String(validate=STAGE), load_default=list)
    origin = fields.String(validate=ORIGIN, load_default=None)
    campaign_id = public_id("cmp", load_default=None)
    influencer_id = public_id("inf", load_default=None)
    your_turn = fields.Boolean(load_default=None)
    held = fields.Boolean(load_default=None)
    q = text(120, load_default=None)


class AdRequestQuery(AdRequestFilters, PageQuery):
    """Filters of one's ad requests.

    Sorts: created_at, updated_at, deadline (with - to turn them round).
    """


class AdminAdRequestFilters(AdRequestFilters):
    """Which of all ad requests."""

    sponsor_id = public_id("spn", load_default=None)


class AdminAdRequestQuery(AdminAdRequestFilters, AdRequestQuery):
    """Filters of all ad requests."""


class ApplicantQuery(PageQuery):
    """Open proposals of a campaign; `id` may stand several times, to compare a few.

    Sorts: created_at, fee, reach, rating, engagement.
    """

    origin = fields.List(fields.String(validate=ORIGIN), load_default=list)
    id = fields.List(
        public_id("adr"), load_default=list, validate=validate.Length(max=20), data_key="id"
    )


class TurnQuery(PageQuery):
    """What waits, for oneself or for others. Sort: deadline."""

    whose = fields.String(validate=validate.OneOf(["mine", "others"]), load_default="mine")
    kind = fields.String(validate=validate.OneOf(TURN_KINDS), load_default=None)


class CalendarQuery(PageQuery):
    """Which days, both included. Sort: id."""

    first = day(required=True, data_key="from")
    last = day(required=True, data_key="to")

    @validates_schema
    def _bounded(self, data: dict[str, Any], **_kwargs: Any) -> None:
        days = (data["last"] - data["first"]).days
        if not 0 <= days <= MOST_CALENDAR_DAYS:
            raise ValidationError(
                f"Give a day from the first to {MOST_CALENDAR_DAYS} days after it.", "to"
            )


class ContentDecision(Input):
    """Why; its author reads it."""

    reason = multiline(2000, load_default="")


class ContentApprovals(ContentDecision):
    """One decision on many drafts."""

    ids = public_ids("sub")
    decision = fields.String(required=True, validate=validate.OneOf(["approve", "return"]))


class WaitingSubmissionQuery(PageQuery):
    """Drafts that wait. Sort: waiting_since."""


class DisputeQuery(PageQuery):
    """Disputes. Sorts: created_at, deadline."""

    state = fields.String(validate=validate.OneOf(["open", "decided"]), load_default=None)
    escalated = fields.Boolean(load_default=None)
