"""Where money goes is kept secret, a change makes it wait, and a large sum needs two admins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, run_job
from app.core.transaction import unit_of_work
from app.identity import service as identity
from app.notifications.models import Mail
from app.payments import payout_details, payout_rules, payout_sending, service
from app.payments.gateways.base import PayoutOrder
from app.payments.models import PayoutDetails, Withdrawal
from tests.factories import payments as make
from tests.factories.identity import SignedIn, make_admin, make_influencer
from tests.payments.wire import count
from tests.services.statements import counted

DETAILS = "/influencer/payout-details"
IBAN = "DE89 3704 0044 0532 0130 00"
BANK = {"method": "bank", "name": "Ann Example", "country": "DE", "iban": IBAN}


@pytest.fixture
def person(app):
    return make_influencer()


@pytest.fixture
def earner(person):
    make.earn(make.sponsor(), money_of(person), 50_000)
    return SignedIn(person)


@pytest.fixture
def admin(app):
    return SignedIn(make_admin())


def money_of(person) -> make.Person:
    return make.Person(person.user_id, person.email, str(person.influencer_id), person.actor)


def put(client: SignedIn, body: dict[str, Any]) -> Any:
    return client("PUT", DETAILS, body)


def withdraw(client: SignedIn, amount: int = 10_000, key: str = "k1") -> Any:
    return client.post(
        "/influencer/withdrawals",
        {"amount": {"amount": amount, "currency": "EUR"}},
        headers={"Idempotency-Key": key},
    )


def read(client: SignedIn, withdrawal_id: str) -> Any:
    return client.get(f"/influencer/withdrawals/{withdrawal_id}").json


def available(client: SignedIn) -> int:
    return client.get("/influencer/earnings").json["balances"][0]["available"]


def approval_above(euros: int) -> None:
    unit_of_work(lambda: payout_rules.APPROVAL_ABOVE.set(SYSTEM, euros))


def ledger_holds() -> bool:
    found = [check for check in service.check_ledger() if not check.ok]
    db.session.rollback()
    return found == []


# --- payout details -----------------------------------------------------------------------------


def test_payout_details_are_shown_masked_and_kept_encrypted(earner):
    before = earner.get(DETAILS)
    assert before.json["method"] is None
    assert set(before.json["methods"]) == {"sandbox", "bank"}
    answer = put(earner, BANK)
    assert answer.status_code == 200
    assert answer.json["label"] == "Bank account DE ••••3000"
    assert answer.json["held_until"] is None
    assert "0532" not in answer.text
    row = db.session.scalars(select(PayoutDetails)).one()
    assert b"3000" not in (row.secret or b"")
    assert payout_details.destination_of(row) == {**BANK, "iban": IBAN.replace(" ", "")}
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "payout_details.changed")
    ).one()
    assert "3000" not in str(entry.data)


BAD = {
    "no method": {},
    "an unknown method": {"method": "cash"},
    "a wrong check digit": {**BANK, "iban": "DE89370400440532013001"},
    "an IBAN that is too short": {**BANK, "iban": "DE8937040044053201300"},
    "another country": {**BANK, "country": "FR"},
    "no name": {k: v for k, v in BANK.items() if k != "name"},
    "neither IBAN nor account": {"method": "bank", "name": "Ann", "country": "DE"},
    "both": {**BANK, "account": "12345678", "bank_code": "99"},
    "an account without its bank": {
        "method": "bank", "name": "Ann", "country": "VN", "account": "12345678",
    },
    "a formula as account": {
        "method": "bank", "name": "Ann", "country": "VN", "account": "=1+12", "bank_code": "99",
    },
    "a hyphen before the account": {
        "method": "bank", "name": "Ann", "country": "VN", "account": "-12345", "bank_code": "99",
    },
    "a formula as bank code": {
        "method": "bank", "name": "Ann", "country": "VN", "account": "12345", "bank_code": "+99",
    },
    "digits of another script as account": {
        "method": "bank", "name": "Ann", "country": "VN", "account": "１２３４５",
        "bank_code": "99",
    },
    "a letter beyond A to Z in an IBAN": {**BANK, "iban": "DE8937040044053201300\u0660"},
    "a wrong BIC": {**BANK, "bic": "XX"},
    "a control character": {**BANK, "name": "Ann\u202e"},
    "a number as IBAN": {**BANK, "iban": 893704004405},
    "true": {**BANK, "name": True},
    "an unknown field": {**BANK, "note": "x"},
    "no Stripe account": {"method": "stripe"},
    "a path as Stripe account": {"method": "stripe", "account_id": "acct_12345678/../x"},
    "an unknown sandbox account": {"method": "sandbox", "account": "rich"},
    "a field of another method": {"method": "sandbox", "iban": "DE89370400440532013000"},
}  # fmt: skip


def test_malformed_details_are_refused_and_nothing_is_written(earner):
    for what, body in BAD.items():
        answer = put(earner, body)
        assert answer.status_code == 422, what
        assert answer.json["errors"], what
    assert count(PayoutDetails) == 0


@pytest.mark.parametrize(
    "written",
    [
        "de89 3704 0044 0532 0130 00",
        "DE89-3704-0044-0532-0130-00",
        "DE89.3704.0044.0532.0130.00",
        "DE89\u00a03704\u20110044\u20130532\u22120130\u200b00",
        "ＤＥ８９３７０４００４４０５３２０１３０００",
    ],
)
def test_an_iban_is_kept_as_banks_read_it_however_it_is_written(earner, written):
    answer = put(earner, {**BANK, "iban": written, "bic": "cobadeff-xxx"})
    assert answer.status_code == 200, answer.json
    row = db.session.scalars(select(PayoutDetails)).one()
    kept = payout_details.destination_of(row)
    assert (kept["iban"], kept["bic"]) == ("DE89370400440532013000", "COBADEFFXXX")


def test_an_account_outside_the_iban_world_is_taken(earner):
    body = {"method": "bank", "name": "Thảo", "country": "VN", "account": "0071001234567"}
    answer = put(earner, {**body, "bank_code": "BFTVVNVX"})
    assert answer.json["label"] == "Bank account VN ••••4567"


def test_the_first_details_count_at_once_and_a_change_makes_withdrawals_wait(earner):
    put(earner, BANK)
    assert withdraw(earner).json["send_after"] is None
    changed = put(earner, {"method": "sandbox"}).json
    waiting = withdraw(earner, key="k2").json
    assert waiting["status"] == "queued"
    assert waiting["send_after"] == changed["held_until"] > now().isoformat()
    assert waiting["to"] == "Sandbox"
    service.pay_out(waiting["id"])
    assert read(earner, waiting["id"])["status"] == "queued"
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        service.pay_out(waiting["id"])
        assert db.session.get_one(Withdrawal, waiting["id"]).status.value == "paid"
        db.session.remove()


def test_saying_the_same_again_changes_nothing(earner):
    first = put(earner, BANK)
    again = put(earner, {**BANK, "iban": IBAN.replace(" ", "").lower()})
    assert again.json == first.json
    assert again.headers["ETag"] == first.headers["ETag"]
    assert count(PayoutDetails) == 1


def test_removing_and_saying_again_is_a_change(earner):
    put(earner, BANK)
    assert earner.delete(DETAILS).status_code == 204
    assert earner.delete(DETAILS).status_code == 404
    assert put(earner, BANK).json["held_until"] is not None


def test_a_withdrawal_goes_where_it_was_to_go_whatever_is_changed_later(earner):
    put(earner, BANK)
    asked = withdraw(earner).json
    put(earner, {"method": "sandbox", "account": "fails"})
    assert payout_details.drop_unused() == 0
    started = payout_sending.start(asked["id"])
    assert started is not None
    order: PayoutOrder = started[1]
    assert order.destination["iban"] == IBAN.replace(" ", "")
    assert "3704" not in repr(order)
    service.pay_out(asked["id"])
    assert read(earner, asked["id"])["status"] == "paid"
    # Nothing that is open goes there any more, so the secret is dropped; the label stays.
    assert payout_details.drop_unused() == 1
    assert read(earner, asked["id"])["to"] == "Bank account DE ••••3000"


def test_the_owner_is_told_of_a_change(earner, person):
    put(earner, BANK)
    earner.delete(DETAILS)
    subjects = db.session.scalars(
        select(Mail.subject).where(Mail.to_address == person.email).order_by(Mail.created_at)
    ).all()
    assert subjects == ["Where you are paid was changed", "Where you are paid was removed"]


def test_a_stale_change_is_refused(earner):
    old = put(earner, BANK).headers["ETag"]
    put(earner, {"method": "sandbox"})
    answer = earner("PUT", DETAILS, BANK, headers={"If-Match": old})
    assert (answer.status_code, answer.json["type"]) == (412, "stale-version")


def test_details_need_a_fresh_sign_in_and_the_right_role(earner, admin):
    assert SignedIn(admin.person)("PUT", DETAILS, BANK).status_code == 403
    with time_machine.travel(now() + timedelta(minutes=9, seconds=50), tick=False):
        assert put(earner, BANK).status_code == 200


def test_nobody_sees_the_details_of_others(earner):
    put(earner, BANK)
    other = SignedIn(make_influencer())
    assert other.get(DETAILS).json["label"] is None
    assert other.delete(DETAILS).status_code == 404


def test_without_stripe_there_is_no_account_to_open(earner):
    answer = earner.post(f"{DETAILS}/stripe", {"country": "DE"})
    assert (answer.status_code, answer.json["type"]) == (409, "no-gateway")


# --- withdrawals --------------------------------------------------------------------------------


def test_less_than_the_minimum_is_refused_in_the_units_of_the_currency(earner):
    unit_of_work(lambda: payout_rules.MINIMUM.set(SYSTEM, 20))
    answer = withdraw(earner, 1_999)
    assert (answer.status_code, answer.json["type"]) == (409, "below-minimum")
    assert answer.json["minimum"] == {"amount": 2_000, "currency": "EUR"}
    assert (payout_rules.minimum("VND"), count(Withdrawal)) == (20, 0)
    assert earner.get("/influencer/earnings").json["balances"][0]["minimum"] == 2_000
    assert withdraw(earner, 2_000, key="k2").status_code == 201


def test_each_step_has_its_date(earner):
    asked = withdraw(earner).json
    assert [(s["name"], s["at"] is None) for s in asked["steps"]] == [
        ("requested", False), ("sent", True), ("paid", True),
    ]  # fmt: skip
    service.pay_out(asked["id"])
    done = read(earner, asked["id"])["steps"]
    assert [step["name"] for step in done] == ["requested", "sent", "paid"]
    assert sorted(step["at"] for step in done) == [step["at"] for step in done]


def test_a_waiting_withdrawal_can_be_taken_back_once(earner):
    asked = withdraw(earner).json
    assert asked["actions"] == ["cancel"]
    road = f"/influencer/withdrawals/{asked['id']}/cancel"
    done = earner.post(road)
    assert (done.status_code, done.json["status"], done.json["actions"]) == (200, "cancelled", [])
    assert available(earner) == 50_000
    assert earner.post(road).json["type"] == "refused-transition"
    service.pay_out(asked["id"])
    assert available(earner) == 50_000
    assert ledger_holds()


def test_what_was_sent_cannot_be_taken_back(earner):
    asked = withdraw(earner).json
    payout_sending.start(asked["id"])
    assert earner.post(f"/influencer/withdrawals/{asked['id']}/cancel").status_code == 409
    assert available(earner) == 40_000


def test_a_flag_stops_a_withdrawal_that_was_not_sent_yet(earner, person):
    asked = withdraw(earner).json

    def flag(held: bool) -> None:
        unit_of_work(
            lambda: identity.set_effects(
                SYSTEM, user_id=person.user_id, suspended=False, hidden=False, money_on_hold=held
            )
        )

    flag(True)
    service.pay_out(asked["id"])
    assert read(earner, asked["id"])["status"] == "queued"
    flag(False)
    service.pay_out(asked["id"])
    assert read(earner, asked["id"])["status"] == "paid"


def test_the_sweep_asks_again_about_what_nothing_was_heard_of(earner):
    put(earner, {"method": "sandbox", "account": "slow"})
    asked = withdraw(earner).json
    [first] = db.session.scalars(select(Job.id).where(Job.name == "payments.pay_out"))
    db.session.rollback()
    assert run_job(first)
    assert read(earner, asked["id"])["status"] == "sending"
    assert service.try_payouts_again() == 0
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert (service.try_payouts_again(), service.try_payouts_again()) == (1, 0)
        [again] = db.session.scalars(select(Job.id).where(Job.name == "payments.pay_out_again"))
        db.session.rollback()
        assert run_job(again)
        assert db.session.get_one(Withdrawal, asked["id"]).status.value == "paid"
        db.session.remove()


# --- admins -------------------------------------------------------------------------------------


def test_a_large_withdrawal_needs_two_different_admins(earner, admin):
    approval_above(100)
    asked = withdraw(earner, 10_001).json
    assert asked["status"] == "awaiting_approval"
    assert [step["name"] for step in asked["steps"]] == ["requested", "approved", "sent", "paid"]
    service.pay_out(asked["id"])
    assert read(earner, asked["id"])["status"] == "awaiting_approval"
    road = f"/admin/payouts/{asked['id']}"
    assert set(admin.get(road).json["actions"]) == {"approve", "refuse"}
    first = admin.post(f"{road}/approve").json
    assert (first["status"], first["actions"]) == ("awaiting_approval", ["refuse"])
    assert first["approvals"][0]["by"]["id"] == admin.person.user_id
    again = admin.post(f"{road}/approve")
    assert (again.status_code, again.json["type"]) == (409, "another-admin-needed")
    second = SignedIn(make_admin()).post(f"{road}/approve").json
    assert (second["status"], len(second["approvals"])) == ("queued", 2)
    service.pay_out(asked["id"])
    assert read(earner, asked["id"])["steps"][1]["at"] is not None
    assert read(earner, asked["id"])["status"] == "paid"


def test_a_large_sum_in_small_parts_needs_them_too(earner):
    approval_above(100)
    found = [withdraw(earner, 4_000, key=f"k{n}").json["status"] for n in range(3)]
    assert found == ["queued", "queued", "awaiting_approval"]


def test_an_admin_refuses_with_a_reason_and_the_money_comes_back(earner, admin):
    approval_above(100)
    asked = withdraw(earner, 20_000).json
    road = f"/admin/payouts/{asked['id']}/refuse"
    for body in ({}, {"reason": ""}, {"reason": "x" * 301}, {"reason": 1}):
        assert admin.post(road, body).status_code == 422
    done = admin.post(road, {"reason": "The name does not match."}).json
    assert (done["status"], done["ended_by"]["id"]) == ("refused", admin.person.user_id)
    assert admin.post(road, {"reason": "Again"}).status_code == 409
    seen = read(earner, asked["id"])
    assert (seen["failure"], available(earner)) == ("The name does not match.", 50_000)
    assert ledger_holds()


def test_a_failed_payout_is_repeated_once_however_often_it_is_asked_for(earner, admin):
    put(earner, {"method": "sandbox", "account": "fails"})
    failed = withdraw(earner).json["id"]
    service.pay_out(failed)
    assert read(earner, failed)["status"] == "failed"
    put(earner, {"method": "sandbox"})
    found = [admin.post(f"/admin/payouts/{failed}/retry") for _ in range(3)]
    assert {answer.status_code for answer in found} == {200}
    [new] = {answer.json["id"] for answer in found}
    assert found[0].json["retries_id"] == failed
    assert admin.get(f"/admin/payouts/{failed}").json["retry_id"] == new
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        service.pay_out(new)
        assert db.session.get_one(Withdrawal, new).status.value == "paid"
        db.session.remove()
    assert available(earner) == 40_000
    assert ledger_holds()


def test_a_failed_payout_whose_money_is_gone_cannot_be_repeated(earner, admin):
    put(earner, {"method": "sandbox", "account": "fails"})
    failed = withdraw(earner).json["id"]
    service.pay_out(failed)
    assert withdraw(earner, 45_000, key="k2").status_code == 201
    answer = admin.post(f"/admin/payouts/{failed}/retry")
    assert (answer.status_code, answer.json["type"]) == (409, "insufficient-funds")


def test_an_unknown_outcome_is_looked_up_never_sent_anew(earner, admin):
    put(earner, {"method": "sandbox", "account": "unknown"})
    asked = withdraw(earner).json["id"]
    with pytest.raises(Exception, match="lose its answer"):
        service.pay_out(asked)
    assert admin.get(f"/admin/payouts/{asked}").json["actions"] == ["retry"]
    assert admin.post(f"/admin/payouts/{asked}/retry").json["id"] == asked
    service.pay_out(asked)
    assert read(earner, asked)["status"] == "paid"
    assert admin.post(f"/admin/payouts/{asked}/retry").json["type"] == "refused-transition"
    assert available(earner) == 40_000
    assert ledger_holds()


def test_admins_find_payouts_by_state_with_a_constant_number_of_statements(earner, admin):
    approval_above(1)
    for number in range(6):
        withdraw(earner, 1_000, key=f"k{number}")
    first = admin.get("/admin/payouts?limit=4&status=awaiting_approval")
    assert len(first.json["items"]) == 4
    rest = admin.get(f"/admin/payouts?limit=4&cursor={first.json['next']}&status=awaiting_approval")
    ids = {item["id"] for item in first.json["items"] + rest.json["items"]}
    assert len(ids) == 6
    assert admin.get("/admin/payouts?status=paid").json["items"] == []
    assert admin.get("/admin/payouts?currency=JPY").json["items"] == []
    sizes = []
    for limit in (1, 6):
        with counted() as statements:
            admin.get(f"/admin/payouts?limit={limit}&sort=amount")
        sizes.append(len(statements))
    assert sizes[0] == sizes[1]


def test_payouts_are_for_admins(earner):
    asked = withdraw(earner).json["id"]
    for method, path in (
        ("GET", "/admin/payouts"),
        ("GET", f"/admin/payouts/{asked}"),
        ("POST", f"/admin/payouts/{asked}/approve"),
        ("POST", f"/admin/payouts/{asked}/refuse"),
        ("POST", f"/admin/payouts/{asked}/retry"),
    ):
        assert earner(method, path).status_code == 403
