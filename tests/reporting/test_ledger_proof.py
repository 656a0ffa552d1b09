"""The proof of the money beside the agreements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import service as payments
from app.payments.invariants import CHECKS as LEDGER_CHECKS
from app.reporting import ledger_proof
from tests.factories.ad_requests import (
    TWO_PARTS,
    World,
    advance,
    agree,
    make_world,
    propose,
    step,
)
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn
from tests.factories.orders import ago, click_id, commission, fact, make_link, tell


@pytest.fixture
def world(app: Flask) -> World:
    return make_world()


def broken() -> dict[str, str]:
    db.session.rollback()
    return {check.name: check.detail for check in ledger_proof.prove() if not check.ok}


def change(statement: str, **values: object) -> None:
    unit_of_work(lambda: db.session.execute(text(statement), values))


ROADS: dict[str, Callable[[World], object]] = {
    "proposed": propose,
    "agreed": agree,
    "with a cap": lambda world: agree(world, cap=20_000),
    "half done": lambda world: advance(world, agree(world, parts=TWO_PARTS), "completed"),
    "done": lambda world: advance(world, agree(world, cap=5_000), "completed"),
    "half cancelled": lambda world: advance(world, agree(world, parts=TWO_PARTS), "cancelled"),
    "cancelled": lambda world: advance(world, agree(world), "cancelled"),
    "disputed": lambda world: advance(world, agree(world), "disputed"),
    "disputed after completion": lambda world: _dispute_late(world),
}


def _dispute_late(world: World) -> None:
    ad_request = agree(world)
    advance(world, ad_request, "completed")
    advance(world, ad_request, "disputed")


@pytest.mark.parametrize("road", ROADS)
def test_every_state_of_an_agreement_passes(world: World, road: str) -> None:
    ROADS[road](world)
    assert broken() == {}


def test_the_proof_holds_those_of_the_ledger_too(app: Flask) -> None:
    names = [check.name for check in ledger_proof.prove()]
    assert names == [*LEDGER_CHECKS, *ledger_proof.CHECKS]


def test_an_escrow_beside_its_agreement_is_named(world: World) -> None:
    ad_request = agree(world)
    change(
        "UPDATE ad_requests SET released_amount = released_amount + 100 WHERE id = :id",
        id=ad_request.id,
    )
    found = broken()
    assert ad_request.id in found["escrows_match_agreements"]
    assert set(found) == {
        "escrows_match_agreements",
        "deliverables_match_agreements",
        "campaigns_match_agreements",
    }


def test_a_closed_agreement_that_still_holds_money_is_named(world: World) -> None:
    ad_request = agree(world)
    change("UPDATE ad_requests SET status = 'completed' WHERE id = :id", id=ad_request.id)
    assert ad_request.id in broken()["closed_agreements_hold_nothing"]


def test_money_held_for_nothing_is_named(world: World) -> None:
    unit_of_work(
        lambda: payments.hold(
            world.sponsor.actor,
            reference="adr_nobody",
            sponsor_id=str(world.sponsor.sponsor_id),
            currency="EUR",
            fee=1_000,
            commission_cap=0,
            platform_fee=0,
        )
    )
    found = broken()
    assert "adr_nobody" in found["escrows_have_agreements"]


def test_parts_that_do_not_sum_to_the_agreement_are_named(world: World) -> None:
    ad_request = agree(world, parts=TWO_PARTS)
    change(
        "UPDATE deliverables SET amount = amount + 1 WHERE ad_request_id = :id AND position = 0",
        id=ad_request.id,
    )
    assert ad_request.id in broken()["deliverables_match_agreements"]


@pytest.mark.parametrize("column", ["committed_amount", "open_agreements"])
def test_a_campaign_that_counts_wrongly_is_named(world: World, column: str) -> None:
    agree(world)
    campaign_id = make_campaign(world.sponsor).id
    change(f"UPDATE campaigns SET {column} = {column} + 1 WHERE id = :id", id=campaign_id)
    assert campaign_id in broken()["campaigns_match_agreements"]


def test_commissions_that_no_payment_made_are_named(world: World) -> None:
    ad_request = agree(world, cap=20_000)
    clicked = click_id(make_link(world, ad_request), ago(days=1))
    order = tell(world.sponsor, fact(external_id="5", click_id=clicked)).order
    tell(world.sponsor, fact(external_id="5", refunded=2_500))
    assert commission(order).standing.kept > 0
    assert broken() == {}
    for column in ("commission_paid_amount", "commission_returned_amount"):
        change(f"UPDATE ad_requests SET {column} = {column} + 1 WHERE id = :id", id=ad_request.id)
        assert ad_request.id in broken()["commissions_match_payments"]
        change(f"UPDATE ad_requests SET {column} = {column} - 1 WHERE id = :id", id=ad_request.id)
    change("UPDATE commissions SET paid_amount = paid_amount + 1")
    assert set(broken()) == {"orders_match_commissions"}
    assert order.id in broken()["orders_match_commissions"]


def test_the_page_shows_every_proof(world: World) -> None:
    ad_request = agree(world)
    admin = SignedIn(world.admin)
    assert admin.get("/admin/ledger/invariants").json["ok"] is True
    change("UPDATE ad_requests SET status = 'completed' WHERE id = :id", id=ad_request.id)
    answer = admin.get("/admin/ledger/invariants").json
    assert answer["ok"] is False
    wrong = {check["name"] for check in answer["checks"] if not check["ok"]}
    assert "closed_agreements_hold_nothing" in wrong


def test_a_step_on_the_road_keeps_the_proof(world: World) -> None:
    ad_request = agree(world, parts=TWO_PARTS, cap=1_000)
    for index in (0, 1):
        for _ in range(4):
            step(world, ad_request, index)
            assert broken() == {}
