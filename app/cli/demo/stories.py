"""What became of one influencer in one campaign, told through the services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from app.ad_requests import service as ad_requests
from app.ad_requests.models import AdRequest
from app.ad_requests.terms import Commission, DeliverableTerms, Terms
from app.campaigns.models import Campaign
from app.core.actor import SYSTEM, Actor
from app.core.clock import now, shifted
from app.core.money import Money
from app.core.transaction import unit_of_work

TO_PUBLISH = timedelta(days=5)


@contextmanager
def ago(*, days: float) -> Iterator[None]:
    """Let the clock go some days behind."""
    with shifted(timedelta(days=-days)):
        yield


@dataclass(frozen=True, kw_only=True)
class DemoCampaign:
    """A campaign, and what became of it. Days count from its making, fees in minor units.

    A story is `(influencer, days ago, fee, *steps)`; steps are methods of `Story`.
    `products` of the sponsor's brand are advertised, and with `shop` the sandbox's shop too.
    `pace` is the number of days between an offer and its first due date, and from one to the next.
    """

    sponsor: str
    title: str
    description: str
    goals: str
    niches: tuple[str, ...]
    budget: int
    fees: tuple[int, int]
    days_ago: int
    starts_in: int
    ends_in: int
    deliverables: tuple[tuple[str, int], ...]
    phases: tuple[str, ...] = ()
    visibility: str = "public"
    published: bool = True
    commission: bool = False
    products: tuple[str, ...] = ()
    shop: bool = False
    wanted: int = 5
    pace: int = 7
    stories: tuple[tuple[Any, ...], ...] = ()
    afterwards: tuple[tuple[str, float], ...] = field(default=())


class Story:
    """What became of one influencer in one campaign, step by step towards today."""

    def __init__(
        self,
        admin: Actor,
        influencers: Mapping[str, Actor],
        sponsor: Actor,
        campaign: Campaign,
        plan: DemoCampaign,
    ) -> None:
        self.admin, self.influencers = admin, influencers
        self.sponsor, self.campaign, self.plan = sponsor, campaign, plan
        self.influencer = SYSTEM
        self.row: AdRequest | None = None

    def tell(self, key: str, days_ago: float, fee: int, *steps: str) -> None:
        """Take `steps` from `days_ago` on, half a day apart; a number is a pause in days."""
        self.influencer = self.influencers[key]
        at = days_ago
        for step in steps:
            if step.replace(".", "").isdigit():
                at -= float(step)
                continue
            name, _, argument = step.partition(":")
            with ago(days=at):
                unit_of_work(partial(getattr(self, name), fee, argument))
            at -= 0.4

    def invite(self, fee: int, message: str) -> None:
        self.row = ad_requests.invite(
            self.sponsor,
            campaign_id=self.campaign.id,
            influencer_id=self.influencer.influencer_id or "",
            offer=self._terms(fee, message),
        )

    def apply(self, fee: int, message: str) -> None:
        self.row = ad_requests.apply(
            self.influencer, campaign_id=self.campaign.id, offer=self._terms(fee, message)
        )

    def assign(self, fee: int, message: str) -> None:
        self.row = ad_requests.assign(
            self.admin,
            campaign_id=self.campaign.id,
            influencer_id=self.influencer.influencer_id or "",
            offer=self._terms(fee, message),
        )

    def raises(self, fee: int, message: str) -> None:
        self._counter(self.influencer, fee + fee // 5, message)

    def meets(self, fee: int, message: str) -> None:
        self._counter(self.sponsor, fee + fee // 8, message)

    def _counter(self, actor: Actor, fee: int, message: str) -> None:
        ad_requests.counter(actor, ad_request_id=self._id, offer=self._terms(fee, message))

    def accepts(self, _fee: int, by: str) -> None:
        row = ad_requests.get_for(self._by(by), self._id)
        current = max(row.offers, key=lambda offer: offer.number)
        ad_requests.accept(self._by(by), ad_request_id=self._id, offer_hash=current.hash)

    def rejects(self, _fee: int, by: str) -> None:
        ad_requests.reject(self._by(by), ad_request_id=self._id, reason="The dates do not fit.")

    def withdraws(self, _fee: int, by: str) -> None:
        ad_requests.withdraw(self._by(by), ad_request_id=self._id, reason="Another plan came up.")

    def submits(self, _fee: int, text: str) -> None:
        ad_requests.submit(
            self.influencer, ad_request_id=self._id, deliverable_id=self._next("due"), text=text
        )

    def wants_changes(self, _fee: int, note: str) -> None:
        ad_requests.request_changes(
            self.sponsor,
            ad_request_id=self._id,
            deliverable_id=self._next("in_review"),
            note=note,
        )

    def approves(self, _fee: int, note: str) -> None:
        ad_requests.approve(
            self.sponsor,
            ad_request_id=self._id,
            deliverable_id=self._next("in_review"),
            note=note or None,
        )

    def publishes(self, _fee: int, url: str) -> None:
        ad_requests.publish(
            self.influencer,
            ad_request_id=self._id,
            deliverable_id=self._next("approved"),
            url=f"https://photos.example/p/{url}/",
        )

    def confirms(self, _fee: int, _argument: str) -> None:
        ad_requests.confirm(
            self.sponsor, ad_request_id=self._id, deliverable_id=self._next("published")
        )

    def disputes(self, _fee: int, reason: str) -> None:
        ad_requests.dispute(
            self.sponsor,
            ad_request_id=self._id,
            deliverable_id=self._next("published"),
            reason=reason,
        )

    def cancels(self, _fee: int, reason: str) -> None:
        ad_requests.cancel(self.influencer, ad_request_id=self._id, reason=reason)

    def says(self, _fee: int, text: str) -> None:
        who, _, words = text.partition("|")
        ad_requests.post_message(self._by(who), ad_request_id=self._id, text=words)

    def rates(self, _fee: int, text: str) -> None:
        who, stars, words = text.split("|")
        ad_requests.rate(self._by(who), ad_request_id=self._id, stars=int(stars), text=words)

    @property
    def _id(self) -> str:
        assert self.row is not None
        return self.row.id

    def _by(self, who: str) -> Actor:
        return self.sponsor if who == "sponsor" else self.influencer

    def _next(self, status: str) -> str:
        row = ad_requests.get_for(self.sponsor, self._id)
        found = [item for item in row.deliverables if item.status.value == status]
        return sorted(found, key=lambda item: item.position)[0].id

    def _terms(self, fee: int, message: str) -> Terms:
        last = self.campaign.ends_on
        parts, pace = self.plan.deliverables, timedelta(days=self.plan.pace)
        first = now().date() + pace
        return Terms(
            fee=Money(fee, "EUR"),
            commission=Commission(basis_points=800, cap=Money(fee // 4 // 100 * 100, "EUR"))
            if self.plan.commission
            else None,
            deliverables=tuple(
                DeliverableTerms(
                    title=title,
                    share=share,
                    due_on=min(last, first + index * pace),
                    publish_by=min(last, first + index * pace + TO_PUBLISH),
                )
                for index, (title, share) in enumerate(parts)
            ),
            message=message,
        )
