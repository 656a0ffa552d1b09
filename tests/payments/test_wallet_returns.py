"""Money of a wallet goes back to its sponsor by an entry of the bank; no cent is left behind."""

from __future__ import annotations

import pytest

from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from app.notifications.models import Notification
from app.payments import ledger, postings, service, statement_comparison
from app.payments.models import GatewayEntry, GatewayEvent, Payment, Transfer
from app.payments.statement_comparison import LineState
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import wire
from tests.payments.test_manual_gateway import admin as admin
from tests.payments.test_manual_gateway import confirm, open_deposit, proofs
from tests.payments.test_manual_gateway import headers as headers
from tests.payments.test_manual_gateway import payer as payer
from tests.payments.test_manual_gateway import settings as settings
from tests.payments.wire import BAD_AMOUNTS, available, count

OWN = "/api/v1/admin/ledger/own-money"


def give_back(client, admin, sponsor_id, amount=12_500, entry="OUT/1", key="r1", **changes):
    body = {
        "amount": {"amount": amount, "currency": "EUR"},
        "entry_id": entry,
        "reason": "You asked for it.",
        **changes,
    }
    path = f"/api/v1/admin/wallets/{sponsor_id}/returns"
    return client.post(path, json=body, headers={**admin, "Idempotency-Key": key})


def close(client, admin, person):
    return client.post(f"/api/v1/admin/users/{person.user_id}/close", json={}, headers=admin)


def in_bank() -> int:
    found = ledger.balance_of(postings.cash("manual", "EUR"))
    db.session.rollback()
    return found


@pytest.fixture
def paid(client, headers, admin):
    """12,500 came by a bank transfer."""
    assert confirm(client, admin, open_deposit(client, headers)).status_code == 200


# --- returning ----------------------------------------------------------------------------------


def test_what_is_returned_leaves_the_wallet_and_the_bank(client, payer, headers, admin, paid):
    answer = give_back(client, admin, payer.id, 4_500, entry="out/7")
    assert answer.status_code == 201, answer.text
    assert (answer.json["kind"], answer.json["status"]) == ("wallet_return", "settled")
    assert answer.json["amount"] == {"amount": 4_500, "currency": "EUR"}
    assert (available(client, headers), in_bank()) == (8_000, 8_000)
    [entry] = db.session.query(GatewayEntry).filter(GatewayEntry.amount < 0)
    assert (entry.amount, entry.statement_id) == (-4_500, "OUT/7")
    db.session.rollback()
    assert proofs() == []


def test_the_sponsor_reads_it_in_the_wallet_the_statement_and_the_news(
    client, payer, headers, admin, paid
):
    payment = give_back(client, admin, payer.id, 4_500).json["id"]
    [listed] = wire.read(client, "/api/v1/sponsor/payments?kind=wallet_return", headers)["items"]
    assert listed["id"] == payment
    [balance] = wire.read(client, "/api/v1/sponsor/wallet", headers)["balances"]
    assert (balance["deposited"], balance["returned"], balance["available"]) == (
        12_500,
        4_500,
        8_000,
    )
    lines = wire.read(client, "/api/v1/sponsor/statement?currency=EUR", headers)["items"]
    assert [line["kind"] for line in lines] == ["deposit", "wallet_return"]
    [news] = db.session.query(Notification).filter_by(kind="wallet_returned")
    assert (news.user_id, news.params["reason"]) == (payer.user_id, "You asked for it.")


def test_the_admin_stands_in_the_trail_with_entry_and_reason(client, payer, admin, paid):
    give_back(client, admin, payer.id, 4_500)
    [entry] = db.session.query(AuditEntry).filter_by(action="payment.wallet_return")
    assert entry.data["sponsor_id"] == payer.id
    assert (entry.data["amount"], entry.data["entry_id"]) == (4_500, "OUT/1")
    assert entry.data["reason"] == "You asked for it."


def test_an_entry_counts_once_whoever_books_it(client, payer, admin, paid):
    first = give_back(client, admin, payer.id, 4_500)
    again = give_back(client, admin, payer.id, 4_500, entry="out/1", key="r2")
    assert (again.status_code, again.json["id"]) == (201, first.json["id"])
    other = give_back(client, admin, payer.id, 4_501, key="r3")
    assert other.status_code == 409
    stranger = make.sponsor()
    make.fund(stranger, 9_000)
    theirs = give_back(client, admin, stranger.id, 4_500, key="r4")
    assert (theirs.status_code, theirs.json["type"]) == (409, "entry-booked")
    deposit_entry = give_back(client, admin, payer.id, 4_500, entry="2026-11-22/1", key="r5")
    assert (deposit_entry.status_code, deposit_entry.json["type"]) == (409, "entry-booked")
    assert count(Payment) == 3  # two deposits, one return
    assert in_bank() == 8_000
    assert proofs() == []


def test_only_what_is_available_goes_back(client, payer, admin, paid):
    unit_of_work(
        lambda: service.hold(
            payer.actor, reference="adr_1", sponsor_id=payer.id, currency="EUR",
            fee=10_000, commission_cap=0, platform_fee=0,
        )
    )  # fmt: skip
    answer = give_back(client, admin, payer.id, 2_501)
    assert (answer.status_code, answer.json["type"]) == (409, "insufficient-funds")
    assert answer.json["available"] == {"amount": 2_500, "currency": "EUR"}
    assert (count(GatewayEvent), in_bank()) == (1, 12_500)
    assert give_back(client, admin, payer.id, 2_500, key="r2").status_code == 201


def test_what_came_through_another_gateway_goes_back_with_own_money_at_the_bank(
    client, payer, headers, admin
):
    make.fund(payer, 700)
    short = give_back(client, admin, payer.id, 700)
    assert short.status_code == 409
    assert "less cash" in short.json["detail"]
    assert (count(Payment), available(client, headers)) == (1, 700)
    body = {"amount": {"amount": 700, "currency": "EUR"}, "entry_id": "IN/1", "reason": "For it"}
    client.post(OWN, json=body, headers={**admin, "Idempotency-Key": "own"})
    assert give_back(client, admin, payer.id, 700, key="r2").status_code == 201
    assert available(client, headers) == in_bank() == 0
    assert proofs() == []


def test_the_statement_of_the_bank_matches(client, payer, admin, paid):
    give_back(client, admin, payer.id, 4_500)
    content = (
        "date,entry id,amount,currency,text\n"
        "2026-11-22,2026-11-22/1,125.00,EUR,in\n2026-11-23,OUT/1,-45.00,EUR,back\n"
    )
    found = statement_comparison.compare(gateway="manual", content=content)
    assert found.count(LineState.MATCHED) == 2


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_a_bad_amount_returns_nothing(client, payer, admin, paid, amount):
    answer = client.post(
        f"/api/v1/admin/wallets/{payer.id}/returns",
        data=f'{{"amount": {amount}, "entry_id": "e", "reason": "r"}}',
        content_type="application/json",
        headers={**admin, "Idempotency-Key": "bad"},
    )
    assert answer.status_code in (400, 422)
    assert count(Transfer) == 1


def test_nobody_but_an_admin_returns_money_and_only_of_a_sponsor(
    client, payer, headers, admin, paid
):
    assert give_back(client, headers, payer.id, 1).status_code == 403
    assert give_back(client, admin, "spn_none", 1).status_code == 404
    assert give_back(client, admin, payer.id, 1, reason="", key="r2").status_code == 422
    assert count(Transfer) == 1


# --- closing ------------------------------------------------------------------------------------


def test_a_sponsor_with_one_cent_is_closed_once_it_is_returned(client, payer, admin, paid):
    give_back(client, admin, payer.id, 12_499)
    refused = close(client, admin, payer)
    assert refused.json["money"] == [{"amount": 1, "currency": "EUR"}]
    give_back(client, admin, payer.id, 1, entry="OUT/2", key="r2")
    assert close(client, admin, payer).json["status"] == "closed"
    assert (in_bank(), proofs()) == (0, [])


def test_what_is_owed_keeps_no_account_and_stands_in_the_trail(client, admin):
    payer, earner = make.sponsor(), make.influencer()
    unit_of_work(
        lambda: ledger.post(
            SYSTEM, postings.owe("claw_1", earner.id, payer.id, "EUR", 300, "adr_1")
        )
    )
    for person in (earner, payer):
        assert close(client, admin, person).status_code == 200
    entries = db.session.query(AuditEntry).filter_by(action="user.close").all()
    assert [entry.data["owed"] for entry in entries] == [[{"amount": 300, "currency": "EUR"}]] * 2
    assert ledger.balance_of(postings.owed_by(earner.id, "EUR")) == 300


def test_a_deposit_that_comes_after_closing_is_booked_with_its_way_out(
    client, payer, headers, admin
):
    deposit = open_deposit(client, headers)
    client.post(
        f"/api/v1/admin/deposits/{deposit['id']}/decline", json={"reason": "late"}, headers=admin
    )
    assert close(client, admin, payer).status_code == 200
    refused = confirm(client, admin, deposit)
    assert (refused.status_code, refused.json["type"]) == (409, "sponsor-closed")
    assert "return_entry_id" in refused.json["detail"]
    assert count(Transfer) == count(GatewayEvent) - 1 == 0
    path = f"/api/v1/admin/deposits/{deposit['id']}/confirm"
    body = {"amount": {"amount": 12_500, "currency": "EUR"}, "entry_id": "IN/1"}
    same = client.post(path, json={**body, "return_entry_id": "in/1"}, headers=admin)
    assert (same.status_code, same.json["type"]) == (409, "entry-booked")
    assert count(Transfer) == 0
    done = client.post(path, json={**body, "return_entry_id": "OUT/1"}, headers=admin)
    assert (done.status_code, done.json["status"]) == (200, "settled")
    wallet = wire.read(client, f"/api/v1/admin/wallets/{payer.id}", admin)["balances"]
    assert [(one["deposited"], one["returned"], one["available"]) for one in wallet] == [
        (12_500, 12_500, 0)
    ]
    assert (in_bank(), count(GatewayEntry), proofs()) == (0, 2, [])


def test_the_way_out_is_for_closed_accounts_only(client, headers, admin):
    deposit = open_deposit(client, headers)
    body = {
        "amount": {"amount": 12_500, "currency": "EUR"},
        "entry_id": "IN/1",
        "return_entry_id": "OUT/1",
    }
    path = f"/api/v1/admin/deposits/{deposit['id']}/confirm"
    answer = client.post(path, json=body, headers=admin)
    assert answer.status_code == 422
    assert count(Transfer) == 0


def test_what_reaches_a_closed_wallet_otherwise_is_returned_all_the_same(
    client, payer, admin, paid
):
    unit_of_work(
        lambda: USER.move(db.session.get_one(User, payer.user_id), SYSTEM, UserEvent.CLOSE)
    )
    assert give_back(client, admin, payer.id).status_code == 201
    assert in_bank() == 0


def test_the_admin_reads_any_wallet(client, payer, headers, admin, paid):
    path = f"/api/v1/admin/wallets/{payer.id}"
    [balance] = wire.read(client, path, admin)["balances"]
    assert balance["available"] == 12_500
    assert client.get(path, headers=headers).status_code == 403
    assert client.get("/api/v1/admin/wallets/spn_none", headers=admin).status_code == 404
    assert client.get(path, headers=bearer(make.influencer())).status_code == 403
