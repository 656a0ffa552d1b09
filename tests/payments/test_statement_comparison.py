"""A statement of the bank beside ours: what matches, and what is missing on which side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import bank_statements, inbox, manual_own_money
from app.payments.bank_statements import MOST_LINES, parse
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import GatewayEntry, Transfer
from app.payments.statement_comparison import LineState, compare
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments.wire import count

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEAD = "date,entry id,amount,currency,text\n"
PATH = "/api/v1/admin/ledger/statement-checks"


@pytest.fixture
def booked(app):
    """Own money of two entries: the ledger knows e-1 (50.00 EUR) and e-2 (20.00 EUR)."""
    admin = make.admin()
    with time_machine.travel(START, tick=False) as clock:
        for entry, amount in (("e-1", 5_000), ("e-2", 2_000)):
            unit_of_work(
                lambda entry=entry, amount=amount: manual_own_money.book(
                    admin.actor, amount=Money(amount, "EUR"), entry_id=entry, reason="fees"
                )
            )
            clock.shift(timedelta(days=1))
    return admin


def states(content: str, gateway: str = "manual") -> dict[str, LineState]:
    found = compare(gateway=gateway, content=content)
    db.session.rollback()
    return {line.name: line.state for line in found.lines}


def test_what_both_sides_say_alike_matches(booked):
    content = HEAD + "2026-03-02,E-1,50.00,EUR,ours\n2026-03-03,e-2,20,EUR,ours too\n"
    assert set(states(content).values()) == {LineState.MATCHED}


def test_each_difference_has_its_name(booked):
    content = HEAD + "2026-03-02,e-1,49.99,EUR,\n2026-03-03,e-9,-3.00,EUR,a fee\n"
    assert states(content) == {
        "e-1": LineState.OTHER_AMOUNT,
        "e-9": LineState.MISSING_HERE,
        "E-2": LineState.MISSING_THERE,
    }


def test_another_currency_is_missing_on_both_sides(booked):
    content = HEAD + "2026-03-02,e-1,50.00,USD,\n"
    assert states(content) == {"e-1": LineState.MISSING_HERE, "E-1": LineState.MISSING_THERE}


def test_what_we_booked_on_other_days_is_not_missing_there(booked):
    assert states(HEAD + "2026-03-05,e-9,1.00,EUR,\n") == {"e-9": LineState.MISSING_HERE}


def test_an_entry_that_was_booked_later_is_found_by_its_name(booked):
    assert states(HEAD + "2025-12-31,e-2,20.00,EUR,\n") == {"e-2": LineState.MATCHED}


def test_a_line_of_stripe_stands_for_a_deposit_and_its_cost(app):
    def take_in(kind: FactKind, name: str, entry: str, amount: int) -> None:
        fact = GatewayFact(f"evt_{entry}", kind, name, amount, "EUR", entry_id=entry)
        unit_of_work(lambda: inbox.receive("stripe", fact))

    with time_machine.travel(START, tick=False):
        take_in(FactKind.OWN_MONEY_IN, "txn_1", "txn_1:own", 10_000)
        take_in(FactKind.COST_CHARGED, "txn_1", "txn_1:cost", 212)
    head = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC)\n"
    line = "txn_1,topup,tu_1,100.00,2.12,97.88,eur,2026-03-02 12:00\n"
    assert states(head + line, "stripe") == {"txn_1": LineState.MATCHED}
    assert states(head + line.replace("97.88", "100.00"), "stripe") == {
        "txn_1": LineState.OTHER_AMOUNT
    }


def test_it_is_a_page_for_admins_and_writes_nothing(client, booked):
    lines, transfers = count(GatewayEntry), count(Transfer)
    body = {"gateway": "manual", "content": HEAD + "2026-03-02,e-1,50.00,EUR,\n"}
    answer = client.post(PATH, json=body, headers=bearer(booked))
    assert answer.status_code == 200, answer.text
    counts = {state: answer.json[state] for state in map(str, LineState)}
    assert counts == {"matched": 1, "other_amount": 0, "missing_here": 0, "missing_there": 0}
    [line] = answer.json["lines"]
    assert (line["line"], line["on"], line["subjects"]) == (2, "2026-03-02", ["E-1"])
    assert line["theirs"] == line["ours"] == {"amount": 5_000, "currency": "EUR"}
    assert (count(GatewayEntry), count(Transfer)) == (lines, transfers)
    other = client.post(PATH, json=body, headers=bearer(make.sponsor()))
    assert other.status_code == 403
    empty = client.post(PATH, json={**body, "content": "x"}, headers=bearer(booked))
    assert empty.status_code == 422


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-03-02,e-1,50.001,EUR,", "no amount"),
        ("2026-03-02,e-1,NaN,EUR,", "no amount"),
        ("2026-03-02,e-1,1e400,EUR,", "no amount"),
        ("2026-03-02,e-1,1,EURO,", "no currency"),
        ("yesterday,e-1,1,EUR,", "no day"),
        ("2026-03-02,,1,EUR,", "names no entry"),
        ("2026-03-02,e-1,1", "fewer columns"),
        ("2026-03-02,e-1,1,EUR,\n2026-03-02,e-1,1,EUR,", "again"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(row, said):
    with pytest.raises(Invalid) as refused:
        parse("manual", HEAD + row)
    assert said in str(refused.value.errors)


def test_a_file_is_not_endless():
    rows = "".join(f"2026-03-02,e-{n},1,EUR,\n" for n in range(MOST_LINES + 1))
    with pytest.raises(Invalid):
        parse("manual", HEAD + rows)


def test_semicolons_and_the_mark_of_spreadsheets_are_read():
    [line] = parse("manual", "\ufeffDate;Entry ID;Amount;Currency;Text\n2026-03-02;e;-7.5;eur;x\n")
    assert (line.amount, line.currency, line.number) == (-750, "EUR", 2)


@given(st.text(max_size=200), st.sampled_from(bank_statements.GATEWAYS))
def test_no_text_breaks_the_reader(content, gateway):
    try:
        parse(gateway, HEAD + content)
    except Invalid:
        return
