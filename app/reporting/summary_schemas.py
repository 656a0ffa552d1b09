"""Wire shapes of the first pages."""

from __future__ import annotations

from marshmallow import fields

from app.ad_requests.schemas import TurnRead
from app.core.schemas import MoneyRead, Output
from app.moderation.schemas import ApprovalCounts
from app.payments.schemas import EarningsBalanceRead, UpcomingRead, WalletBalanceRead


def _counts(of: str) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": f"How many {of} are in each state; 0 is left out."},
    )


class UserFigures(Output):
    """Users by role and status."""

    total = fields.Integer(required=True)
    by_role = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
    )


class CampaignFigures(Output):
    """Campaigns by visibility and status."""

    total = fields.Integer(required=True)
    public = fields.Integer(required=True)
    private = fields.Integer(required=True)
    by_status = _counts("campaigns")


class MoneyFigures(Output):
    """What lies in escrow, and what went out to influencers."""

    held = fields.List(fields.Nested(MoneyRead), required=True)
    paid = fields.List(fields.Nested(MoneyRead), required=True)
    paid_30_days = fields.List(fields.Nested(MoneyRead), required=True)


class OpenFigure(Output):
    """How many are open, and since when the first."""

    open = fields.Integer(required=True)
    oldest = fields.AwareDateTime(required=True, allow_none=True)


class FlagFigures(OpenFigure):
    """Flags that wait for a decision, the appeals among them."""

    appeals = fields.Integer(required=True)


class JobFigures(Output):
    """The work behind the platform."""

    queued = fields.Integer(required=True)
    running = fields.Integer(required=True)
    dead = fields.Integer(required=True)
    oldest_queued_at = fields.AwareDateTime(required=True, allow_none=True)


class LedgerFigures(Output):
    """Whether every proof of the money held when it was last run, and when that was; both null
    before the first time. `broken` names the proofs that did not hold."""

    ok = fields.Boolean(required=True, allow_none=True)
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    broken = fields.List(fields.String(), required=True)


class SignUpDay(Output):
    """Sign-ups of one day (UTC)."""

    day = fields.Date(required=True)
    sponsor = fields.Integer(required=True)
    influencer = fields.Integer(required=True)


class MoneyDay(Output):
    """Minor units that moved on one day (UTC)."""

    day = fields.Date(required=True)
    deposited = fields.Integer(required=True)
    released = fields.Integer(required=True)
    paid_out = fields.Integer(required=True)
    platform_fees = fields.Integer(required=True)


class MoneySeries(Output):
    """Thirty days in one currency, the oldest first."""

    currency = fields.String(required=True)
    days = fields.List(fields.Nested(MoneyDay), required=True)


class AdminSummaryRead(Output):
    """Is anything wrong, and how much of everything is there?"""

    users = fields.Nested(UserFigures, required=True)
    campaigns = fields.Nested(CampaignFigures, required=True)
    ad_requests = _counts("ad requests")
    money = fields.Nested(MoneyFigures, required=True)
    flags = fields.Nested(FlagFigures, required=True)
    approvals = fields.Nested(ApprovalCounts, required=True)
    disputes = fields.Nested(OpenFigure, required=True)
    jobs = fields.Nested(JobFigures, required=True)
    ledger = fields.Nested(LedgerFigures, required=True)
    sign_ups_by_day = fields.List(fields.Nested(SignUpDay), required=True)
    money_by_day = fields.List(fields.Nested(MoneySeries), required=True)
    computed_at = fields.AwareDateTime(required=True)


class ChecklistStep(Output):
    """One of the first steps."""

    step = fields.String(required=True)
    done = fields.Boolean(required=True)


class TurnFigures(Output):
    """How much waits for oneself and for others, and the nearest deadlines of one's own."""

    mine = fields.Integer(required=True)
    others = fields.Integer(required=True)
    next = fields.List(fields.Nested(TurnRead), required=True)


class RunningMoney(Output):
    """Minor units of all running campaigns in one currency."""

    currency = fields.String(required=True)
    budget = fields.Integer(required=True)
    committed = fields.Integer(required=True)
    spent = fields.Integer(required=True)


class SponsorCampaignFigures(Output):
    """The sponsor's campaigns by state, and the money of those that run."""

    by_status = _counts("campaigns")
    running = fields.List(fields.Nested(RunningMoney), required=True)


class SpendDay(Output):
    """Minor units that were earned by influencers, and the platform's fees, on one day (UTC)."""

    day = fields.Date(required=True)
    spent = fields.Integer(required=True)
    platform_fees = fields.Integer(required=True)


class SpendSeries(Output):
    """Thirty days in one currency, the oldest first, with the thirty days before as one sum."""

    currency = fields.String(required=True)
    spent = fields.Integer(required=True)
    spent_before = fields.Integer(required=True)
    days = fields.List(fields.Nested(SpendDay), required=True)


class SponsorSummaryRead(Output):
    """What a member of a sponsor sees first."""

    unread_messages = fields.Integer(required=True)
    wallet = fields.List(fields.Nested(WalletBalanceRead), required=True)
    campaigns = fields.Nested(SponsorCampaignFigures, required=True)
    ad_requests = _counts("ad requests")
    turns = fields.Nested(TurnFigures, required=True)
    spend = fields.List(fields.Nested(SpendSeries), required=True)
    checklist = fields.List(fields.Nested(ChecklistStep), required=True)


class InfluencerSummaryRead(Output):
    """What an influencer sees first."""

    unread_messages = fields.Integer(required=True)
    balances = fields.List(fields.Nested(EarningsBalanceRead), required=True)
    upcoming = fields.List(fields.Nested(UpcomingRead), required=True)
    ad_requests = _counts("ad requests")
    turns = fields.Nested(TurnFigures, required=True)
    checklist = fields.List(fields.Nested(ChecklistStep), required=True)
