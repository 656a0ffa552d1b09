"""Payouts through Stripe: a transfer and a payout, once, whatever dies or is not answered."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus, run_job
from app.core.transaction import unit_of_work
from app.identity import service as identity
from app.payments import service
from app.payments.gateways.base import FactKind, GatewayFact, GatewayUnreachable, Refused
from app.payments.gateways.registry import payee_onboarding
from app.payments.models import GatewayEntry, Transfer, Withdrawal, WithdrawalStatus
from run import die_with_parent
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import stripe_fake
from tests.payments.stripe_fake import Trouble
from tests.payments.stripe_world import ACCOUNT, rich_influencer, tell, with_stripe
from tests.payments.stripe_world import _stripe_server as _stripe_server
from tests.payments.stripe_world import stripe_api as stripe_api
from tests.services.processes import ROOT

WITHDRAWALS = "/api/v1/influencer/withdrawals"
TRANSFERS, PAYOUTS = "/v1/transfers", "/v1/payouts"


@pytest.fixture
def settings(settings, stripe_api):
    return with_stripe(settings, stripe_api)


@pytest.fixture
def payer(app):
    return make.sponsor()


@pytest.fixture
def earner(client, payer, stripe_api):
    return rich_influencer(client, payer, bearer(payer), stripe_api)


@pytest.fixture
def headers(client, earner):
    return bearer(earner)


def ask(client, headers, amount=4_000) -> str:
    answer = client.post(
        WITHDRAWALS,
        json={"amount": {"amount": amount, "currency": "EUR"}},
        headers={**headers, "Idempotency-Key": "k1"},
    )
    assert (answer.status_code, answer.json["gateway"]) == (201, "stripe"), answer.json
    return answer.json["id"]


def state(withdrawal_id: str) -> tuple[WithdrawalStatus, int, int]:
    """Its status, what may be withdrawn, and what is on its way out."""
    db.session.rollback()
    row = db.session.get_one(Withdrawal, withdrawal_id, populate_existing=True)
    [balance] = service.earnings(row.influencer_id).balances
    return row.status, balance.available, balance.in_flight


def made(stripe_api) -> tuple[int, int]:
    return stripe_api.made[TRANSFERS], stripe_api.made[PAYOUTS]


def proofs() -> list[str]:
    return [check.detail for check in service.check_ledger() if not check.ok]


PAID = (WithdrawalStatus.PAID, 8_500, 0)
UNKNOWN = (WithdrawalStatus.UNKNOWN, 8_500, 4_000)
SENDING = (WithdrawalStatus.SENDING, 8_500, 4_000)
QUEUED = (WithdrawalStatus.QUEUED, 8_500, 4_000)
FAILED = (WithdrawalStatus.FAILED, 12_500, 0)


def test_a_payout_is_a_transfer_and_a_payout_with_keys_of_ours(client, headers, stripe_api):
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == PAID
    [transfer], [payout] = stripe_api.of("transfer"), stripe_api.of("payout")
    assert (transfer["amount"], transfer["destination"]) == (4_000, ACCOUNT)
    assert transfer["transfer_group"] == withdrawal_id
    assert (payout["amount"], payout["_account"]) == (4_000, ACCOUNT)
    keys = {
        path: sent["idempotency-key"]
        for method, path, _, sent in stripe_api.calls
        if method == "POST" and path in (TRANSFERS, PAYOUTS)
    }
    assert keys == {TRANSFERS: withdrawal_id, PAYOUTS: f"{withdrawal_id}:payout"}
    out = db.session.query(GatewayEntry).filter(GatewayEntry.amount < 0).one()
    assert (out.external_id, out.amount) == (transfer["id"], -4_000)
    assert proofs() == []


def test_a_payout_under_way_is_paid_when_its_event_has_been_looked_up(client, headers, stripe_api):
    stripe_api.payout_status = "in_transit"
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == SENDING
    payout = stripe_api.change(stripe_api.of("payout")[0]["id"], status="paid")
    before = db.session.query(Job).filter_by(name="payments.pay_out").count()
    for _ in range(2):
        assert tell(client, "payout.paid", payout, secret=stripe_fake.SECRETS[1]).status_code == 204
    assert db.session.query(Job).filter_by(name="payments.pay_out").count() > before
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == PAID
    assert made(stripe_api) == (1, 1)


def test_a_failed_payout_is_taken_back_before_it_comes_back(client, headers, stripe_api):
    stripe_api.payout_status = "in_transit"
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    name = stripe_api.of("payout")[0]["id"]
    stripe_api.change(name, status="failed", failure_message="The account has been closed.")
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == FAILED
    assert stripe_api.of("transfer")[0]["reversed"] is True
    assert "closed" in (db.session.get_one(Withdrawal, withdrawal_id).failure or "")
    assert proofs() == []


def test_a_failed_payout_whose_transfer_stays_is_not_given_back(client, headers, stripe_api):
    stripe_api.payout_status = "failed"
    withdrawal_id = ask(client, headers)
    reversals = "POST /v1/transfers/tr_2/reversals"
    stripe_api.troubles.append(Trouble(reversals, "error_payouts_disabled"))
    with pytest.raises(GatewayUnreachable):
        service.pay_out(withdrawal_id)
    assert stripe_api.of("transfer")[0]["id"] == "tr_2"
    assert state(withdrawal_id) == UNKNOWN
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == FAILED


def test_a_payout_that_comes_back_after_it_was_paid_may_be_withdrawn_again(
    client, headers, stripe_api
):
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == PAID
    name = stripe_api.of("payout")[0]["id"]
    payout = stripe_api.change(
        name, status="failed", failure_message="The account has been closed."
    )
    assert tell(client, "payout.failed", payout, secret=stripe_fake.SECRETS[1]).status_code == 204
    for _ in range(2):
        service.pay_out(withdrawal_id)
        assert state(withdrawal_id) == FAILED
    assert stripe_api.of("transfer")[0]["reversed"] is True
    transfer_id = stripe_api.of("transfer")[0]["id"]
    lines = {line.external_id: line.amount for line in db.session.query(GatewayEntry)}
    assert lines[transfer_id] == -4_000
    assert lines[f"{transfer_id}:back"] == 4_000
    row = client.get(f"/api/v1/influencer/withdrawals/{withdrawal_id}", headers=headers).json
    assert row["failure"] == "It was paid and came back: The account has been closed."
    assert [step["name"] for step in row["steps"]] == ["requested", "sent", "paid", "failed"]
    assert proofs() == []


def fail_at_the_bank(stripe_api) -> None:
    """The bank sends the payout back, and no event tells of it."""
    name = stripe_api.of("payout")[0]["id"]
    stripe_api.change(name, status="failed", failure_message="The account has been closed.")


def test_what_was_paid_is_looked_up_each_day_for_two_weeks(client, headers, stripe_api):
    withdrawal_id = ask(client, headers)
    [job] = jobs_named("payments.pay_out")
    assert run_job(job)
    looked, start = [], now()
    for days in range(20):
        with time_machine.travel(start + timedelta(days=days, minutes=1), tick=False):
            assert service.try_payouts_again() == len(jobs_named("payments.pay_out_again"))
            for job in jobs_named("payments.pay_out_again"):
                assert run_job(job)
                looked.append(days)
    assert looked == list(range(1, 14))
    assert state(withdrawal_id) == PAID


def jobs_named(name: str) -> list[str]:
    """The jobs of a name that have not run yet."""
    wanted = Job.name == name, Job.status == JobStatus.QUEUED
    found = list(db.session.scalars(select(Job.id).where(*wanted)))
    db.session.rollback()
    return found


def test_what_came_back_is_found_without_any_event(client, headers, stripe_api):
    withdrawal_id = ask(client, headers)
    [job] = jobs_named("payments.pay_out")
    assert run_job(job)
    fail_at_the_bank(stripe_api)
    assert service.try_payouts_again() == 0
    with time_machine.travel(now() + timedelta(days=1, minutes=1), tick=False):
        assert service.try_payouts_again() == 1
        [job] = jobs_named("payments.pay_out_again")
        assert run_job(job)
    assert state(withdrawal_id) == FAILED
    assert proofs() == []


def test_an_admin_looks_up_whether_a_paid_one_came_back(client, headers, stripe_api):
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    fail_at_the_bank(stripe_api)
    path, admin = f"/api/v1/admin/payouts/{withdrawal_id}", bearer(make.admin())
    assert client.get(path, headers=admin).json["actions"] == ["retry"]
    assert client.post(f"{path}/retry", headers=admin).json["status"] == "paid"
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == FAILED
    assert proofs() == []


def test_nothing_comes_back_that_was_never_paid(client, headers, stripe_api):
    stripe_api.payout_status = "in_transit"
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    fact = GatewayFact(
        event_id="early", kind=FactKind.PAYOUT_RETURNED, subject=withdrawal_id, amount=4_000,
        currency="EUR", entry_id="back",
    )  # fmt: skip
    assert (
        unit_of_work(lambda: service.receive("stripe", fact).error) == "the withdrawal is sending"
    )
    assert state(withdrawal_id) == SENDING


def test_an_account_that_cannot_be_paid_fails_the_withdrawal(client, headers, stripe_api):
    stripe_api.troubles.append(Trouble(f"POST {PAYOUTS}", "error_payouts_disabled"))
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == FAILED
    assert stripe_api.of("transfer")[0]["reversed"] is True
    assert proofs() == []


@pytest.mark.parametrize(("path", "meanwhile"), [(TRANSFERS, QUEUED), (PAYOUTS, SENDING)])
def test_what_is_not_available_yet_is_asked_for_anew_and_fails_nothing(
    client, headers, stripe_api, path, meanwhile
):
    stripe_api.troubles.append(Trouble(f"POST {path}", "error_balance", times=2))
    withdrawal_id = ask(client, headers)
    for _ in range(2):
        service.pay_out(withdrawal_id)
        assert state(withdrawal_id) == meanwhile
        row = db.session.get_one(Withdrawal, withdrawal_id)
        assert row.next_try_at > now() + timedelta(minutes=50)
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == PAID
    assert made(stripe_api) == (1, 1)
    assert proofs() == []


def test_what_has_to_wait_at_stripe_may_be_cancelled_until_it_has_begun(
    client, headers, stripe_api
):
    stripe_api.troubles.append(Trouble(f"POST {TRANSFERS}", "error_balance"))
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    path = f"{WITHDRAWALS}/{withdrawal_id}/cancel"
    assert client.post(path, headers=headers).json["status"] == "cancelled"
    service.pay_out(withdrawal_id)
    assert made(stripe_api) == (0, 0)
    assert state(withdrawal_id) == (WithdrawalStatus.CANCELLED, 12_500, 0)


def test_a_transfer_that_the_list_does_not_show_is_not_made_twice(client, headers, stripe_api):
    stripe_api.troubles.append(Trouble(f"POST {PAYOUTS}", "error_balance"))
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    stripe_api.change(stripe_api.of("transfer")[0]["id"], transfer_group="not indexed yet")
    service.pay_out(withdrawal_id)
    assert (state(withdrawal_id), made(stripe_api)) == (PAID, (1, 1))


def test_an_account_that_cannot_be_seen_any_more_gives_the_money_back(client, headers, stripe_api):
    stripe_api.payout_status = "in_transit"
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == SENDING
    stripe_api.troubles.append(Trouble(f"GET {PAYOUTS}", "error_payouts_disabled"))
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == FAILED
    assert stripe_api.of("transfer")[0]["reversed"] is True
    assert proofs() == []


def test_a_payout_that_cannot_be_looked_up_does_not_hang_in_sending(client, headers, stripe_api):
    stripe_api.payout_status = "in_transit"
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    name = stripe_api.of("transfer")[0]["id"]
    stripe_api.troubles.append(Trouble(f"GET {TRANSFERS}/{name}", "error_payouts_disabled"))
    with pytest.raises(Refused):
        service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == UNKNOWN


def test_a_payout_of_which_nothing_was_heard_for_days_may_be_looked_up_by_hand(
    client, headers, stripe_api
):
    stripe_api.payout_status = "in_transit"
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    path = f"/api/v1/admin/payouts/{withdrawal_id}"
    admin = bearer(make.admin())
    assert "retry" not in client.get(path, headers=admin).json["actions"]
    assert client.post(f"{path}/retry", headers=admin).status_code == 409

    def long_ago() -> None:
        db.session.get_one(Withdrawal, withdrawal_id).sent_at = now() - timedelta(days=3)
        db.session.flush()

    unit_of_work(long_ago)
    assert "retry" in client.get(path, headers=admin).json["actions"]
    assert client.post(f"{path}/retry", headers=admin).status_code == 200


@pytest.mark.parametrize("path", [TRANSFERS, PAYOUTS])
def test_an_unknown_outcome_is_looked_up_and_paid_once(client, headers, stripe_api, path):
    stripe_api.troubles.append(Trouble(f"POST {path}", "lose", times=3))
    withdrawal_id = ask(client, headers)
    with pytest.raises(GatewayUnreachable):
        service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == UNKNOWN
    stripe_api.answered.clear()  # so late that Stripe has forgotten the keys
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == PAID
    assert made(stripe_api) == (1, 1)
    assert proofs() == []


def test_a_gateway_that_is_down_changes_nothing(client, headers, stripe_api):
    stripe_api.troubles.append(Trouble(f"POST {TRANSFERS}", "break", times=3))
    withdrawal_id = ask(client, headers)
    with pytest.raises(GatewayUnreachable):
        service.pay_out(withdrawal_id)
    assert made(stripe_api) == (0, 0)
    assert state(withdrawal_id) == UNKNOWN
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == PAID


def test_what_stripe_never_saw_waits_for_a_flag_that_fell_meanwhile(
    client, headers, stripe_api, earner
):
    stripe_api.troubles.append(Trouble(f"POST {TRANSFERS}", "break", times=3))
    withdrawal_id = ask(client, headers)
    with pytest.raises(GatewayUnreachable):
        service.pay_out(withdrawal_id)

    def flag(held: bool) -> None:
        effects = {"suspended": False, "hidden": False, "money_on_hold": held}
        unit_of_work(lambda: identity.set_effects(SYSTEM, user_id=earner.user_id, **effects))

    flag(True)
    for _ in range(2):
        service.pay_out(withdrawal_id)
        assert (made(stripe_api), state(withdrawal_id)) == ((0, 0), QUEUED)
    shown = client.get(f"{WITHDRAWALS}/{withdrawal_id}", headers=headers).json
    assert {step["name"]: step["at"] for step in shown["steps"]}["sent"] is None
    flag(False)
    looked_up = len(stripe_api.calls)
    service.pay_out(withdrawal_id)
    assert (made(stripe_api), state(withdrawal_id)) == ((1, 1), PAID)
    assert stripe_api.calls[looked_up][:2] == ("GET", TRANSFERS)
    assert proofs() == []


def test_a_gateway_that_is_down_for_days_leaves_no_pile_of_dead_jobs(client, headers, stripe_api):
    stripe_api.troubles.append(Trouble(f"POST {TRANSFERS}", "break", times=1_000))
    withdrawal_id = ask(client, headers)

    def jobs(name: str) -> list[tuple[str, JobStatus, object]]:
        rows = db.session.query(Job).filter_by(name=name).order_by(Job.id)
        found: list[tuple[str, JobStatus, object]] = [
            (row.id, row.status, row.result) for row in rows
        ]
        db.session.remove()
        return found

    [(first, _, _)] = jobs("payments.pay_out")
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert service.try_payouts_again() == 0  # the first one waits still
        assert run_job(first)

        def die() -> None:
            db.session.get_one(Job, first).status = JobStatus.DEAD
            db.session.flush()

        unit_of_work(die)
    for day in (1, 2):
        with time_machine.travel(now() + timedelta(days=day), tick=False):
            assert service.try_payouts_again() == 1
            assert run_job(jobs("payments.pay_out_again")[-1][0])
            _, status, result = jobs("payments.pay_out_again")[-1]
            assert (status, result) == (JobStatus.DONE, {"failed": 1})
    for day, asked in ((3, 1), (4, 0)):
        with time_machine.travel(now() + timedelta(days=day), tick=False):
            assert service.try_payouts_again() == asked
    assert len(jobs("payments.pay_out_again")) == 3
    assert state(withdrawal_id) == UNKNOWN


# --- the process dies ---------------------------------------------------------------------------

PAY_OUT = """
import sys
from app import create_app
from app.payments import service
with create_app().app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    service.pay_out(sys.argv[1])
"""


def encryption_key(secret: str) -> str:
    """What stands in for a key in an app that has none, given to another process as one."""
    digest = hashlib.sha256(b"accord.encryption\0" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def pay_out_elsewhere(environ, stripe_api, withdrawal_id: str, **fault: str) -> int:
    """Pay out in a process of its own; how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", PAY_OUT, withdrawal_id],
        cwd=ROOT,
        env={
            **environ,
            "ENCRYPTION_KEYS": encryption_key(environ["SECRET_KEY"]),
            "STRIPE_SECRET_KEY": stripe_fake.KEY,
            "STRIPE_WEBHOOK_SECRET": ",".join(stripe_fake.SECRETS),
            "STRIPE_API_BASE": stripe_api.url,
            **fault,
        },
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=die_with_parent,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    for trouble in stripe_api.troubles:
        trouble.victim = process.pid
    process.communicate("go\n", timeout=60)
    return process.returncode


@pytest.mark.process
@pytest.mark.parametrize(
    ("path", "point"),
    [
        (TRANSFERS, ""),
        (PAYOUTS, ""),
        ("", "payout.after_start"),
        ("", "payout.after_answer"),
        ("", "payout.after_name"),
        ("", "payout.after_posting"),
    ],
)
def test_a_process_killed_between_the_call_and_its_booking_pays_once(
    client, headers, stripe_api, environ, path, point
):
    withdrawal_id = ask(client, headers)
    if path:
        stripe_api.troubles.append(Trouble(f"POST {path}", "kill"))
    db.session.rollback()
    ended = pay_out_elsewhere(environ, stripe_api, withdrawal_id, ACCORD_FAULT=point)
    assert ended == -9
    assert state(withdrawal_id) == SENDING
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == PAID
    assert made(stripe_api) == (1, 1)
    assert db.session.query(Transfer).filter_by(subject=withdrawal_id, kind="payout").count() == 1
    assert proofs() == []


# --- payees -------------------------------------------------------------------------------------


def test_a_payee_opens_one_account_and_completes_it_at_stripe(app, stripe_api):
    stripe = payee_onboarding()["stripe"]
    account = stripe.open_payee("inf_x", email="payee@example.org", country="DE")
    assert stripe.open_payee("inf_x", email="payee@example.org", country="DE") == account
    assert stripe_api.made["/v1/accounts"] == 1
    link = stripe.payee_link(account, return_url="http://x/a", refresh_url="http://x/b")
    assert link.startswith("https://connect.stripe.com/")
    assert stripe.payee_ready(account) is False
    stripe_api.change(account, payouts_enabled=True)
    assert stripe.payee_ready(account) is True


def test_an_account_that_is_not_complete_is_sent_nothing(client, headers, stripe_api):
    stripe_api.payouts_enabled = False
    withdrawal_id = ask(client, headers)
    service.pay_out(withdrawal_id)
    assert state(withdrawal_id) == FAILED
    assert "not complete" in (db.session.get_one(Withdrawal, withdrawal_id).failure or "")
    assert made(stripe_api) == (0, 0)


def test_who_is_at_stripe_keeps_the_account_and_gets_a_new_address(client, app, stripe_api):
    person = make.influencer()
    headers = bearer(person)
    path = "/api/v1/influencer/payout-details/stripe"
    assert client.post(path, json={"country": "DE"}, headers=headers).status_code == 200
    stripe_api.answered.clear()  # a day later Stripe has forgotten the key
    again = client.post(path, json={"country": "FR"}, headers=headers)
    assert again.json["url"].startswith("https://connect.stripe.com/")
    assert stripe_api.made["/v1/accounts"] == 1
    assert stripe_api.made["/v1/account_links"] == 2


def test_another_country_a_moment_later_is_refused_in_words(client, app, stripe_api):
    person = make.influencer()
    headers = bearer(person)
    path = "/api/v1/influencer/payout-details/stripe"
    client.post(path, json={"country": "DE"}, headers=headers)
    assert client.delete("/api/v1/influencer/payout-details", headers=headers).status_code == 204
    answer = client.post(path, json={"country": "FR"}, headers=headers)
    assert answer.status_code == 422, answer.json
    assert "another country" in answer.json["errors"]["country"][0]
