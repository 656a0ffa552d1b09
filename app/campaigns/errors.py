"""Refusals of campaigns."""

from __future__ import annotations

from app.core.errors import Conflict, RefusedTransition
from app.core.money import Money


class CampaignClosed(Conflict):
    """The campaign takes nothing new in its present state; `state` says which."""

    type = "campaign-closed"
    title = "This campaign takes nothing new"


class CampaignIncomplete(Conflict):
    """The brief lacks what publication needs; `errors` names the fields."""

    type = "campaign-incomplete"
    title = "The brief is not complete yet"


class AwaitingApproval(RefusedTransition):
    """The campaign is in the admins' queue already."""

    title = "This campaign waits for an admin's approval"


class OpenAgreements(Conflict):
    """Agreements are active; `open_agreements` says how many."""

    type = "open-agreements"
    title = "Agreements of this campaign are still active"


class BudgetBelowCommitted(Conflict):
    """An edit would leave less budget than agreements have taken."""

    type = "over-budget"
    title = "Agreements have taken more than this budget"

    def __init__(self, committed: Money) -> None:
        text = f"Agreements hold {committed}; the budget cannot be less."
        super().__init__(f"{text} Nothing was saved.", errors={"budget": [text]})


class OverBudget(Conflict):
    """The budget does not cover a commitment; `free` is what it still covers."""

    type = "over-budget"
    title = "The campaign's budget does not cover this"

    def __init__(self, asked: Money, free: Money) -> None:
        super().__init__(
            f"This takes {asked}, and {free} of the budget is free. Nothing was changed; raise "
            "the budget or agree on less.",
            free={"amount": free.amount, "currency": free.currency},
        )
