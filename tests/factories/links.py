"""Domains, links and clicks on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from app.ad_requests.models import AdRequest
from app.attribution import links
from app.attribution.link_models import TrackingLink
from app.attribution.redirect import Redirect
from app.brands import domains
from app.brands.models import SponsorDomain
from app.core.extensions import db
from app.core.transaction import unit_of_work
from tests.factories.ad_requests import World, agree, kept, make_world
from tests.factories.identity import Person

HOST = "shop.example"
TARGET = f"https://{HOST}/tea"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def verify(sponsor: Person, host: str = HOST) -> SponsorDomain:
    """A verified domain of the sponsor (the settings of tests ask for no proof)."""
    return kept(lambda: domains.add(sponsor.actor, host=host))


@dataclass(frozen=True)
class Linked:
    """A link, with the agreement that it belongs to."""

    world: World
    ad_request: AdRequest
    link: TrackingLink

    @property
    def path(self) -> str:
        """Where it is clicked."""
        return f"/r/{self.link.code}"


def make_link(world: World | None = None, target: str = TARGET, **values: Any) -> Linked:
    """A link of an active agreement whose sponsor has a verified domain."""
    world = world or make_world()
    verify(world.sponsor)
    ad_request = agree(world)
    return Linked(world, ad_request, add_link(world, ad_request, target, **values))


def add_link(
    world: World, ad_request: AdRequest, target: str = TARGET, **values: Any
) -> TrackingLink:
    """A further link of an agreement."""
    actor = world.sponsor.actor
    return kept(lambda: links.make(actor, ad_request_id=ad_request.id, target=target, **values))


def reload(link: TrackingLink) -> TrackingLink:
    """The link as the database has it now."""
    db.session.rollback()
    db.session.expunge_all()
    return unit_of_work(lambda: db.session.get_one(TrackingLink, link.id))


class Visitors:
    """Browsers in front of the redirect, each without cookies unless it is given some."""

    def __init__(self, app: Flask) -> None:
        self.redirect = Redirect(app)

    def click(
        self,
        path: str,
        address: str = "203.0.113.7",
        *,
        method: str = "GET",
        agent: str = BROWSER,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """One click from an address."""
        client = Client(self.redirect, use_cookies=False)
        return client.open(
            path,
            method=method,
            headers={"User-Agent": agent, **(headers or {})},
            environ_base={"REMOTE_ADDR": address},
        )
