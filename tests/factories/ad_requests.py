"""Agreements in any state, made through the services as the sides would make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from app.ad_requests import documents, service
from app.ad_requests.lifecycle import DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable
from app.ad_requests.terms import Commission, DeliverableTerms, Terms
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.core.actor import SYSTEM
from app.core.clock import today
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.models import Sponsor
from app.payments import service as payments
from tests.factories.campaigns import make_campaign
from tests.factories.identity import Person, make_admin, make_influencer, make_sponsor
from tests.factories.payments import fund

FEE = 100_000
URL = "https://social.example/posts/1"
TWO_PARTS = (("Reel", 60, 10), ("Story set", 40, 20))
"""Title, share in percent, and in how many days each is due."""


T = TypeVar("T")


def kept(act: Callable[[], T]) -> T:
    """What `act` returns from a unit of work, out of the session: it stays as it was read."""
    result = unit_of_work(act)
    db.session.expunge_all()
    return result


@dataclass(frozen=True)
class World:
    """A sponsor with a funded wallet and a running campaign, an influencer, an admin."""

    sponsor: Person
    influencer: Person
    admin: Person
    campaign: Campaign

    def side(self, name: str) -> Person:
        """The person who acts as sponsor, influencer or admin."""
        person: Person = getattr(self, name)
        return person


def make_world(*, funds: int = 1_000_000, consents: bool = False, **campaign_values: Any) -> World:
    """People and a campaign between which agreements can be made."""
    sponsor = make_sponsor()
    if funds:
        fund(sponsor, funds)
    if consents:
        _let_consent(sponsor)
    campaign = make_campaign(
        sponsor, **{"budget": Money(500_000, "EUR"), "hold_days": 7, **campaign_values}
    )
    return World(sponsor, make_influencer(), make_admin(), campaign)


def make_terms(
    fee: int = FEE,
    *,
    currency: str = "EUR",
    cap: int | None = None,
    rate: float = 8,
    parts: Sequence[tuple[str, int, int]] = (),
    message: str = "",
) -> Terms:
    """Terms; `parts` are (title, share, due in days), none for one for the whole fee."""
    return Terms(
        fee=Money(fee, currency),
        commission=None
        if cap is None
        else Commission(basis_points=round(rate * 100), cap=Money(cap, currency)),
        deliverables=tuple(
            DeliverableTerms(title=title, share=share, due_on=today() + timedelta(days=days))
            for title, share, days in parts
        ),
        message=message,
    )


def offer_body(fee: int = FEE, currency: str = "EUR", **values: Any) -> dict[str, Any]:
    """An offer as the API takes it."""
    return {"fee": {"amount": fee, "currency": currency}, "message": "Hello", **values}


def propose(world: World, origin: str = "invitation", **terms: Any) -> AdRequest:
    """An open ad request: an invitation, application or assignment."""
    offer = make_terms(**terms)
    campaign_id = world.campaign.id
    influencer_id = world.influencer.influencer_id or ""
    acts: dict[str, Callable[[], AdRequest]] = {
        "invitation": lambda: service.invite(
            world.sponsor.actor, campaign_id=campaign_id, influencer_id=influencer_id, offer=offer
        ),
        "application": lambda: service.apply(
            world.influencer.actor, campaign_id=campaign_id, offer=offer
        ),
        "assignment": lambda: service.assign(
            world.admin.actor, campaign_id=campaign_id, influencer_id=influencer_id, offer=offer
        ),
    }
    return kept(acts[origin])


def counter(world: World, ad_request: AdRequest, by: str, **terms: Any) -> AdRequest:
    """A counter-offer by a side."""
    actor, offer = world.side(by).actor, make_terms(**terms)
    return kept(lambda: service.counter(actor, ad_request_id=ad_request.id, offer=offer))


def accept(world: World, ad_request: AdRequest, by: str) -> AdRequest:
    """A side accepts the current offer."""
    actor, offer_hash = world.side(by).actor, current_hash(ad_request)
    return kept(lambda: service.accept(actor, ad_request_id=ad_request.id, offer_hash=offer_hash))


def agree(world: World, **terms: Any) -> AdRequest:
    """An active ad request: an invitation that the influencer accepted."""
    return accept(world, propose(world, **terms), "influencer")


def current_hash(ad_request: AdRequest) -> str:
    """The hash of the offer that stands now."""
    offer = reload(ad_request).current_offer
    assert offer is not None
    return offer.hash


def reload(ad_request: AdRequest | str) -> AdRequest:
    """The ad request as the database has it now."""
    ad_request_id = ad_request if isinstance(ad_request, str) else ad_request.id
    return kept(lambda: service.get_for(SYSTEM, ad_request_id))


def document(person: Person, ad_request: AdRequest) -> dict[str, Any]:
    """The ad request as one side sees it."""
    return kept(lambda: documents.document(person.actor, ad_request.id)[1])


_STEPS: dict[DeliverableStatus, tuple[str, str, dict[str, Any]]] = {
    DeliverableStatus.DUE: ("influencer", "submit", {"text": "A draft"}),
    DeliverableStatus.IN_REVIEW: ("sponsor", "approve", {}),
    DeliverableStatus.APPROVED: ("influencer", "publish", {"url": URL}),
    DeliverableStatus.PUBLISHED: ("sponsor", "confirm", {}),
}


def step(world: World, ad_request: AdRequest, index: int = 0) -> Deliverable:
    """Take a deliverable one step further on its usual road."""
    part = reload(ad_request).deliverables[index]
    who, name, values = _STEPS[part.status]
    actor, act = world.side(who).actor, getattr(service, name)
    kept(lambda: act(actor, ad_request_id=ad_request.id, deliverable_id=part.id, **values))
    return reload(ad_request).deliverables[index]


def advance(world: World, ad_request: AdRequest, status: str, index: int = 0) -> Deliverable:
    """Take a due deliverable to a state, `disputed` by the sponsor and `cancelled` by the
    influencer."""
    part = reload(ad_request).deliverables[index]
    if status in ("disputed", "cancelled"):
        act, who = (
            (service.dispute, "sponsor") if status == "disputed" else (service.cancel, "influencer")
        )
        actor = world.side(who).actor
        kept(
            lambda: act(
                actor, ad_request_id=ad_request.id, deliverable_id=part.id, reason="It went wrong."
            )
        )
        return reload(ad_request).deliverables[index]
    while part.status.value != status:
        part = step(world, ad_request, index)
    return part


def _let_consent(sponsor: Person) -> None:
    def work() -> None:
        row = db.session.get_one(Sponsor, sponsor.sponsor_id)
        row.consents_to_assignments = True
        db.session.flush()

    kept(work)


def wallet(world: World) -> int:
    """What the sponsor may commit, in minor units."""
    return payments.wallet(world.sponsor.sponsor_id or "")[0].available


def earned(world: World) -> tuple[int, int]:
    """What the influencer has in the hold period, and what may be withdrawn."""
    balance = payments.earnings(world.influencer.influencer_id or "").balances[0]
    return balance.held, balance.available


def check_money(world: World, ad_request: AdRequest, *, funded: int = 1_000_000) -> AdRequest:
    """Nothing is lost or made: the row, the ledger, the wallet and the campaign agree."""
    row = reload(ad_request)
    paid_out = row.released_amount + row.refunded_amount + row.platform_charged_amount
    assert payments.escrow_balance(row.id) == row.held_amount - paid_out
    assert wallet(world) == funded - row.held_amount + row.refunded_amount
    [totals] = payments.wallet_totals(world.sponsor.sponsor_id or "")
    assert (totals.deposited, totals.released, totals.refunded, totals.platform_fees) == (
        funded,
        row.released_amount,
        row.refunded_amount,
        row.platform_charged_amount,
    )
    assert funded == totals.available + totals.held + totals.released + totals.platform_fees
    held, available = earned(world)
    assert held + available == row.released_amount
    assert sum(part.released_amount for part in row.deliverables) == (
        row.released_amount - row.commission_paid_amount + row.commission_returned_amount
    )
    campaign = campaigns.get_for(SYSTEM, row.campaign_id)
    assert campaign.spent_amount == row.released_amount
    if row.status.value in ("completed", "cancelled"):
        assert row.held_amount == paid_out + row.commission_left
        assert campaign.committed_amount == row.released_amount + row.commission_left
        assert campaign.open_agreements == 0
    assert all(check.ok for check in payments.check_ledger()), payments.check_ledger()
    db.session.rollback()
    return row
