"""The first pages: figures that match what happened, and are never old after it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import literal

from app.ad_requests import service
from app.core.caching import invalidate
from app.core.clock import today
from app.core.extensions import db
from app.core.models import UtcDateTime
from app.core.transaction import unit_of_work
from app.identity import profiles
from app.payments.service import Check
from app.reporting import ledger_proof, tasks
from app.reporting.days import last_days, utc_day
from app.reporting.proof_record import AREA
from tests.factories.ad_requests import World, advance, agree, make_world, propose, reload
from tests.factories.brands import make_brand
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    SignedIn,
    make_admin,
    make_influencer,
    make_sponsor,
)
from tests.services.statements import counted


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    return SignedIn(make_admin())


@pytest.fixture
def world(app: Flask) -> World:
    return make_world()


@pytest.mark.parametrize(
    "moment",
    ["2026-03-29T00:30:00+02:00", "2026-03-28T23:59:59.999999+00:00", "2026-10-25T00:00:00+00:00"],
)
def test_a_day_is_that_of_utc_on_both_databases(app: Flask, moment: str) -> None:
    at = datetime.fromisoformat(moment)
    found = db.session.scalar(db.select(utc_day(literal(at, UtcDateTime()))))
    assert found == at.astimezone(UTC).date().isoformat()


def test_an_empty_platform_has_zeros(admin: SignedIn) -> None:
    summary = admin.get("/admin/summary").json
    assert summary["users"] == {
        "total": 1,
        "by_role": {"admin": {"active": 1}, "sponsor": {}, "influencer": {}},
    }
    assert summary["campaigns"] == {"total": 0, "public": 0, "private": 0, "by_status": {}}
    assert summary["money"] == {"held": [], "paid": [], "paid_30_days": []}
    assert summary["flags"] == {"open": 0, "appeals": 0, "oldest": None}
    assert summary["disputes"] == {"open": 0, "oldest": None}
    assert summary["ledger"] == {"ok": None, "checked_at": None, "broken": []}
    assert len(summary["sign_ups_by_day"]) == 30
    assert summary["sign_ups_by_day"][-1]["day"] == today().isoformat()


def test_the_summary_shows_the_newest_proof_and_runs_none(
    admin: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ledger() -> Any:
        return admin.get("/admin/summary").json["ledger"]

    assert ledger()["ok"] is None
    tasks.prove_ledger()
    proven = ledger()
    assert (proven["ok"], proven["broken"]) == (True, [])
    assert proven["checked_at"] is not None

    def broken() -> list[Check]:
        return [Check("sums", False, "one cent is missing")]

    monkeypatch.setattr(ledger_proof, "prove", broken)
    invalidate(AREA)
    assert ledger() == proven
    tasks.prove_ledger()
    assert (ledger()["ok"], ledger()["broken"]) == (False, ["sums"])


def test_the_admin_sees_everything_counted(world: World) -> None:
    admin = SignedIn(world.admin)
    make_campaign(world.sponsor, "draft", visibility="private")
    make_sponsor(approved=False)
    advance(world, agree(world, fee=100_000), "published")
    summary = admin.get("/admin/summary").json
    assert summary["users"]["by_role"]["sponsor"] == {"active": 1, "pending": 1}
    assert summary["campaigns"] == {
        "total": 2,
        "public": 1,
        "private": 1,
        "by_status": {"draft": 1, "published": 1},
    }
    assert summary["ad_requests"] == {"active": 1}
    assert summary["approvals"]["users"]["count"] == 1
    (held,) = summary["money"]["held"]
    assert held["currency"] == "EUR"
    assert held["amount"] >= 100_000
    assert summary["sign_ups_by_day"][-1] == {
        "day": today().isoformat(),
        "sponsor": 2,
        "influencer": 1,
    }
    (euros,) = summary["money_by_day"]
    assert euros["currency"] == "EUR"
    assert euros["days"][-1]["deposited"] == 1_000_000
    assert euros["days"][-1]["released"] == 0


def test_figures_are_new_as_soon_as_something_happens(world: World) -> None:
    admin = SignedIn(world.admin)
    assert admin.get("/admin/summary").json["flags"]["open"] == 0
    admin.post(f"/admin/users/{world.influencer.user_id}/flag", {"effect": "warn"})
    assert admin.get("/admin/summary").json["flags"]["open"] == 1
    assert admin.get("/admin/summary").json["ad_requests"] == {}
    propose(world)
    assert admin.get("/admin/summary").json["ad_requests"] == {"proposed": 1}


def test_figures_are_cached_as_long_as_nothing_happens(world: World) -> None:
    admin = SignedIn(world.admin)
    first = admin.get("/admin/summary").json
    with counted() as statements:
        again = admin.get("/admin/summary").json
    assert again["computed_at"] == first["computed_at"]
    assert not [line for line in statements if "FROM transfers" in line]


def test_figures_of_thirty_days_leave_out_what_is_older(world: World) -> None:
    admin = SignedIn(world.admin)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31), tick=True):
        make_influencer()
        late = SignedIn(world.admin)
        summary = late.get("/admin/summary").json
    days = {line["day"]: line for line in summary["sign_ups_by_day"]}
    assert len(days) == 30
    assert sum(line["influencer"] for line in days.values()) == 1
    assert summary["money_by_day"] == []
    assert admin.get("/admin/summary").status_code == 200


def test_a_sponsor_sees_wallet_campaigns_turns_and_spend(world: World) -> None:
    sponsor = SignedIn(world.sponsor)
    ad_request = agree(world, fee=40_000)
    advance(world, ad_request, "in_review")
    home = sponsor.get("/sponsor/summary").json
    (wallet,) = home["wallet"]
    assert wallet["available"] + wallet["held"] == 1_000_000
    assert wallet["held"] >= 40_000
    assert home["campaigns"]["by_status"] == {"published": 1}
    assert home["campaigns"]["running"] == [
        {"currency": "EUR", "budget": 500_000, "committed": 40_000, "spent": 0}
    ]
    assert home["ad_requests"] == {"active": 1}
    assert (home["turns"]["mine"], home["turns"]["others"]) == (1, 0)
    assert home["turns"]["next"][0]["kind"] == "review"
    assert home["spend"] == []
    advance(world, ad_request, "completed")
    (spend,) = sponsor.get("/sponsor/summary").json["spend"]
    assert (spend["spent"], spend["spent_before"]) == (40_000, 0)
    assert [line["day"] for line in spend["days"]] == [day.isoformat() for day in last_days()]
    assert spend["days"][-1]["spent"] == 40_000


def test_what_a_dispute_takes_back_is_neither_spent_nor_released(world: World) -> None:
    ad_request = agree(world, fee=40_000)
    advance(world, ad_request, "completed")
    part = advance(world, ad_request, "disputed")
    unit_of_work(
        lambda: service.decide_dispute(
            world.admin.actor,
            dispute_id=part.disputes[0].id,
            to_influencer_percent=25,
            reason="A quarter was done.",
        )
    )
    sponsor = SignedIn(world.sponsor)
    (spend,) = sponsor.get("/sponsor/summary").json["spend"]
    assert (spend["spent"], spend["days"][-1]["spent"]) == (10_000, 10_000)
    (totals,) = sponsor.get("/sponsor/wallet").json["balances"]
    assert totals["released"] == 10_000
    (euros,) = SignedIn(world.admin).get("/admin/summary").json["money_by_day"]
    assert euros["days"][-1]["released"] == 10_000


def test_spend_of_the_thirty_days_before_stands_apart(world: World) -> None:
    advance(world, agree(world, fee=40_000), "completed")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31), tick=True):
        (spend,) = SignedIn(world.sponsor).get("/sponsor/summary").json["spend"]
    assert (spend["spent"], spend["spent_before"]) == (0, 40_000)
    assert all(line["spent"] == 0 for line in spend["days"])


def test_the_checklist_of_a_sponsor_fills_itself_in(app: Flask) -> None:
    def steps(client: SignedIn) -> dict[str, bool]:
        found = client.get("/sponsor/summary").json["checklist"]
        return {step["step"]: step["done"] for step in found}

    new = SignedIn(make_sponsor(approved=False))
    assert steps(new) == {
        "profile_filled": False,
        "brand_made": False,
        "wallet_funded": False,
        "campaign_published": False,
    }
    world = make_world()
    sponsor = SignedIn(world.sponsor)
    unit_of_work(
        lambda: profiles.update_sponsor(
            world.sponsor.actor,
            profiles.sponsor_of(world.sponsor.actor, lock=True),
            industry="Outdoor",
            description="Tents",
        )
    )
    make_brand(world.sponsor)
    assert all(steps(sponsor).values())


def test_an_influencer_sees_earnings_with_their_dates_and_what_is_due(world: World) -> None:
    influencer = SignedIn(world.influencer)
    ad_request_id = agree(world, fee=40_000).id
    home = influencer.get("/influencer/summary").json
    assert (home["turns"]["mine"], home["turns"]["next"][0]["kind"]) == (1, "submit")
    assert home["turns"]["next"][0]["deadline"]
    advance(world, reload(ad_request_id), "completed")
    home = influencer.get("/influencer/summary").json
    (balance,) = home["balances"]
    assert sum(week["amount"] for week in balance.pop("weeks")) == 40_000
    assert balance == {
        "currency": "EUR",
        "available": 0,
        "held": 40_000,
        "held_soon": 40_000,
        "contested": 0,
        "in_flight": 0,
        "minimum": 100,
        "owed": 0,
    }
    (upcoming,) = home["upcoming"]
    assert upcoming["amount"] == {"amount": 40_000, "currency": "EUR"}
    assert home["ad_requests"] == {"completed": 1}


def test_the_checklist_of_an_influencer_fills_itself_in(world: World) -> None:
    def steps(client: SignedIn) -> list[bool]:
        return [step["done"] for step in client.get("/influencer/summary").json["checklist"]]

    new = make_influencer()
    assert steps(SignedIn(new)) == [False, False, False, False]
    complete = make_influencer(
        bio="Hiking", niches=["outdoor"], accounts=[("instagram", "@hike", 12_000)]
    )
    assert steps(SignedIn(complete)) == [True, True, False, False]
    agree(world)
    assert steps(SignedIn(world.influencer))[2:] == [True, True]


@pytest.mark.parametrize("path", ["/sponsor/summary", "/influencer/summary", "/admin/summary"])
def test_a_first_page_is_for_its_role_alone(world: World, path: str) -> None:
    people = {"sponsor": world.sponsor, "influencer": world.influencer, "admin": world.admin}
    for role, person in people.items():
        answer = SignedIn(person).get(path)
        assert answer.status_code == (200 if path.startswith(f"/{role}/") else 403)
