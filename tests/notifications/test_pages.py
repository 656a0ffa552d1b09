"""Links of mails and notifications lead to the page that they speak of."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.core.actor import Role
from app.core.events import publish
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.events import MemberJoined, PasswordChanged, SecondFactorChanged
from app.identity.models import User
from app.notifications.models import Notification
from app.notifications.pages import Tab, account_page
from app.notifications.service import send_mail
from config import ROOT
from tests.factories.identity import Person, make_admin, make_influencer, make_sponsor

ROUTES = ROOT / "frontend" / "src" / "features" / "account" / "routes.ts"
MAKERS: list[Callable[[], Person]] = [make_admin, make_sponsor, make_influencer]
SECURITY = {
    Role.ADMIN: "/admin/account",
    Role.SPONSOR: "/sponsor/settings/security",
    Role.INFLUENCER: "/influencer/settings",
}


def links(person: Person) -> set[str | None]:
    statement = db.select(Notification.url).where(Notification.user_id == person.user_id)
    found = set(db.session.scalars(statement))
    db.session.rollback()
    return found


@pytest.mark.parametrize("make", MAKERS)
def test_news_of_the_own_security_lead_to_it(app: Flask, make: Callable[[], Person]):
    person = make()
    unit_of_work(lambda: publish(PasswordChanged(person.user_id)))
    unit_of_work(lambda: publish(SecondFactorChanged(person.user_id, enabled=False)))
    assert SECURITY[person.actor.role] in links(person)
    assert not {"/admin/settings", "/sponsor/settings"} & links(person)


@pytest.mark.parametrize("make", MAKERS)
def test_a_mail_leads_to_the_switches_of_mails(app: Flask, make: Callable[[], Person]):
    person = make()

    def work() -> str:
        user = db.session.get_one(User, person.user_id)
        return send_mail(user.email, "message_posted", params={}, user=user).text

    home = (
        "/admin/account"
        if person.actor.role is Role.ADMIN
        else f"/{person.actor.role.value}/settings"
    )
    assert f"{home}/preferences" in unit_of_work(work)


def test_an_owner_is_led_to_the_team(app: Flask):
    owner = make_sponsor()
    newcomer = make_influencer()
    sponsor_id = owner.actor.sponsor_id or ""
    unit_of_work(lambda: publish(MemberJoined(sponsor_id, newcomer.user_id)))
    assert "/sponsor/settings/team" in links(owner)


@pytest.mark.parametrize("tab", ["security", "team", "keys", "preferences"])
def test_every_account_page_is_a_route_of_the_page(tab: Tab):
    text = ROUTES.read_text()
    admin, other = re.findall(r"path: role === 'admin' \? '(\w+)' : '(\w+)'", text)[0]
    for role in (Role.ADMIN, Role.SPONSOR, Role.INFLUENCER):
        if tab == "team" and role is not Role.SPONSOR:
            continue
        home = f"/{role.value}/{admin if role is Role.ADMIN else other}"
        rest = account_page(role, tab).removeprefix(home).lstrip("/")
        names = f"(?:'sponsor-{tab}'|`\\$\\{{role\\}}-{tab}`)"
        if role is not Role.SPONSOR:
            names = f"`\\$\\{{role\\}}-{tab}`"
        assert re.search(f"path: '{rest}', name: {names}", text), (role, tab)
