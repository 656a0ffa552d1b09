"""The whole life of money against a model of it: whatever happens in whatever order, every balance
is what plain arithmetic says, and every proof of the ledger holds."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.core.extensions import db
from tests.factories import payments as make
from tests.payments.life_of_money import Life, World
from tests.payments.money_witness import Witness

FULL = os.environ.get("ACCORD_TORTURE") == "full"
IN_ALL = 200_000 if FULL else 20_000
SHARDS = 4
"""Parts of the whole, each with lives of its own, so that several processes share them."""
LIVES = 260 if FULL else 26
STEPS = 200
"""Of one life; its beginning, of ten turns, is the first."""
WAYS = {f"queued to {end}" for end in ("paid", "failed", "sending", "unknown")}
TURNS = WAYS | {"sending to paid", "unknown to paid", "contested", "kept", "taken back", "matured"}
TURNS |= {
    "repeated",
    "stopped",
    "clawed back",
    "clawed back, held",
    "clawed back, owed",
    "returned",
}
TURNS |= {"own in", "own out", "own charge"}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(app) -> Iterator[World]:
    found = World()
    yield found
    found.witness.leave()


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_life_of_money_is_plain_arithmetic(world, shard):
    lead(world, LIVES, shard)
    for number in range(1, 11):
        if world.steps >= IN_ALL // SHARDS and world.taken.keys() >= TURNS:
            break
        # Chance cut some of those lives short, or left a turn out of all of them.
        lead(world, 2, shard + SHARDS * number)
    assert world.steps >= IN_ALL // SHARDS
    assert world.taken.keys() >= TURNS


def lead(world: World, lives: int, number: int) -> None:
    run_state_machine_as_test(
        seed(None if FULL else number)(lambda: Life(world)),
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_witness_sees_what_is_broken_and_what_was_put_back(app):
    payer = make.sponsor()
    make.fund(payer, 700)
    witness = Witness()
    assert witness.broken() == []
    with sqlite3.connect(str(db.engine.url.database)) as forger:
        forger.execute("UPDATE accounts SET balance = balance + 5 WHERE kind = 'sponsor_wallet'")
    forger.close()
    assert witness.broken() == ["currencies_balance", "balances_match_transfers"]
    assert witness.balances() == {("cash", "sandbox"): 700, ("sponsor_wallet", ""): 705}
    witness.back_to_the_start()
    assert witness.broken() == []
    assert witness.balances() == {("cash", "sandbox"): 700, ("sponsor_wallet", ""): 700}
    witness.leave()
