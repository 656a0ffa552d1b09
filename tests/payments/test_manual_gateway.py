"""Bank transfers: an admin confirms what came, and what went out in a batch; each entry once."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from stdnum import iso11649

from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity import service as identity
from app.payments import payout_batch_endings, payout_details, service
from app.payments.gateways.manual import reference_of
from app.payments.models import Deposit, GatewayEntry, GatewayEvent, Transfer, Withdrawal
from app.payments.payout_batch_models import PayoutBatch, PayoutLine
from app.payments.payout_models import PayoutMethod
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import wire
from tests.payments.wire import BAD_AMOUNTS, DEPOSITS, available, count

ADMIN = "/api/v1/admin/deposits"
BATCHES = "/api/v1/admin/payouts/batches"
BANK = (("name", "Accord GmbH"), ("iban", "DE89370400440532013000"), ("bic", "COBADEFFXXX"))
EUR = {"amount": 12_500, "currency": "EUR"}


@pytest.fixture
def settings(settings):
    return replace(settings, manual_bank_details=BANK)


@pytest.fixture
def payer(app):
    return make.sponsor()


@pytest.fixture
def headers(client, payer):
    return bearer(payer)


@pytest.fixture
def admin(client):
    return bearer(make.admin())


def open_deposit(client, headers, key="k1", amount=12_500):
    money = {"amount": amount, "currency": "EUR"}
    deposit = wire.deposit(client, headers, key=key, gateway="manual", amount=money).json
    service.open_deposit(deposit["id"])
    return deposit


def confirm(client, admin, deposit, amount=12_500, currency="EUR", entry="2026-11-22/1", **more):
    return client.post(
        f"{ADMIN}/{deposit['id']}/confirm",
        json={"amount": {"amount": amount, "currency": currency}, "entry_id": entry},
        headers={**admin, **more},
    )


def proofs() -> list[str]:
    return [check.detail for check in service.check_ledger() if not check.ok]


# --- deposits -----------------------------------------------------------------------------------


def test_a_deposit_says_where_to_transfer_with_a_reference_that_finds_slips(client, headers):
    deposit = open_deposit(client, headers)
    assert deposit["status"] == "open"
    assert deposit["instructions"] == {
        "reference": reference_of(deposit["id"]),
        **dict(BANK),
    }
    reference = deposit["instructions"]["reference"]
    assert iso11649.is_valid(reference)
    assert not iso11649.is_valid(reference[:-1] + ("1" if reference[-1] != "1" else "2"))
    [listed] = wire.read(client, DEPOSITS, headers)["items"]
    assert listed["instructions"] == deposit["instructions"]


def test_a_confirmed_transfer_is_in_the_wallet_once(client, headers, admin):
    deposit = open_deposit(client, headers)
    search = f"{ADMIN}?search={deposit['instructions']['reference']}"
    [found] = client.get(search, headers=admin).json["items"]
    assert (found["id"], found["reference"]) == (deposit["id"], reference_of(deposit["id"]))
    answer = confirm(client, admin, deposit)
    assert (answer.status_code, answer.json["status"]) == (200, "settled")
    assert available(client, headers) == 12_500
    again = confirm(client, admin, deposit)
    assert (again.status_code, again.json["state"]) == (409, "settled")
    assert (count(Transfer), count(GatewayEntry)) == (1, 1)
    assert wire.read(client, f"{DEPOSITS}/{deposit['id']}", headers)["instructions"] is None
    actions = [row.action for row in db.session.query(AuditEntry)]
    assert "deposit.confirmed" in actions
    assert proofs() == []


@pytest.mark.parametrize(
    ("amount", "currency"), [(12_499, "EUR"), (12_501, "EUR"), (12_500, "USD")]
)
def test_another_amount_is_refused_with_what_to_do(client, headers, admin, amount, currency):
    deposit = open_deposit(client, headers)
    answer = confirm(client, admin, deposit, amount=amount, currency=currency)
    assert (answer.status_code, answer.json["type"]) == (409, "amount-differs")
    assert answer.json["expected"] == EUR
    assert "decline this deposit" in answer.json["detail"]
    assert count(Transfer) == count(GatewayEntry) == count(GatewayEvent) == 0


def test_an_entry_of_the_bank_counts_once(client, headers, admin):
    first, second = (open_deposit(client, headers, key=key) for key in ("k1", "k2"))
    assert confirm(client, admin, first).status_code == 200
    answer = confirm(client, admin, second)
    assert (answer.status_code, answer.json["type"]) == (409, "entry-booked")
    assert answer.json["booked_for"] == first["id"]
    assert available(client, headers) == 12_500
    assert confirm(client, admin, second, entry="2026-11-22/2").status_code == 200


def test_small_letters_and_capitals_name_the_same_entry(client, payer, headers, admin):
    first, second = (open_deposit(client, headers, key=key) for key in ("k1", "k2"))
    assert confirm(client, admin, first, entry="Ntrf-7a").status_code == 200
    answer = confirm(client, admin, second, entry="nTRF-7A")
    assert (answer.status_code, answer.json["type"]) == (409, "entry-booked")
    assert count(GatewayEntry) == 1

    earner(client, payer, headers, admin, entry="in/1")
    paid = end(client, admin, collect(client, admin).json, outcome="paid", entry_id="ntrf-7a")
    assert (paid.status_code, paid.json["type"]) == (409, "entry-booked")


def test_a_declined_deposit_says_why_and_may_still_be_paid(client, headers, admin):
    deposit = open_deposit(client, headers)
    path = f"{ADMIN}/{deposit['id']}/decline"
    answer = client.post(path, json={"reason": "Only 100.00 EUR came."}, headers=admin)
    assert (answer.status_code, answer.json["status"]) == (200, "declined")
    found = wire.read(client, f"{DEPOSITS}/{deposit['id']}", headers)
    assert found["failure"] == "Only 100.00 EUR came."
    assert client.post(path, json={"reason": "Again."}, headers=admin).status_code == 409
    assert confirm(client, admin, deposit).json["status"] == "settled"


def test_deposits_of_other_gateways_are_not_confirmed_by_hand(client, headers, admin):
    deposit = wire.deposit(client, headers).json
    answer = confirm(client, admin, deposit)
    assert (answer.status_code, answer.json["type"]) == (409, "refused-transition")
    assert count(Transfer) == 0


def test_a_stale_confirmation_is_refused(client, headers, admin):
    deposit = open_deposit(client, headers)
    answer = confirm(client, admin, deposit, **{"If-Match": f'"{deposit["id"]}.99"'})
    assert (answer.status_code, count(Transfer)) == (412, 0)


def test_what_is_no_confirmation_is_refused_and_no_row_is_written(client, headers, admin):
    deposit = open_deposit(client, headers)
    path = f"{ADMIN}/{deposit['id']}/confirm"
    bodies = [f'{{"amount": {bad}, "entry_id": "e"}}' for bad in BAD_AMOUNTS]
    good = '{"amount": 12500, "currency": "EUR"}'
    bodies += [
        f'{{"amount": {good}, "entry_id": {entry}}}'
        for entry in ('""', "5", "null", '"' + "x" * 65 + '"', '"a\\u0000b"', "NaN")
    ]
    for body in [*bodies, "{}", "[]", f'{{"amount": {good}, "entry_id": "e", "more": 1}}']:
        answer = client.post(path, data=body, content_type="application/json", headers=admin)
        assert answer.status_code in (400, 422), body
        assert answer.content_type == "application/problem+json"
    assert count(Transfer) == count(GatewayEvent) == 0


def test_only_admins_confirm(client, headers, admin):
    deposit = open_deposit(client, headers)
    assert confirm(client, headers, deposit).status_code == 403
    assert confirm(client, {}, deposit).status_code == 401
    assert confirm(client, admin, {"id": "dep_unknown"}).status_code == 404
    assert client.get(ADMIN, headers=headers).status_code == 403
    assert available_of(client, headers) == 0


def available_of(client, headers) -> int:
    balances = wire.read(client, "/api/v1/sponsor/wallet", headers)["balances"]
    return sum(line["available"] for line in balances)


def test_nobody_sends_events_for_bank_transfers(client):
    answer = client.post("/api/v1/public/gateways/manual/events", data=b"{}")
    assert answer.status_code == 401


# --- payouts ------------------------------------------------------------------------------------


def earner(client, payer, headers, admin, amount=10_000, name="Ada Lovelace", entry="in/1"):
    """An influencer who is paid by bank transfer, and has asked for the whole amount."""
    deposit = open_deposit(client, headers, key=entry, amount=amount)
    assert confirm(client, admin, deposit, amount=amount, entry=entry).status_code == 200
    person = make.influencer()
    make.spend(payer, person, amount)
    destination = {"name": name, "country": "DE", "iban": "DE75512108001245126199"}
    unit_of_work(
        lambda: payout_details.change(
            person.actor, method=PayoutMethod.BANK, destination=destination
        )
    )
    answer = client.post(
        "/api/v1/influencer/withdrawals",
        json={"amount": {"amount": amount, "currency": "EUR"}},
        headers={**bearer(person), "Idempotency-Key": "k1"},
    )
    assert answer.json["gateway"] == "manual"
    service.pay_out(answer.json["id"])
    return person, answer.json["id"]


def collect(client, admin, currency="EUR"):
    return client.post(BATCHES, json={"currency": currency}, headers=admin)


def end(client, admin, batch, **body):
    return client.post(f"{BATCHES}/{batch['id']}/confirm", json=body, headers=admin)


def balances_of(person) -> tuple[int, int]:
    db.session.rollback()
    [balance] = service.earnings(person.id).balances
    return balance.available, balance.in_flight


def test_a_payout_by_bank_transfer_goes_out_with_its_batch(client, payer, headers, admin):
    person, withdrawal_id = earner(client, payer, headers, admin)
    waiting = client.get("/api/v1/admin/payouts/waiting", headers=admin).json["items"]
    assert waiting == [{"total": {"amount": 10_000, "currency": "EUR"}, "count": 1}]
    answer = collect(client, admin)
    assert answer.status_code == 201
    batch = answer.json
    [line] = batch["lines"]
    assert (line["withdrawal_id"], line["status"]) == (withdrawal_id, "waiting")
    assert line["account"].endswith("6199")
    assert "DE75512108001245126199" not in answer.text
    assert balances_of(person) == (0, 10_000)
    ended = end(client, admin, batch, outcome="paid", entry_id="out/1")
    assert (ended.status_code, ended.json["status"], ended.json["waiting"]) == (200, "closed", 0)
    assert db.session.get_one(Withdrawal, withdrawal_id).status.value == "paid"
    assert balances_of(person) == (0, 0)
    assert proofs() == []
    again = end(client, admin, batch, outcome="paid", entry_id="out/1")
    assert again.status_code == 409
    assert proofs() == []


def test_the_file_for_the_bank_has_what_waits_and_no_formulas(client, payer, headers, admin):
    evil = '=HYPERLINK("http://evil")'
    _, first = earner(client, payer, headers, admin, name=evil)
    _, second = earner(client, payer, headers, admin, amount=2_550, entry="in/2")
    batch = collect(client, admin).json
    path = f"{BATCHES}/{batch['id']}/file"
    answer = client.get(path, headers=admin)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert {row["name"] for row in rows} == {f"'{evil}", "Ada Lovelace"}
    assert {(row["reference"], row["amount"], row["currency"]) for row in rows} == {
        (reference_of(first), "100.00", "EUR"),
        (reference_of(second), "25.50", "EUR"),
    }
    assert {row["account"] for row in rows} == {"DE75512108001245126199"}
    done = next(line for line in batch["lines"] if line["withdrawal_id"] == first)
    end(client, admin, batch, outcome="paid", entry_id="o", line_ids=[done["id"]])
    left = list(csv.DictReader(io.StringIO(client.get(path, headers=admin).text.lstrip("\ufeff"))))
    assert [row["reference"] for row in left] == [reference_of(second)]
    actions = [row.action for row in db.session.query(AuditEntry)]
    assert actions.count("payout_batch.downloaded") == 2
    assert client.get(path, headers=headers).status_code == 403


def test_one_line_fails_and_comes_back_while_the_others_are_paid(client, payer, headers, admin):
    ada, first = earner(client, payer, headers, admin)
    bob, second = earner(client, payer, headers, admin, amount=5_000, entry="in/2")
    batch = collect(client, admin).json
    line = next(line for line in batch["lines"] if line["withdrawal_id"] == second)
    failed = end(
        client, admin, batch, outcome="failed", reason="Account closed.", line_ids=[line["id"]]
    )
    assert (failed.json["status"], failed.json["waiting"]) == ("open", 1)
    assert balances_of(bob) == (5_000, 0)
    assert db.session.get_one(Withdrawal, second).failure == "Account closed."
    paid = end(client, admin, batch, outcome="paid", entry_id="out/1")
    assert paid.json["status"] == "closed"
    assert (balances_of(ada), balances_of(bob)) == ((0, 0), (5_000, 0))
    assert db.session.get_one(Withdrawal, first).status.value == "paid"
    assert proofs() == []


def flag(person, held: bool = True) -> None:
    """Let an admin's look into a flag hold the money of a person, or not any more."""
    db.session.rollback()
    effects = {"suspended": False, "hidden": False, "money_on_hold": held}
    unit_of_work(lambda: identity.set_effects(SYSTEM, user_id=person.user_id, **effects))


def references(client, admin, batch) -> set[str]:
    """Whom the file for the bank would pay."""
    answer = client.get(f"{BATCHES}/{batch['id']}/file", headers=admin)
    return {row["reference"] for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}


def test_a_flag_keeps_a_payout_out_of_batches_until_it_is_lifted(client, payer, headers, admin):
    person, withdrawal_id = earner(client, payer, headers, admin)
    flag(person)
    waiting = client.get("/api/v1/admin/payouts/waiting", headers=admin).json["items"]
    assert (waiting, collect(client, admin).json["type"]) == ([], "nothing-waits")
    flag(person, held=False)
    [line] = collect(client, admin).json["lines"]
    assert (line["withdrawal_id"], line["on_hold"]) == (withdrawal_id, False)


def test_a_flag_keeps_a_payout_out_of_the_file_and_of_what_is_paid_with_all(
    client, payer, headers, admin
):
    person, first = earner(client, payer, headers, admin)
    _, second = earner(client, payer, headers, admin, entry="in/2")
    batch = collect(client, admin).json
    flag(person)
    shown = client.get(f"{BATCHES}/{batch['id']}", headers=admin).json["lines"]
    assert {line["withdrawal_id"]: line["on_hold"] for line in shown} == {
        first: True,
        second: False,
    }
    assert references(client, admin, batch) == {reference_of(second)}
    paid = end(client, admin, batch, outcome="paid", entry_id="out/1")
    assert (paid.status_code, paid.json["waiting"]) == (200, 1)
    assert balances_of(person) == (0, 10_000)
    again = end(client, admin, batch, outcome="paid", entry_id="out/1")
    assert (again.status_code, "on hold" in again.json["detail"]) == (409, True)
    # The flag fell after the file had gone to the bank: who knows it was paid names it.
    [held] = [line["id"] for line in shown if line["on_hold"]]
    named = end(client, admin, batch, outcome="paid", entry_id="out/1", line_ids=[held])
    assert (named.json["status"], balances_of(person), proofs()) == ("closed", (0, 0), [])


@pytest.mark.parametrize("who", ["admin", "influencer"])
def test_a_bank_transfer_can_be_stopped_until_a_batch_holds_it(client, payer, headers, admin, who):
    person, withdrawal_id = earner(client, payer, headers, admin)
    body = {"reason": "Not you."}
    path, by, event = {
        "admin": (f"/api/v1/admin/payouts/{withdrawal_id}", admin, "refuse"),
        "influencer": (f"/api/v1/influencer/withdrawals/{withdrawal_id}", bearer(person), "cancel"),
    }[who]
    more = {"json": body} if who == "admin" else {}
    assert wire.read(client, path, by)["actions"] == [event]
    answer = client.post(f"{path}/{event}", headers=by, **more)
    assert (answer.status_code, answer.json["actions"]) == (200, [])
    assert balances_of(person) == (10_000, 0)
    assert collect(client, admin).json["type"] == "nothing-waits"
    service.pay_out(withdrawal_id)
    assert (balances_of(person), proofs()) == ((10_000, 0), [])


@pytest.mark.parametrize("who", ["admin", "influencer"])
def test_a_bank_transfer_in_a_batch_cannot_be_stopped(client, payer, headers, admin, who):
    person, withdrawal_id = earner(client, payer, headers, admin)
    assert collect(client, admin).status_code == 201
    admins, own = (
        f"/api/v1/admin/payouts/{withdrawal_id}",
        f"/api/v1/influencer/withdrawals/{withdrawal_id}",
    )
    assert wire.read(client, admins, admin)["actions"] == []
    assert wire.read(client, own, bearer(person))["actions"] == []
    if who == "admin":
        answer = client.post(f"{admins}/refuse", json={"reason": "No."}, headers=admin)
    else:
        answer = client.post(f"{own}/cancel", headers=bearer(person))
    assert (answer.status_code, answer.json["type"]) == (409, "refused-transition")
    assert balances_of(person) == (0, 10_000)


def test_a_transfer_that_is_collected_and_cancelled_at_once_ends_one_way(
    app, client, payer, headers, admin
):
    person, withdrawal_id = earner(client, payer, headers, admin)
    cancel, own = f"/api/v1/influencer/withdrawals/{withdrawal_id}/cancel", bearer(person)
    statuses = at_once(
        app,
        lambda browser: browser.post(cancel, headers=own),
        lambda browser: collect(browser, admin),
    )
    assert statuses in ([200, 409], [201, 409])
    assert balances_of(person) == ((10_000, 0) if count(PayoutLine) == 0 else (0, 10_000))


def test_a_payout_is_in_one_batch(client, payer, headers, admin):
    earner(client, payer, headers, admin)
    assert collect(client, admin).status_code == 201
    answer = collect(client, admin)
    assert (answer.status_code, answer.json["type"]) == (409, "nothing-waits")
    assert collect(client, admin, currency="USD").status_code == 409
    assert count(PayoutBatch) == 1


def at_once(app, *asks) -> list[int]:
    """The statuses of requests that are sent at the same moment."""
    db.session.rollback()
    start = Barrier(len(asks))

    def go(ask) -> int:
        with app.app_context():
            start.wait()
            try:
                return ask(app.test_client()).status_code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(asks)) as pool:
        statuses = sorted(pool.map(go, asks))
    db.session.rollback()
    return statuses


def test_two_admins_who_collect_at_once_make_one_batch(app, client, payer, headers, admin):
    earner(client, payer, headers, admin)
    statuses = at_once(app, *[lambda browser: collect(browser, admin)] * 4)
    assert statuses == [201, 409, 409, 409]
    assert (count(PayoutBatch), count(PayoutLine)) == (1, 1)


def test_one_entry_for_two_deposits_at_once_counts_once(app, client, headers, admin):
    made = [open_deposit(client, headers, key=f"k{n}") for n in range(4)]
    statuses = at_once(
        app, *[lambda browser, one=one: confirm(browser, admin, one) for one in made]
    )
    assert statuses == [200, 409, 409, 409]
    assert available(client, headers) == 12_500
    assert (count(Transfer), count(GatewayEntry)) == (1, 1)
    assert proofs() == []


def test_a_batch_that_is_paid_and_failed_at_once_ends_one_way(app, client, payer, headers, admin):
    person, _ = earner(client, payer, headers, admin)
    batch = collect(client, admin).json
    ways = ({"outcome": "paid", "entry_id": "e"}, {"outcome": "failed", "reason": "No."})
    statuses = at_once(
        app, *[lambda browser, way=way: end(browser, admin, batch, **way) for way in ways * 2]
    )
    assert statuses == [200, 409, 409, 409]
    assert balances_of(person) in ((0, 0), (10_000, 0))
    assert proofs() == []


def test_a_batch_whose_request_is_repeated_is_made_once(client, payer, headers, admin):
    earner(client, payer, headers, admin)
    keyed = {**admin, "Idempotency-Key": "b1"}
    assert collect(client, keyed).json == collect(client, keyed).json
    assert count(PayoutBatch) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"outcome": "paid"},
        {"outcome": "failed"},
        {"outcome": "lost", "entry_id": "e"},
        {"outcome": "paid", "entry_id": "e", "reason": "r"},
        {"outcome": "failed", "reason": "r", "entry_id": "e"},
        {"outcome": "paid", "entry_id": ""},
        {"outcome": "paid", "entry_id": 5},
        {"outcome": "paid", "entry_id": "x" * 65},
        {"outcome": "paid", "entry_id": "e", "line_ids": []},
        {"outcome": "paid", "entry_id": "e", "line_ids": ["pol_ofanother"]},
        {"outcome": "paid", "entry_id": "e", "line_ids": [None]},
        {"outcome": "paid", "entry_id": "e", "line_ids": "all"},
        {"outcome": "paid", "entry_id": "e", "amount": 5},
        {"outcome": "paid", "entry_id": "e", "reuse_entry": "maybe"},
    ],
)
def test_what_is_no_outcome_is_refused_and_nothing_moves(client, payer, headers, admin, body):
    person, _ = earner(client, payer, headers, admin)
    batch = collect(client, admin).json
    before = count(Transfer)
    answer = end(client, admin, batch, **body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert (count(Transfer), balances_of(person)) == (before, (0, 10_000))


@pytest.mark.parametrize("named", [False, True])
def test_a_large_batch_is_ended_in_parts_and_a_failure_leaves_the_rest_to_a_retry(
    client, payer, headers, admin, monkeypatch, named
):
    monkeypatch.setattr(payout_batch_endings, "AT_ONCE", 2)
    people = [earner(client, payer, headers, admin, entry=f"in/{n}")[0] for n in range(5)]
    batch = collect(client, admin).json
    receive, left = payout_batch_endings.inbox.receive, iter([True, True, True, False])

    def fails_at_the_fourth(*args):
        if not next(left, True):
            raise ConnectionError("the database went away")
        return receive(*args)

    ending = {"outcome": "paid", "entry_id": "out/1"}
    if named:
        ending["line_ids"] = [line["id"] for line in batch["lines"]]
    with monkeypatch.context() as broken:
        broken.setattr(payout_batch_endings.inbox, "receive", fails_at_the_fourth)
        with pytest.raises(ConnectionError):
            payout_batch_endings.confirm(SYSTEM, batch_id=batch["id"], **ending)
    shown = client.get(f"{BATCHES}/{batch['id']}", headers=admin).json
    assert (shown["waiting"], shown["status"]) == (3, "open")
    assert (count(GatewayEntry), proofs()) == (5 + 2, [])
    if named:
        other = end(client, admin, batch, **{**ending, "entry_id": "out/2"})
        assert (other.status_code, other.json["state"]) == (409, "paid")
    done = end(client, admin, batch, **ending)
    assert (done.status_code, done.json["waiting"], done.json["status"]) == (200, 0, "closed")
    assert [balances_of(person) for person in people] == [(0, 0)] * 5
    assert (count(GatewayEntry), proofs()) == (5 + 5, [])


@pytest.mark.parametrize("entry", ["out/1", "OUT/1"])
def test_an_entry_that_paid_another_batch_is_taken_only_when_that_is_said(
    client, payer, headers, admin, entry
):
    earner(client, payer, headers, admin)
    first = collect(client, admin).json
    assert end(client, admin, first, outcome="paid", entry_id="out/1").status_code == 200
    person, _ = earner(client, payer, headers, admin, amount=2_550, entry="in/2")
    second = collect(client, admin).json
    refused = end(client, admin, second, outcome="paid", entry_id=entry)
    assert (refused.status_code, refused.json["type"]) == (409, "entry-of-another-batch")
    assert refused.json["batch_ids"] == [first["id"]]
    assert refused.json["paid"] == {"amount": 10_000, "currency": "EUR"}
    assert balances_of(person) == (0, 2_550)
    both = end(client, admin, second, outcome="paid", entry_id=entry, reuse_entry=True)
    assert (both.status_code, both.json["status"]) == (200, "closed")
    assert proofs() == []


def test_a_batch_says_when_its_file_was_taken_and_by_whom(client, payer, headers):
    ada, bob = make.admin(), make.admin()
    earner(client, payer, headers, bearer(ada))
    batch = collect(client, bearer(ada)).json
    assert (batch["downloaded_at"], batch["downloaded_by"]) == (None, None)
    path = f"{BATCHES}/{batch['id']}"
    for taker in (ada, bob):
        assert client.get(f"{path}/file", headers=bearer(taker)).status_code == 200
        shown = wire.read(client, path, bearer(ada))
        assert shown["downloaded_at"] is not None
        assert shown["downloaded_by"]["id"] == taker.user_id
    [listed] = wire.read(client, BATCHES, bearer(ada))["items"]
    assert listed["downloaded_at"] == shown["downloaded_at"]


def test_batches_are_for_admins_alone(client, payer, headers, admin):
    earner(client, payer, headers, admin)
    batch = collect(client, admin).json
    for path in (BATCHES, f"{BATCHES}/{batch['id']}", f"{BATCHES}/{batch['id']}/file"):
        assert client.get(path, headers=headers).status_code == 403
        assert client.get(path).status_code == 401
        assert client.get(path, headers=admin).status_code == 200
    assert client.get(f"{BATCHES}/pob_unknown", headers=admin).status_code == 404
    assert end(client, headers, batch, outcome="paid", entry_id="e").status_code == 403
    assert end(client, admin, {"id": "pob_x"}, outcome="paid", entry_id="e").status_code == 404
    [listed] = client.get(f"{BATCHES}?status=open", headers=admin).json["items"]
    assert listed["id"] == batch["id"]
    assert db.session.query(Deposit).count() == 1
