"""Deposits through Stripe: one Checkout Session, settled by the webhook or by the return, once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.core.clock import now
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import service
from app.payments.deposit_look_ups import end_unpaid_deposits
from app.payments.gateways.base import GatewayUnreachable
from app.payments.models import Deposit, GatewayEntry, GatewayEvent, Payment, Transfer
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import stripe_fake, wire
from tests.payments.stripe_fake import Trouble, signed
from tests.payments.stripe_world import EVENTS, open_deposit, tell, with_stripe
from tests.payments.stripe_world import _stripe_server as _stripe_server
from tests.payments.stripe_world import stripe_api as stripe_api
from tests.payments.wire import DEPOSITS, available, count

SESSIONS = "/v1/checkout/sessions"


@pytest.fixture
def settings(settings, stripe_api):
    return with_stripe(settings, stripe_api)


@pytest.fixture
def headers(client):
    return bearer(make.sponsor())


def read(client, headers, deposit):
    return wire.read(client, f"{DEPOSITS}/{deposit['id']}", headers)


def check(client, headers, deposit):
    return client.post(f"{DEPOSITS}/{deposit['id']}/check", headers=headers)


def proofs() -> list[str]:
    return [check.detail for check in service.check_ledger() if not check.ok]


def test_a_deposit_opens_one_checkout_session_that_names_it(client, headers, stripe_api):
    deposit = open_deposit(client, headers)
    service.open_deposit(deposit["id"])
    [session] = stripe_api.of("checkout.session")
    assert stripe_api.made == {SESSIONS: 1}
    assert deposit["pay_url"] == session["url"]
    assert (session["amount_total"], session["currency"]) == (12_500, "eur")
    assert session["client_reference_id"] == deposit["id"]
    back = f"/sponsor/wallet?deposit={deposit['id']}"
    assert session["success_url"].endswith(back)
    assert session["cancel_url"].endswith(f"{back}&cancelled=1")
    _, _, _, sent = stripe_api.calls[0]
    assert sent["idempotency-key"] == deposit["id"]


def test_the_webhook_settles_a_deposit(client, headers, stripe_api):
    deposit = open_deposit(client, headers)
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    assert tell(client, "checkout.session.completed", paid).status_code == 204
    assert read(client, headers, deposit)["status"] == "settled"
    assert available(client, headers) == 12_500
    assert db.session.query(GatewayEntry).one().external_id == paid["payment_intent"]
    assert proofs() == []


def test_a_session_of_a_connected_account_settles_no_deposit_of_ours(client, headers, stripe_api):
    deposit = open_deposit(client, headers)
    theirs = {
        **stripe_api.things[stripe_api.of("checkout.session")[0]["id"]],
        "status": "complete",
        "payment_status": "paid",
        "payment_intent": "pi_of_theirs",
    }
    told = tell(client, "checkout.session.completed", theirs, account="acct_1SWaccLkdIwHu7ix")
    assert told.status_code == 204
    assert read(client, headers, deposit)["status"] == "open"
    assert db.session.query(GatewayEntry).count() == 0
    assert tell(client, "checkout.session.completed", theirs, event_id="evt_2").status_code == 204
    assert read(client, headers, deposit)["status"] == "settled"


def test_the_return_settles_a_deposit_without_a_webhook(client, headers, stripe_api):
    deposit = open_deposit(client, headers)
    assert check(client, headers, deposit).json["status"] == "open"
    stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    assert check(client, headers, deposit).json["status"] == "settled"
    assert check(client, headers, deposit).json["status"] == "settled"
    assert (available(client, headers), count(Transfer)) == (12_500, 1)
    assert proofs() == []


def test_the_sweep_settles_a_deposit_of_which_nothing_was_heard(client, headers, stripe_api):
    deposit = open_deposit(client, headers)
    stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    assert service.look_up_deposits() == 0  # too early to ask

    def grow_old() -> None:
        row = db.session.get_one(Deposit, deposit["id"])
        row.updated_at = now().replace(year=now().year - 1)

    unit_of_work(grow_old)
    assert service.look_up_deposits() == 1
    assert available(client, headers) == 12_500


def test_the_webhook_and_the_return_at_once_settle_once(app, client, headers, stripe_api):
    deposits = [
        open_deposit(client, {**headers, "Idempotency-Key": f"k{n}"}, 10_000 + n) for n in range(1)
    ]
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    start = Barrier(8)

    def go(number: int) -> int:
        with app.app_context():
            browser = app.test_client()
            start.wait()
            try:
                if number % 2:
                    return check(browser, headers, deposits[0]).status_code
                kind = "checkout.session.completed"
                return tell(browser, kind, paid, event_id=f"evt_{number}").status_code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(go, range(8)))
    assert set(statuses) == {200, 204}
    db.session.rollback()
    assert (available(client, headers), count(Transfer), count(GatewayEntry)) == (10_000, 1, 1)
    assert proofs() == []


@pytest.mark.parametrize(
    ("kind", "changes", "status", "failure"),
    [
        ("checkout.session.expired", {"status": "expired"}, "declined", "not used in time"),
        ("checkout.session.async_payment_failed", {"status": "complete"}, "declined", "failed"),
        ("checkout.session.completed", {"status": "complete"}, "open", ""),
        ("customer.created", {}, "open", ""),
    ],
)
def test_an_event_without_money_credits_nothing(
    client, headers, stripe_api, kind, changes, status, failure
):
    deposit = open_deposit(client, headers)
    thing = stripe_api.change(stripe_api.of("checkout.session")[0]["id"], **changes)
    assert tell(client, kind, thing).status_code == 204
    found = read(client, headers, deposit)
    assert found["status"] == status
    assert failure in (found["failure"] or "")
    assert available_or_nothing(client, headers) == 0


def test_a_payment_of_another_sum_stays_in_the_inbox(client, headers, stripe_api):
    open_deposit(client, headers)
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    tell(client, "checkout.session.completed", {**paid, "amount_total": 12_499})
    assert available_or_nothing(client, headers) == 0
    assert db.session.query(GatewayEvent).one().error == "the amount is not that of the deposit"


def test_an_answer_that_is_lost_for_good_opens_no_second_session(client, headers, stripe_api):
    stripe_api.troubles.append(Trouble(f"POST {SESSIONS}", "lose", times=3))
    deposit_id = wire.deposit(client, headers, gateway="stripe").json["id"]
    with pytest.raises(GatewayUnreachable):
        service.open_deposit(deposit_id)
    assert read(client, headers, {"id": deposit_id})["pay_url"] is None
    service.open_deposit(deposit_id)
    assert stripe_api.made == {SESSIONS: 1}
    assert read(client, headers, {"id": deposit_id})["pay_url"] is not None


def test_a_lost_answer_is_asked_for_again_by_itself(client, headers, stripe_api):
    stripe_api.troubles.append(Trouble(f"POST {SESSIONS}", "lose"))
    assert open_deposit(client, headers)["pay_url"] is not None
    assert stripe_api.made == {SESSIONS: 1}
    assert len(stripe_api.calls) == 2


def test_a_refused_session_declines_the_deposit_with_stripes_reason(client, headers, stripe_api):
    deposit = open_deposit(client, headers, amount=20)
    assert deposit["status"] == "declined"
    assert "at least 50 cents" in deposit["failure"]


def test_the_return_says_when_the_gateway_does_not_answer(client, headers, stripe_api):
    deposit = open_deposit(client, headers)
    session = stripe_api.of("checkout.session")[0]["id"]
    stripe_api.troubles.append(Trouble(f"GET {SESSIONS}/{session}", "break", times=3))
    answer = check(client, headers, deposit)
    assert (answer.status_code, answer.json["type"]) == (503, "unavailable")
    assert "Retry-After" in answer.headers


def test_an_amount_that_stripe_does_not_take_is_refused_at_once(client, headers):
    money = {"amount": 100_000_000, "currency": "EUR"}
    answer = wire.deposit(client, headers, gateway="stripe", amount=money)
    assert (answer.status_code, "amount" in answer.json["errors"]) == (422, True)
    assert count(Payment) == 0


def test_a_stranger_and_a_viewer_check_nothing(client, headers, stripe_api):
    deposit = open_deposit(client, headers)
    stranger = bearer(make.sponsor())
    assert check(client, stranger, deposit).status_code == 404
    assert check(client, bearer(make.influencer()), deposit).status_code == 403
    assert check(client, {}, deposit).status_code == 401


# --- signatures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=1,v1=00",
        "t=now,v1=00",
        "v1=00",
        "t=1",
        "t=1,v1=é",
        "t=" + "9" * 5000 + ",v1=00",
        "t=-1,v0=00",
    ],
)
def test_a_forged_event_is_refused(client, headers, stripe_api, header):
    open_deposit(client, headers)
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    body, _ = signed("checkout.session.completed", paid)
    answer = client.post(EVENTS, data=body, headers={"Stripe-Signature": header.encode("latin-1")})
    assert (answer.status_code, answer.json["type"]) == (401, "bad-signature")
    assert count(GatewayEvent) == 0


@pytest.mark.parametrize(
    "more",
    [{"secret": "whsec_guess"}, {"at": int(time.time()) - 301}],
    ids=["another secret", "six minutes old"],
)
def test_an_event_of_another_secret_or_of_long_ago_is_refused(client, headers, stripe_api, more):
    open_deposit(client, headers)
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    assert tell(client, "checkout.session.completed", paid, **more).status_code == 401
    assert available_or_nothing(client, headers) == 0


def test_a_body_that_was_changed_after_signing_is_refused(client, headers, stripe_api):
    open_deposit(client, headers)
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    body, sent = signed("checkout.session.completed", paid)
    answer = client.post(EVENTS, data=body.replace(b"12500", b"92500"), headers=sent)
    assert answer.status_code == 401


@pytest.mark.parametrize("secret", stripe_fake.SECRETS)
def test_an_event_that_is_replayed_counts_once(client, headers, stripe_api, secret):
    open_deposit(client, headers)
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    for _ in range(5):
        answer = tell(client, "checkout.session.completed", paid, secret=secret)
        assert answer.status_code == 204
    assert (available(client, headers), count(Transfer), count(GatewayEvent)) == (12_500, 1, 1)


@pytest.mark.parametrize(
    "thing",
    [
        {},
        {"client_reference_id": 5},
        {"client_reference_id": "dep_x", "currency": "eur", "payment_status": "paid",
         "amount_total": True, "payment_intent": "pi_1"},
        {"client_reference_id": "dep_x", "currency": "eur", "payment_status": "paid",
         "amount_total": 1.5, "payment_intent": "pi_1"},
        {"client_reference_id": "dep_x", "currency": "eur", "payment_status": "paid",
         "amount_total": -1, "payment_intent": "pi_1"},
        {"client_reference_id": "dep_x", "currency": "eur", "payment_status": "paid",
         "amount_total": 10**30, "payment_intent": "pi_1"},
        {"client_reference_id": "dep_x", "currency": "xxq", "payment_status": "paid",
         "amount_total": 100, "payment_intent": "pi_1"},
        {"client_reference_id": "x" * 500, "currency": "eur", "payment_status": "paid"},
        [],
        None,
    ],
)  # fmt: skip
def test_a_signed_event_that_makes_no_sense_changes_nothing(client, app, thing):
    assert tell(client, "checkout.session.completed", thing).status_code in (204, 400)
    assert count(GatewayEvent) == count(Transfer) == 0


def available_or_nothing(client, headers) -> int:
    balances = wire.read(client, "/api/v1/sponsor/wallet", headers)["balances"]
    return sum(line["available"] for line in balances)


# --- every deposit ends -------------------------------------------------------------------------


def age(deposit_id: str, **columns: timedelta) -> None:
    """Let moments of a deposit be that long ago."""

    def work() -> None:
        row = db.session.get_one(Deposit, deposit_id)
        for name, ago in columns.items():
            setattr(row, name, now() - ago)

    unit_of_work(work)
    db.session.remove()


def test_a_deposit_that_was_never_opened_is_opened_by_the_sweep(client, headers, stripe_api):
    deposit = wire.deposit(client, headers, gateway="stripe").json
    assert service.look_up_deposits() == 0
    age(deposit["id"], updated_at=timedelta(minutes=16))
    assert service.look_up_deposits() == 1
    assert read(client, headers, deposit)["pay_url"] == stripe_api.of("checkout.session")[0]["url"]
    assert stripe_api.made[SESSIONS] == 1


def test_what_was_not_paid_in_time_is_declined_and_settles_when_money_comes(
    client, headers, stripe_api
):
    kept = open_deposit(client, headers, 10_000)
    never_opened = wire.deposit(client, headers, key="k2", gateway="stripe").json
    # Complete, but a bank debit that never ends.
    stripe_api.change(stripe_api.of("checkout.session")[0]["id"], status="complete")
    assert end_unpaid_deposits() == 0
    for deposit in (kept, never_opened):
        age(deposit["id"], created_at=timedelta(days=31))
    assert (end_unpaid_deposits(), end_unpaid_deposits()) == (2, 0)
    for deposit in (kept, never_opened):
        found = read(client, headers, deposit)
        assert found["status"] == "declined"
        assert found["failure"] == "It was not paid within 30 days."
    paid = stripe_api.pay(stripe_api.of("checkout.session")[0]["id"])
    assert tell(client, "checkout.session.async_payment_succeeded", paid).status_code == 204
    assert read(client, headers, kept)["status"] == "settled"
    assert available(client, headers) == 10_000
    assert proofs() == []


def test_a_gateway_that_does_not_answer_is_asked_once_in_a_sweep(client, headers, stripe_api):
    deposits = [
        wire.deposit(client, headers, key=f"k{number}", gateway="stripe").json
        for number in range(3)
    ]
    for deposit in deposits:
        service.open_deposit(deposit["id"])
        age(deposit["id"], updated_at=timedelta(hours=2))
    name = stripe_api.of("checkout.session")[0]["id"]
    stripe_api.troubles.append(Trouble(f"GET {SESSIONS}/{name}", "break", times=9))
    before = len(stripe_api.calls)
    assert service.look_up_deposits() == 1
    asked = {path for _, path, _, _ in stripe_api.calls[before:]}
    assert asked == {f"{SESSIONS}/{name}"}
