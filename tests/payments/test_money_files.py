"""The lists of money as files: the list's own rows and filters, amounts as decimals."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from app.api import export
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.models import Sponsor
from app.payments.models import Transfer
from tests.factories import payments as make
from tests.factories.ad_requests import advance, agree, make_world
from tests.factories.identity import bearer
from tests.payments.test_manual_gateway import BANK, collect, earner

ADMIN_FILES = {
    "/admin/deposits.csv": "deposits",
    "/admin/payouts.csv": "payouts",
    "/admin/payouts/batches.csv": "payout-batches",
    "/admin/invoices.csv": "invoices",
    "/admin/ledger/transfers.csv": "transfers",
}
OWN_FILES = {
    "/sponsor/payments.csv": "sponsor",
    "/sponsor/invoices.csv": "sponsor",
    "/influencer/payments.csv": "influencer",
    "/influencer/invoices.csv": "influencer",
}


@pytest.fixture
def settings(settings):
    return replace(settings, manual_bank_details=BANK)


@pytest.fixture
def admin(client):
    return bearer(make.admin())


@pytest.fixture
def payer(app):
    return make.sponsor()


def file(client, path, headers):
    answer = client.get(f"/api/v1{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def ids(client, path, headers):
    """The ids of a list, the oldest first."""
    items = client.get(f"/api/v1{path}", headers=headers).json["items"]
    return [row["id"] for row in reversed(items)]


def test_payments_are_the_own_ones_as_decimals_beside_their_currency(client, payer):
    earning, other = make.influencer(), make.sponsor()
    make.earn(payer, earning, 123_456)
    make.earn(payer, earning, 500, "JPY")
    make.fund(other, 700)
    own = file(client, "/sponsor/payments.csv", bearer(payer))
    assert [row["id"] for row in own] == ids(client, "/sponsor/payments", bearer(payer))
    assert [(row["kind"], row["amount"], row["currency"]) for row in own if row["kind"] != "release"
            ] == [
        ("deposit", "1234.56", "EUR"), ("hold", "1234.56", "EUR"),
        ("deposit", "500", "JPY"), ("hold", "500", "JPY"),
    ]  # fmt: skip
    assert own[0]["created_at"].endswith("+00:00")
    earned = file(client, "/influencer/payments.csv?currency=JPY", bearer(earning))
    assert [(row["kind"], row["amount"]) for row in earned] == [("release", "500")]
    assert {row["sponsor"] for row in earned} != {""}
    [theirs] = file(client, "/sponsor/payments.csv", bearer(other))
    assert (theirs["kind"], theirs["amount"]) == ("deposit", "7.00")


def test_deposits_and_payouts_follow_the_filters_of_their_lists(client, payer, admin):
    person, withdrawal_id = earner(client, payer, bearer(payer), admin)
    make.fund(payer, 700)
    deposits = file(client, "/admin/deposits.csv?gateway=manual", admin)
    assert [(row["amount"], row["status"]) for row in deposits] == [("100.00", "settled")]
    assert len(file(client, "/admin/deposits.csv", admin)) == 2
    found = file(client, f"/admin/deposits.csv?search={deposits[0]['reference']}", admin)
    assert [row["id"] for row in found] == [deposits[0]["id"]]
    [payout] = file(client, f"/admin/payouts.csv?influencer_id={person.id}", admin)
    assert (payout["id"], payout["amount"], payout["currency"]) == (withdrawal_id, "100.00", "EUR")
    assert payout["to"].endswith("6199")
    assert "DE75512108001245126199" not in str(payout)
    assert file(client, "/admin/payouts.csv?status=paid", admin) == []
    batch = collect(client, admin).json
    [listed] = file(client, "/admin/payouts/batches.csv?status=open", admin)
    assert (listed["id"], listed["total"], listed["count"]) == (batch["id"], "100.00", "1")
    assert file(client, "/admin/payouts/batches.csv?status=closed", admin) == []


def test_the_ledger_as_a_file_has_both_ends_of_every_transfer(client, payer, admin):
    make.earn(payer, make.influencer(), 1_000)
    found = file(client, "/admin/ledger/transfers.csv", admin)
    assert len(found) == db.session.query(Transfer).count()
    assert [(row["kind"], row["debit"], row["credit"], row["amount"]) for row in found[:3]] == [
        ("deposit", "cash", "sponsor_wallet", "10.00"),
        ("hold", "sponsor_wallet", "escrow", "10.00"),
        ("release", "escrow", "influencer_held", "10.00"),
    ]
    assert (found[0]["debit_reference"], found[0]["credit_owner"]) == ("sandbox", payer.id)
    [hold] = file(client, "/admin/ledger/transfers.csv?kind=hold", admin)
    assert hold["id"] == found[1]["id"]


def test_each_side_gets_its_invoices_and_admins_all(client, admin):
    world, elsewhere = make_world(), make_world()
    for one in (world, elsewhere):
        advance(one, agree(one), "completed")
    headers = bearer(world.sponsor)
    [own] = file(client, "/sponsor/invoices.csv", headers)
    shown = client.get("/api/v1/sponsor/invoices", headers=headers).json["items"][0]
    assert (own["id"], own["number"], own["kind"]) == (shown["id"], shown["number"], "invoice")
    assert Decimal(own["total"]) * 100 == shown["total"]["amount"]
    assert own["campaign"] == world.campaign.title
    assert [row["id"] for row in file(client, "/influencer/invoices.csv",
            bearer(world.influencer))] == [own["id"]]  # fmt: skip
    assert len(file(client, "/admin/invoices.csv", admin)) == 2
    only = f"/admin/invoices.csv?sponsor_id={world.sponsor.sponsor_id}"
    assert [row["id"] for row in file(client, only, admin)] == [own["id"]]
    assert file(client, "/sponsor/invoices.csv?kind=credit_note", headers) == []


def test_every_page_comes_once_and_no_cell_is_a_formula(client, payer, admin, monkeypatch):
    monkeypatch.setattr(export, "MAX_LIMIT", 2)

    def rename() -> None:
        db.session.get_one(Sponsor, payer.id).name = "=1+1"
        db.session.flush()

    unit_of_work(rename)
    for n in range(5):
        make.fund(payer, 100 + n)
    found = file(client, "/admin/deposits.csv", admin)
    assert [row["amount"] for row in found] == ["1.00", "1.01", "1.02", "1.03", "1.04"]
    assert {row["sponsor"] for row in found} == {"'=1+1"}
    assert len(file(client, "/admin/ledger/transfers.csv", admin)) == 5


@pytest.mark.parametrize("path", [*ADMIN_FILES, *OWN_FILES])
def test_a_file_is_for_those_who_see_the_list_and_takes_its_filters_alone(client, admin, path):
    people = {
        "admin": admin, "sponsor": bearer(make.sponsor()), "influencer": bearer(make.influencer())
    }  # fmt: skip
    reader = path.split("/")[1]
    for role, headers in people.items():
        expected = 200 if role == reader else 403
        assert client.get(f"/api/v1{path}", headers=headers).status_code == expected, role
    assert client.get(f"/api/v1{path}").status_code == 401
    for query in ("limit=5", "cursor=x", "sort=created_at", "more=1"):
        answer = client.get(f"/api/v1{path}?{query}", headers=people[reader])
        assert answer.status_code == 422, query


def test_a_file_is_named_after_its_list_and_the_day(client, admin):
    for path, name in ADMIN_FILES.items():
        told = client.get(f"/api/v1{path}", headers=admin).headers["Content-Disposition"]
        assert told.startswith(f'attachment; filename="{name}-20')
