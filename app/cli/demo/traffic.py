"""Clicks and orders of the demo: through the log, the consumer and the road of orders.

The same links always get the same traffic; only their codes differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.attribution import click_ids, consumer, coupons, order_sources, visitors
from app.attribution.click_log import HEAD, OWN_TEAM, PREFETCH, ClickLog, folder_of
from app.attribution.click_rules import agent_words
from app.attribution.link_models import TrackingLink
from app.attribution.order_facts import OrderFact, OrderSourceKind
from app.attribution.orders import take_in
from app.attribution.sandbox_shop import path_of
from app.brands import domains
from app.cli.demo.stories import ago
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import unit_of_work

PHONE = agent_words("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari")
PROGRAM = agent_words("Mozilla/5.0 (compatible; PreviewBot/2.1)")
REFERRERS = ("www.instagram.com", "www.youtube.com", "")
MOST_A_DAY = 9
ONE_BUYS_OF = 14
COMES_AGAIN = 0.4
LONGEST_THOUGHT = 30.0  # hours between a click and its order
# Commissions of these days would become free while somebody looks at the demo.
ABOUT_TO_MATURE = (3.5, 7.5)  # days ago
TAX = 119  # percent of the net amount
CODE = "LINH-RIDGE"


@dataclass(frozen=True)
class _Click:
    link: TrackingLink
    at: datetime
    visitor: str

    @property
    def milliseconds(self) -> int:
        return int(self.at.timestamp() * 1000)


def open_shop(sponsor: Actor, site: str) -> None:
    """Let links of a sponsor lead to its site and to the sandbox's shop, which sends orders."""
    for host in (urlsplit(site).hostname, urlsplit(settings().public_url).hostname):
        if host:
            domains.add(sponsor, host=host)
    for kind in (OrderSourceKind.ACCORD, OrderSourceKind.SCRIPT):
        order_sources.add(sponsor, kind=kind)


def shop_of(sponsor: Actor) -> str:
    """The page of the sandbox's shop that sells for a sponsor."""
    return settings().public_url + path_of(sponsor.sponsor_id or "")


def make_traffic(sponsors: Mapping[str, Actor]) -> None:
    """Click on every link, and buy through some."""
    links = list(
        db.session.scalars(
            select(TrackingLink).options(
                joinedload(TrackingLink.campaign),
                joinedload(TrackingLink.influencer),
                joinedload(TrackingLink.product),
            )
        )
    )
    db.session.expunge_all()
    db.session.rollback()
    links.sort(key=lambda link: (link.created_at, link.product_id is not None))
    clicks = _write_clicks(links)
    consumer.consume()
    by_id = {actor.sponsor_id: actor for actor in sponsors.values()}
    _name_a_code(by_id, links)
    for number, (click, moment) in enumerate(_bought(clicks)):
        _order(click, moment, number)


def _write_clicks(links: list[TrackingLink]) -> list[_Click]:
    """Write the clicks to a log; returns those of people, the first first."""
    key = click_ids.key_of(settings().secret_key)
    log = ClickLog(folder_of(settings()), "page")
    people: list[_Click] = []
    for number, link in enumerate(links):
        dice = Random(number)  # noqa: S311 - the demo is no secret
        for at in _moments(dice, link.created_at):
            visitor = visitors.visitor_of(key, f"{dice.getrandbits(64):016x}", link.sponsor_id)
            before = dice.choice(people) if people and dice.random() < COMES_AGAIN else None
            if before and before.link.sponsor_id == link.sponsor_id:
                visitor = before.visitor
            click = _Click(link, at, visitor)
            network = visitors.address_hash(
                key, f"203.{dice.randrange(256)}.{dice.randrange(256)}.1", at.toordinal()
            )
            kind = dice.random()
            flags = PREFETCH if kind < 0.05 else HEAD if kind < 0.08 else 0
            flags |= OWN_TEAM if 0.08 <= kind < 0.1 else 0
            agent = PROGRAM if 0.1 <= kind < 0.2 else PHONE
            line = (
                *(link.id, click.milliseconds, visitor, network, agent),
                *(dice.choice(REFERRERS), flags),
            )
            for _ in range(2 if kind > 0.9 else 1):
                log.write(line)
            if kind >= 0.2:
                people.append(click)
    log.close()
    return sorted(people, key=lambda click: click.at)


def _moments(dice: Random, since: datetime) -> Iterator[datetime]:
    day, end = since, now()
    while day < end:
        for _ in range(dice.randrange(MOST_A_DAY)):
            at = day + timedelta(days=dice.random())
            if at < end:
                yield at
        day += timedelta(days=1)


def _bought(clicks: list[_Click]) -> Iterator[tuple[_Click, datetime]]:
    dice = Random(len(clicks))  # noqa: S311 - the demo is no secret
    soon, late = (now() - timedelta(days=days) for days in ABOUT_TO_MATURE)
    orders = []
    for click in clicks:
        moment = click.at + timedelta(hours=dice.random() * LONGEST_THOUGHT)
        buys = dice.randrange(ONE_BUYS_OF) == 0
        if buys and moment < now() and not late < moment < soon:
            orders.append((click, moment))
    yield from sorted(orders, key=lambda order: order[1])


def _order(click: _Click, moment: datetime, number: int) -> None:
    """One order; some are told by a page alone, name a coupon, or are refunded in part."""
    link = click.link
    key = click_ids.key_of(settings().secret_key)
    price = link.product.price_amount if link.product else None
    total = (price or 4_900) * (1 + number % 2)
    fact = OrderFact(
        external_id=f"M-{10_400 + number}",
        ordered_at=moment.astimezone(UTC),
        currency=link.campaign.currency if link.campaign else "EUR",
        total=total,
        net=total * 100 // TAX,
        click_id=click_ids.sign(key, link.id, click.milliseconds, click.visitor),
        coupons=(CODE,) if number % 6 == 5 else (),
    )
    kind = OrderSourceKind.SCRIPT if number % 7 == 3 else OrderSourceKind.ACCORD
    age = (now() - moment) / timedelta(days=1)
    with ago(days=age):
        _tell(link.sponsor_id, kind, fact)
    if number % 8 == 2 and age > 1:
        with ago(days=age / 2):
            _tell(link.sponsor_id, kind, replace(fact, refunded=total // 2))


def _tell(sponsor_id: str, kind: OrderSourceKind, fact: OrderFact) -> None:
    unit_of_work(partial(take_in, SYSTEM, sponsor_id=sponsor_id, kind=kind, fact=fact))


def _name_a_code(sponsors: Mapping[str | None, Actor], links: list[TrackingLink]) -> None:
    for link in links:
        if link.influencer.name.startswith("Linh"):
            with ago(days=(now() - link.created_at) / timedelta(days=1)):
                add = partial(coupons.add, sponsors[link.sponsor_id], link_id=link.id, code=CODE)
                unit_of_work(add)
            return
