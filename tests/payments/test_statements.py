"""Statements equal the ledger, join from period to period, and come as pages, CSV and PDF."""

from __future__ import annotations

import base64
import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.models import User
from app.payments import papers, service, statement_lines, statements
from app.payments.models import Account, Transfer
from app.payments.running import MOST_DAYS, Period, day_of, running
from app.payments.statement_lines import Holder
from tests.factories import payments as make
from tests.factories.ad_requests import advance, agree, make_world
from tests.factories.identity import bearer
from tests.services.statements import counted

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATHS = {"sponsor": "/api/v1/sponsor/statement", "influencer": "/api/v1/influencer/statement"}


def set_reader(person, **values) -> None:
    unit_of_work(
        lambda: db.session.execute(update(User).where(User.id == person.user_id).values(**values))
    )


def read(client, person, surface="sponsor", **query):
    answer = client.get(PATHS[surface], query_string=query, headers=bearer(person))
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.fixture
def moved(app):
    """A sponsor and an influencer between whom money moved on five days."""
    payer, earner = make.sponsor(), make.influencer()
    with time_machine.travel(START, tick=False) as clock:
        for amount in (500, 300, 200, 400, 100):
            make.earn(payer, earner, amount)
            make.fund(payer, 50)
            clock.shift(timedelta(days=1))
    return payer, earner


# --- arithmetic ---------------------------------------------------------------------------------


@given(st.integers(0, 10**12), st.lists(st.integers(-(10**12), 10**12)))
def test_the_last_running_balance_is_the_opening_one_with_every_change(opening, changes):
    balances = list(running(opening, changes))
    assert len(balances) == len(changes)
    assert [opening, *balances][-1] == opening + sum(changes)


_days = st.dates(date(1971, 1, 1), date(2190, 1, 1))
_zones = st.sampled_from(["UTC", "Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Auckland"])


@given(_days, st.integers(0, MOST_DAYS - 1), st.integers(1, MOST_DAYS), _zones)
def test_a_period_ends_at_the_moment_at_which_the_next_begins(since, length, further, zone):
    until = since + timedelta(days=length)
    first = Period(since, until, zone)
    second = Period(until + timedelta(days=1), until + timedelta(days=further), zone)
    assert first.end == second.start
    assert day_of(first.start, zone) == since
    assert day_of(second.start - timedelta(seconds=1), zone) == until


@pytest.mark.parametrize("days", [-1, MOST_DAYS])
def test_a_period_is_not_empty_and_not_too_long(days):
    with pytest.raises(ValueError, match=r"a (period|statement)"):
        Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days))


# --- against the ledger -------------------------------------------------------------------------


@pytest.mark.parametrize("surface", ["sponsor", "influencer"])
def test_a_statement_closes_with_what_it_opened_and_its_lines(client, moved, surface):
    person = moved[surface == "influencer"]
    with time_machine.travel(START + timedelta(days=6), tick=False):
        found = read(client, person, surface, since="2026-03-02", until="2026-03-04")
    items = found["items"]
    change = sum(
        (line["in"] or line["out"])["amount"] * (1 if line["in"] else -1) for line in items
    )
    assert found["opening"]["amount"] + change == found["closing"]["amount"]
    assert items[-1]["balance"] == found["closing"]
    assert found["total"] == len(items) > 0
    assert [line["at"] for line in items] == sorted(line["at"] for line in items)
    assert sum(line["in"]["amount"] for line in items if line["in"]) == found["in"]["amount"]
    assert sum(line["out"]["amount"] for line in items if line["out"]) == found["out"]["amount"]


def summed_up(holder: Holder, currency: str, until: datetime) -> int:
    """A balance as the whole history says."""
    accounts = select(Account.id).where(holder.accounts, Account.currency == currency)
    ids = set(db.session.scalars(accounts))
    rows = db.session.scalars(select(Transfer).where(Transfer.at < until)).all()
    came = sum(row.amount for row in rows if row.credit_account_id in ids)
    return came - sum(row.amount for row in rows if row.debit_account_id in ids)


def test_every_opening_balance_is_what_the_whole_history_sums_to(moved):
    payer, earner = moved
    for holder in (Holder(sponsor_id=payer.id), Holder(influencer_id=earner.id)):
        for day in range(-2, 9):
            for length in (0, 2, 30):
                since = START.date() + timedelta(days=day)
                period = Period(since, since + timedelta(days=length))
                found = statement_lines.totals(holder, period, "EUR")
                assert found.opening == summed_up(holder, "EUR", period.start)
                assert found.closing == summed_up(holder, "EUR", period.end)


def test_consecutive_statements_join_and_the_last_is_the_balance(client, moved):
    payer, earner = moved
    with time_machine.travel(START + timedelta(days=6), tick=False):
        for surface, person, balance in (
            ("sponsor", payer, service.wallet(payer.id)[0].available),
            ("influencer", earner, sum_of(service.earnings(earner.id).balances[0])),
        ):
            closing = 0
            for offset in range(6):
                day = (START + timedelta(days=offset)).date().isoformat()
                found = read(client, person, surface, since=day, until=day)
                assert found["opening"]["amount"] == closing
                closing = found["closing"]["amount"]
            assert closing == balance > 0


def sum_of(balance) -> int:
    return balance.available + balance.held + balance.in_flight


def test_a_withdrawal_leaves_the_earnings_when_it_is_paid_and_not_before(client, app):
    payer, earner = make.sponsor(), make.influencer()
    make.earn(payer, earner, 1_000)
    row = unit_of_work(lambda: service.withdraw(earner.actor, amount=Money(400, "EUR")))
    assert read(client, earner, "influencer")["closing"]["amount"] == 1_000
    service.pay_out(row.id)
    found = read(client, earner, "influencer")
    assert [line["kind"] for line in found["items"]] == ["release", "payout"]
    assert found["closing"]["amount"] == 600


def test_pages_carry_the_balance_on(client, moved):
    payer, _ = moved
    with time_machine.travel(START + timedelta(days=6), tick=False):
        query = {"since": "2026-03-02", "until": "2026-03-31"}
        whole = read(client, payer, **query)["items"]
        seen, cursor = [], None
        while True:
            page = read(client, payer, **query, limit=2, **({"cursor": cursor} if cursor else {}))
            seen += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
    assert seen == whole
    assert len(whole) == 12


def test_days_are_those_of_the_readers_time_zone(client, app):
    payer = make.sponsor()
    with time_machine.travel(datetime(2026, 3, 1, 20, tzinfo=UTC), tick=False):
        make.fund(payer, 100)
        assert read(client, payer, since="2026-03-01", until="2026-03-01")["total"] == 1
        set_reader(payer, time_zone="Asia/Ho_Chi_Minh")
        assert read(client, payer, since="2026-03-01", until="2026-03-01")["total"] == 0
        found = read(client, payer)
    assert (found["since"], found["until"]) == ("2026-03-01", "2026-03-02")
    assert (found["time_zone"], found["total"], found["unfinished"]) == (
        "Asia/Ho_Chi_Minh",
        1,
        True,
    )


def test_lines_name_the_campaign_the_deliverable_and_the_other_side(client, app):
    world = make_world()
    ad_request = agree(world)
    advance(world, ad_request, "completed")
    earned = read(client, world.influencer, "influencer")["items"]
    assert [line["kind"] for line in earned] == ["release"]
    assert earned[0]["campaign"]["name"] == world.campaign.title
    assert earned[0]["party"]["id"] == world.sponsor.sponsor_id
    assert earned[0]["deliverable"]
    assert earned[0]["reference"] == ad_request.id
    held = [line for line in read(client, world.sponsor)["items"] if line["kind"] == "hold"]
    assert held[0]["party"]["id"] == world.influencer.influencer_id


def test_a_statement_costs_the_same_however_long_it_is(client, app):
    payer, earner = make.sponsor(), make.influencer()
    headers = bearer(payer)
    costs = []
    for _ in range(2):
        for _ in range(3):
            make.earn(payer, earner, 10)
        with counted() as asked:
            answer = client.get(PATHS["sponsor"], headers=headers)
        costs.append((len(asked), answer.json["total"]))
    assert costs[0][0] == costs[1][0]
    assert costs[0][1] < costs[1][1]


def test_nobody_reads_the_statement_of_somebody_else(client, moved):
    stranger = make.sponsor()
    found = read(client, stranger, since="2026-03-01", until="2026-03-31")
    assert (found["total"], found["closing"]["amount"]) == (0, 0)
    for surface, person in (("influencer", moved[0]), ("sponsor", moved[1])):
        for ending in ("", ".csv", ".pdf"):
            answer = client.get(PATHS[surface] + ending, headers=bearer(person))
            assert answer.status_code == 403
            assert client.get(PATHS[surface] + ending).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-03-02", "until": "2026-03-01"},
        {"since": "2025-01-01", "until": "2026-03-01"},
        {"since": "NaN"},
        {"since": "0"},
        {"since": "2026-02-30"},
        {"since": "9999-12-31"},
        {"until": "-1"},
        {"until": "1969-12-31"},
        {"currency": "euro"},
        {"currency": "XQZ"},
        {"currency": "EUR\x00"},
        {"sponsor_id": "spn_1"},
        {"since": ["2026-03-01", "2026-03-02"]},
    ],
)
@pytest.mark.parametrize("ending", ["", ".csv", ".pdf"])
def test_what_means_nothing_is_refused(client, app, query, ending):
    answer = client.get(
        PATHS["sponsor"] + ending, query_string=query, headers=bearer(make.sponsor())
    )
    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "at", ["2025-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]
)
@pytest.mark.parametrize("path", [PATHS["sponsor"], "/api/v1/sponsor/invoices"])
def test_a_cursor_of_another_time_does_no_harm(client, app, at, path):
    sort = "at" if path == PATHS["sponsor"] else "-issued_at"
    cursor = base64.urlsafe_b64encode(json.dumps([sort, at, "tra_1"]).encode()).decode()
    query = {"cursor": cursor.rstrip("=")}
    answer = client.get(path, query_string=query, headers=bearer(make.sponsor()))
    assert answer.status_code == (200 if sort != "at" and at.startswith("2025") else 422)


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"cursor": "x"}, {"sort": "-at"}, {"sort": "amount"}]
)
def test_a_page_that_cannot_be_is_refused(client, app, query):
    answer = client.get(PATHS["sponsor"], query_string=query, headers=bearer(make.sponsor()))
    assert answer.status_code == 422


# --- files --------------------------------------------------------------------------------------


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


def test_the_csv_has_every_line_and_both_balances(client, moved, monkeypatch):
    monkeypatch.setattr("app.payments.statement_lines.BATCH", 2)
    payer, _ = moved
    query = {"since": "2026-03-02", "until": "2026-03-04"}
    with time_machine.travel(START + timedelta(days=6), tick=False):
        whole = read(client, payer, **query)
        answer = client.get(PATHS["sponsor"] + ".csv", query_string=query, headers=bearer(payer))
    assert answer.status_code == 200
    rows = rows_of(answer)
    assert (rows[0]["what"], rows[-1]["what"]) == ("opening_balance", "closing_balance")
    assert rows[0]["balance"] == str(papers.major(whole["opening"]["amount"], "EUR"))
    assert rows[-1]["balance"] == str(papers.major(whole["closing"]["amount"], "EUR"))
    assert [row["payment"] for row in rows[1:-1]] == [line["payment_id"] for line in whole["items"]]
    assert "statement-EUR-2026-03-02-2026-03-04.csv" in answer.headers["Content-Disposition"]


def test_a_name_that_looks_like_a_formula_is_harmless_in_the_csv(client, app):
    world = make_world(title='=HYPERLINK("https://evil.example")')
    agree(world)
    answer = client.get(PATHS["sponsor"] + ".csv", headers=bearer(world.sponsor))
    hold = next(row for row in rows_of(answer) if row["what"] == "hold")
    assert hold["campaign"].startswith("'=HYPERLINK")


@pytest.mark.parametrize("locale", ["en", "vi", "xx-nonsense"])
def test_the_pdf_is_made_in_any_language_and_of_any_name(client, app, locale):
    world = make_world(title='#sys.inputs \\ $x$ *b* "q" ] @preview/x 🎉 Xuân')
    agree(world)
    set_reader(world.sponsor, locale=locale)
    answer = client.get(PATHS["sponsor"] + ".pdf", headers=bearer(world.sponsor))
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_a_pdf_of_too_many_lines_is_refused_and_says_what_to_do(client, moved, monkeypatch):
    monkeypatch.setattr(statements, "PDF_LINES", 3)
    query = {"since": "2026-03-01", "until": "2026-03-31"}
    answer = client.get(PATHS["sponsor"] + ".pdf", query_string=query, headers=bearer(moved[0]))
    assert answer.status_code == 422
    assert "take the CSV" in answer.json["errors"]["since"][0]


def test_a_pdf_that_takes_too_long_is_given_up(client, app, monkeypatch):
    monkeypatch.setattr(papers, "SECONDS", 0.01)
    answer = client.get(PATHS["sponsor"] + ".pdf", headers=bearer(make.sponsor()))
    assert (answer.status_code, answer.json["type"]) == (503, "paper-too-slow")


def test_a_paper_waits_for_its_turn_and_gives_up(client, app, monkeypatch):
    monkeypatch.setattr(papers, "SECONDS", 0.01)
    asked = []
    monkeypatch.setattr(papers.subprocess, "run", lambda *_args, **_more: asked.append(1))
    slots = [papers._SLOTS.acquire(blocking=False) for _ in range(papers.AT_ONCE)]
    try:
        answer = client.get(PATHS["sponsor"] + ".pdf", headers=bearer(make.sponsor()))
    finally:
        for _ in slots:
            papers._SLOTS.release()
    assert slots == [True] * papers.AT_ONCE
    assert (answer.status_code, answer.json["type"], asked) == (503, "paper-too-slow", [])


def test_nothing_is_held_while_a_paper_is_set(client, app, monkeypatch):
    world = make_world()
    advance(world, agree(world), "completed")
    documents = client.get("/api/v1/sponsor/invoices", headers=bearer(world.sponsor)).json["items"]
    run, held = papers.subprocess.run, []

    def watched(*args, **more):
        held.append(db.session().in_transaction())
        return run(*args, **more)

    monkeypatch.setattr(papers.subprocess, "run", watched)
    for path in (PATHS["sponsor"], f"/api/v1/sponsor/invoices/{documents[0]['id']}"):
        answer = client.get(f"{path}.pdf", headers=bearer(world.sponsor))
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Disposition"].endswith('.pdf"')
    assert held == [False, False]


def test_nothing_is_held_while_somebody_takes_a_statement_slowly(moved):
    parts = statements.as_csv(statements.statement(moved[0].actor))
    assert next(parts)
    assert not db.session().in_transaction()


def test_a_paper_that_cannot_be_set_says_why(app):
    with pytest.raises(RuntimeError, match="dictionary does not contain key"):
        papers.pdf("invoice", papers.Reader(), {"kind": "invoice"})


def test_an_empty_statement_is_still_a_document(client, app):
    payer = make.sponsor()
    assert client.get(PATHS["sponsor"] + ".pdf", headers=bearer(payer)).status_code == 200
    query = {"currency": "JPY"}
    rows = rows_of(client.get(PATHS["sponsor"] + ".csv", query_string=query, headers=bearer(payer)))
    assert [row["balance"] for row in rows] == ["0", "0"]


def test_the_same_data_makes_the_same_pdf_in_every_language(app):
    data = {
        "kind": "invoice", "number": "2026-000001", "issued_on": "x", "credits": None,
        "currency": "EUR", "sponsor": ["A"], "influencer": [], "campaign": None,
        "lines": [{"kind": "fee", "title": "", "amount": "1"}], "total": "1", "reference": "r",
    }  # fmt: skip
    assert papers.languages() == ["en", "vi"]
    for language in papers.languages():
        reader = papers.Reader(language)
        assert papers.pdf("invoice", reader, data) == papers.pdf("invoice", reader, data)


def test_every_language_has_every_word():
    def keys(words, path=()):
        for name, value in words.items():
            yield from keys(value, (*path, name)) if isinstance(value, dict) else [(*path, name)]

    english = set(keys(papers._words("en")[1]))
    for language in papers.languages():
        assert set(keys(papers._words(language)[1])) == english
