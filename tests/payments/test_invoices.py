"""Invoices and credit notes: issued with the money, numbered without gaps, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from app.ad_requests import disputes, settlement
from app.core.actor import SYSTEM
from app.core.clock import today
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.models import Sponsor
from app.payments import invoice_lists, invoices, service
from app.payments.fees import PLATFORM_FEE_PERCENT
from app.payments.invoice_models import Invoice, InvoiceCounter, InvoiceLine
from app.payments.invoice_proofs import INVOICE_CHECKS
from app.payments.invoicing import Due, InvoiceKind, InvoiceLineKind, drafts, series
from app.payments.models import Payment
from tests.factories import payments as make
from tests.factories.ad_requests import FEE, TWO_PARTS, advance, agree, make_world, reload
from tests.factories.identity import bearer
from tests.payments import invoice_contender
from tests.payments.test_invariants import tamper
from tests.services.contention import contend
from tests.services.statements import counted

LIST = "/api/v1/sponsor/invoices"
YEAR = str(today().year)


@pytest.fixture
def world(app):
    """An agreement with a platform fee of 10 % and a commission of up to 20,000."""
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 10.0))
    return make_world()


def listed(client, person, surface="sponsor", **query):
    answer = client.get(f"/api/v1/{surface}/invoices", query_string=query, headers=bearer(person))
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def one(client, person, invoice_id, surface="sponsor"):
    answer = client.get(f"/api/v1/{surface}/invoices/{invoice_id}", headers=bearer(person))
    assert answer.status_code == 200, answer.text
    return answer.json


def numbered(world, number, series=YEAR) -> str:
    """The number with the sponsor's code, as it is printed."""
    return f"{world.sponsor.sponsor_id[-6:].upper()}-{series}-{number:06d}"


def broken() -> dict[str, str]:
    found = {check.name: check.detail for check in service.check_ledger() if not check.ok}
    db.session.rollback()
    return found


def dispute_and_decide(world, ad_request, percent: int, index: int = 0) -> None:
    part = advance(world, ad_request, "disputed", index)
    row = part.disputes[-1].id
    unit_of_work(
        lambda: disputes.decide(
            world.admin.actor, dispute_id=row, to_influencer_percent=percent, reason="Half."
        )
    )


# --- arithmetic ---------------------------------------------------------------------------------

_due = st.builds(
    Due,
    payment_id=st.uuids().map(str),
    kind=st.sampled_from(InvoiceLineKind),
    amount=st.integers(1, 10**12),
    currency=st.sampled_from(["EUR", "JPY"]),
    sponsor_id=st.sampled_from(["spn_a", "spn_b"]),
    earner=st.sampled_from([None, "inf_a"]),
    reference=st.sampled_from(["adr_a", "adr_b"]),
    milestone=st.sampled_from(["dlv_a", "dlv_b"]),
)


@given(st.lists(_due, max_size=30, unique_by=lambda due: due.payment_id))
def test_each_payment_stands_on_exactly_one_document_of_its_own_direction(due):
    made = drafts(due)
    assert sorted(line.payment_id for draft in made for line in draft.lines) == sorted(
        one.payment_id for one in due
    )
    assert sum(draft.total for draft in made) == sum(one.amount for one in due)
    for draft in made:
        assert len({(x.sponsor_id, x.reference, x.milestone, x.currency) for x in draft.lines}) == 1
        credit = draft.kind is InvoiceKind.CREDIT_NOTE
        assert {line.kind is InvoiceLineKind.CLAWBACK for line in draft.lines} == {credit}
    # One order of sponsors for everyone, so that no two units wait for each other's counters.
    assert [draft.first.sponsor_id for draft in made] == sorted(
        draft.first.sponsor_id for draft in made
    )


def test_a_series_is_that_of_the_year_and_of_the_kind():
    assert series(InvoiceKind.INVOICE, date(2026, 1, 1)) == "2026"
    assert series(InvoiceKind.CREDIT_NOTE, date(2027, 1, 1)) == "CN-2027"


# --- issued with the money ----------------------------------------------------------------------


def test_a_released_milestone_is_invoiced_with_the_platform_fee(client, world):
    ad_request = agree(world, parts=TWO_PARTS)
    advance(world, ad_request, "published")
    assert listed(client, world.sponsor) == []
    advance(world, ad_request, "completed")
    (summary,) = listed(client, world.sponsor)
    assert (summary["number"], summary["kind"]) == (numbered(world, 1), "invoice")
    found = one(client, world.sponsor, summary["id"])
    assert [(line["kind"], line["amount"]["amount"]) for line in found["lines"]] == [
        ("fee", 60_000),
        ("platform_fee", 6_000),
    ]
    assert found["lines"][0]["title"] == "Reel"
    assert found["total"] == {"amount": 66_000, "currency": "EUR"}
    assert found["campaign"]["title"] == world.campaign.title
    assert found["sponsor"]["id"] == world.sponsor.sponsor_id
    assert found["influencer"]["id"] == world.influencer.influencer_id
    assert (found["credits"], found["credited_by"]) == (None, [])
    assert broken() == {}


def test_a_commission_is_invoiced_when_it_is_paid(client, world):
    ad_request = agree(world, cap=20_000)
    pay = partial(settlement.pay_commission, SYSTEM, ad_request_id=ad_request.id)
    for _ in range(2):
        unit_of_work(lambda: pay(milestone="order:1", amount=700))
    unit_of_work(lambda: pay(milestone="order:2", amount=50))
    found = listed(client, world.sponsor, sort="issued_at")
    assert [(row["number"], row["total"]["amount"]) for row in found] == [
        (numbered(world, 1), 700),
        (numbered(world, 2), 50),
    ]
    assert one(client, world.sponsor, found[0]["id"])["lines"][0]["kind"] == "commission"
    assert broken() == {}


@pytest.mark.parametrize(("percent", "taken"), [(100, 0), (25, 75_000), (0, 100_000)])
def test_what_a_dispute_takes_back_is_credited(client, world, percent, taken):
    ad_request = agree(world)
    advance(world, ad_request, "completed")
    dispute_and_decide(world, ad_request, percent)
    notes = listed(client, world.sponsor, kind="credit_note")
    (invoice,) = listed(client, world.sponsor, kind="invoice")
    assert [note["total"]["amount"] for note in notes] == ([taken] if taken else [])
    for note in notes:
        assert note["number"] == numbered(world, 1, series="CN-" + YEAR)
        assert note["credits"]["id"] == invoice["id"]
        whole = one(client, world.sponsor, invoice["id"])
        assert [row["id"] for row in whole["credited_by"]] == [note["id"]]
    assert broken() == {}


def test_a_split_before_the_release_is_invoiced_for_the_influencers_part_alone(client, world):
    ad_request = agree(world)
    advance(world, ad_request, "published")
    dispute_and_decide(world, ad_request, 40)
    (found,) = listed(client, world.sponsor)
    assert found["kind"] == "invoice"
    assert found["total"]["amount"] == FEE * 40 // 100 + FEE * 4 // 100
    assert broken() == {}


def test_a_cancelled_deliverable_is_not_invoiced(client, world):
    advance(world, agree(world), "cancelled")
    assert listed(client, world.sponsor) == []
    assert broken() == {}


def test_names_stay_as_they_were(client, world):
    ad_request = agree(world)
    advance(world, ad_request, "completed")
    (before,) = listed(client, world.sponsor)
    unit_of_work(lambda: db.session.execute(update(Sponsor).values(name="Renamed", country="X")))
    (after,) = listed(client, world.sponsor)
    assert after == before
    assert before["sponsor"]["name"] != "Renamed"


def test_the_year_is_that_of_the_sponsor(app):
    payer, earner = make.sponsor(), make.influencer()
    unit_of_work(
        lambda: db.session.execute(
            update(Sponsor).where(Sponsor.id == payer.id).values(time_zone="Asia/Ho_Chi_Minh")
        )
    )
    with time_machine.travel(datetime(2026, 12, 31, 20, tzinfo=UTC), tick=False):
        make.earn(payer, earner, 10)
    (row,) = db.session.scalars(select(Invoice))
    assert (row.series, row.number) == ("2027", 1)


def settle_with_fee(payer, earner) -> None:
    """A milestone of 600, and 60 for the platform; asked for twice, as jobs are."""
    make.fund(payer, 1_000)
    hold = partial(service.hold, payer.actor, reference="adr_x", sponsor_id=payer.id)
    unit_of_work(lambda: hold(currency="EUR", fee=600, commission_cap=0, platform_fee=60))

    def work() -> None:
        service.charge_platform_fee(SYSTEM, reference="adr_x", milestone="m", amount=60)
        service.release(
            SYSTEM, reference="adr_x", milestone="m", influencer_id=earner.id, amount=600
        )

    for _ in range(2):
        unit_of_work(work)


def test_the_fee_and_the_platforms_share_stand_together_in_any_order(app):
    settle_with_fee(make.sponsor(), make.influencer())
    (row,) = db.session.scalars(select(Invoice))
    assert row.total_amount == 660
    lines = db.session.scalars(select(InvoiceLine).order_by(InvoiceLine.position)).all()
    assert [line.kind.value for line in lines] == ["fee", "platform_fee"]


# --- numbers ------------------------------------------------------------------------------------


def numbers(sponsor_id: str) -> list[int]:
    db.session.rollback()
    found = select(Invoice.number).where(Invoice.sponsor_id == sponsor_id)
    return list(db.session.scalars(found.order_by(Invoice.number)))


def test_a_rollback_leaves_no_gap(app):
    payer, earner = make.sponsor(), make.influencer()
    make.earn(payer, earner, 10)

    def fails(reference: str) -> None:
        service.hold(
            payer.actor, reference=reference, sponsor_id=payer.id, currency="EUR",
            fee=5, commission_cap=0, platform_fee=0,
        )  # fmt: skip
        service.release(
            SYSTEM, reference=reference, milestone="m", influencer_id=earner.id, amount=5
        )
        invoices.issue(list(db.session.scalars(select(Payment.id))))
        raise RuntimeError("after the number was given")

    make.fund(payer, 100)
    for attempt in range(3):
        with pytest.raises(RuntimeError):
            unit_of_work(partial(fails, f"adr_r{attempt}"))
        make.earn(payer, earner, 10)
    assert numbers(payer.id) == [1, 2, 3, 4]
    assert broken() == {}


def test_each_sponsor_counts_for_itself(app):
    earner = make.influencer()
    payers = [make.sponsor(), make.sponsor()]
    for payer in payers * 2:
        make.earn(payer, earner, 10)
    assert [numbers(payer.id) for payer in payers] == [[1, 2], [1, 2]]


@pytest.mark.process
def test_processes_that_release_at_once_leave_no_gap(app, environ):
    payer, earner = make.sponsor(), make.influencer()
    make.fund(payer, 10_000)
    results = contend(
        environ,
        "tests.payments.invoice_contender:release_or_fail",
        {"sponsor_id": payer.id, "influencer_id": earner.id},
        processes=3,
        times=20,
        threads=4,
    )
    done = results.count("released")
    assert done + results.count("rolled back") == 60
    assert 0 < done < 60, "some fail, some do not"
    assert numbers(payer.id) == list(range(1, done + 1))
    assert broken() == {}


def test_the_contender_fails_now_and_then(app):
    payer, earner = make.sponsor(), make.influencer()
    make.fund(payer, 10_000)
    for _ in range(6):
        invoice_contender.release_or_fail(payer.id, earner.id)
    assert numbers(payer.id) == list(range(1, len(numbers(payer.id)) + 1))


def test_what_was_paid_before_there_were_documents_is_invoiced_later(app):
    payer, earner = make.sponsor(), make.influencer()
    for _ in range(3):
        make.earn(payer, earner, 10)
    for table in ("invoice_lines", "invoices", "invoice_counters"):
        tamper(app, f"DELETE FROM {table}")
    assert "releases_are_invoiced" in broken()
    run = app.test_cli_runner().invoke
    assert run(args=["ledger", "issue-invoices"]).output == "3 documents issued\n"
    assert run(args=["ledger", "issue-invoices"]).output == "0 documents issued\n"
    assert numbers(payer.id) == [1, 2, 3]
    assert broken() == {}


def test_a_batch_of_missing_documents_ends_between_milestones(app):
    payer, earner = make.sponsor(), make.influencer()
    settle_with_fee(payer, earner)
    for table in ("invoice_lines", "invoices", "invoice_counters"):
        tamper(app, f"DELETE FROM {table}")
    assert [row.total_amount for row in unit_of_work(lambda: invoices.issue_missing(1))] == [660]
    assert unit_of_work(lambda: invoices.issue_missing(1)) == []


# --- never changed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoices SET total_amount = total_amount + 1",
        "UPDATE invoice_lines SET amount = 1",
        "DELETE FROM invoices",
        "DELETE FROM invoice_lines",
    ],
)
def test_a_document_cannot_be_changed_or_removed(app, statement):
    make.earn(make.sponsor(), make.influencer(), 10)
    with pytest.raises(DatabaseError, match="append-only"):
        unit_of_work(lambda: db.session.execute(text(statement)))
    assert db.session.scalar(select(func.count()).select_from(Invoice)) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["invoices", "invoice_lines"])
def test_a_document_cannot_be_replaced(app, table):
    make.earn(make.sponsor(), make.influencer(), 10)
    with pytest.raises(DatabaseError, match="append-only"):
        unit_of_work(
            lambda: db.session.execute(
                text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
            )
        )


# --- proofs -------------------------------------------------------------------------------------


@pytest.fixture
def used(world):
    """Two invoices with a platform fee, and a credit note for a part of the first."""
    ad_request = agree(world, parts=TWO_PARTS)
    advance(world, ad_request, "completed", 0)
    dispute_and_decide(world, ad_request, 50, 0)
    advance(world, ad_request, "completed", 1)
    assert broken() == {}
    return reload(ad_request)


def row_of(condition):
    row = db.session.scalars(select(Invoice).where(condition).order_by(Invoice.id)).first()
    db.session.rollback()
    return row


def test_a_release_without_an_invoice_line_is_named(app, used):
    line = db.session.scalars(select(InvoiceLine).where(InvoiceLine.kind == "fee")).first()
    payment_id, invoice_id = line.payment_id, line.invoice_id
    tamper(app, f"DELETE FROM invoice_lines WHERE id = '{line.id}'")
    found = broken()
    assert payment_id in found["releases_are_invoiced"]
    assert invoice_id in found["invoices_match_their_lines"]


def test_a_line_with_another_amount_is_named(app, used):
    line = db.session.scalars(select(InvoiceLine).where(InvoiceLine.kind == "clawback")).first()
    tamper(app, f"UPDATE invoice_lines SET amount = amount - 1 WHERE id = '{line.id}'")
    assert line.payment_id in broken()["releases_are_invoiced"]


def test_a_line_for_what_is_no_release_is_named(app, used):
    line = db.session.scalars(select(InvoiceLine).where(InvoiceLine.kind == "fee")).first()
    hold = db.session.scalars(select(Payment).where(Payment.kind == "hold")).first()
    tamper(app, f"UPDATE invoice_lines SET payment_id = '{hold.id}' WHERE id = '{line.id}'")
    assert "releases_are_invoiced" in broken()


@pytest.mark.parametrize("number", [7, 3])
def test_a_gap_in_the_numbers_is_named(app, used, number):
    row = row_of((Invoice.kind == InvoiceKind.INVOICE) & (Invoice.number == 1))
    tamper(app, f"UPDATE invoices SET number = {number} WHERE id = '{row.id}'")
    assert row.sponsor_id in broken()["invoice_numbers_have_no_gaps"]


def test_a_counter_that_ran_ahead_is_named(app, used):
    tamper(app, "UPDATE invoice_counters SET last = last + 1 WHERE series LIKE 'CN-%'")
    assert "CN-" in broken()["invoice_numbers_have_no_gaps"]


def test_a_counter_without_documents_and_documents_without_a_counter_are_named(app, used):
    tamper(app, "UPDATE invoice_counters SET series = 'X' WHERE series LIKE 'CN-%'")
    assert "invoice_numbers_have_no_gaps" in broken()
    tamper(app, "DELETE FROM invoice_counters WHERE series = 'X'")
    assert "CN-" in broken()["invoice_numbers_have_no_gaps"]


def test_an_invoice_beyond_the_ledger_is_named(app, used):
    row = row_of(Invoice.kind == InvoiceKind.INVOICE)
    tamper(app, f"UPDATE invoices SET total_amount = total_amount + 5 WHERE id = '{row.id}'")
    found = broken()
    assert row.sponsor_id in found["invoices_match_the_ledger"]
    assert row.id in found["invoices_match_their_lines"]


def test_a_removed_clawback_is_noticed(app, used):
    tamper(app, "DELETE FROM transfers WHERE kind = 'clawback'")
    assert "invoices_match_the_ledger" in broken()


def test_a_credit_note_for_another_invoice_is_named(app, used):
    note = row_of(Invoice.kind == InvoiceKind.CREDIT_NOTE)
    other = row_of((Invoice.kind == InvoiceKind.INVOICE) & (Invoice.id != note.credits_id))
    tamper(app, f"UPDATE invoices SET credits_id = '{other.id}' WHERE id = '{note.id}'")
    assert note.id in broken()["credit_notes_match_invoices"]


def test_the_command_and_the_admin_page_tell(app, client, used):
    tamper(app, "UPDATE invoice_counters SET last = last + 1")
    run = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert run.exit_code == 1
    assert "WRONG  invoice_numbers_have_no_gaps: sponsor spn_" in run.output
    answer = client.get("/api/v1/admin/ledger/invariants", headers=bearer(make.admin())).json
    assert answer["ok"] is False
    assert set(INVOICE_CHECKS) <= {check["name"] for check in answer["checks"]}


# --- through the API ----------------------------------------------------------------------------


def test_only_the_sides_and_admins_see_a_document(client, used, world):
    (_, _, invoice) = listed(client, world.sponsor)
    path = f"invoices/{invoice['id']}"
    seen = {
        ("sponsor", world.sponsor): 200,
        ("influencer", world.influencer): 200,
        ("admin", world.admin): 200,
        ("sponsor", make.sponsor()): 404,
        ("influencer", make.influencer()): 404,
        ("admin", world.sponsor): 403,
        ("sponsor", world.influencer): 403,
    }
    for (surface, person), status in seen.items():
        for ending in ("", ".pdf"):
            answer = client.get(f"/api/v1/{surface}/{path}{ending}", headers=bearer(person))
            assert answer.status_code == status, (surface, status)
    assert client.get(f"{LIST}/{invoice['id']}").status_code == 401
    assert listed(client, make.sponsor()) == []
    assert len(listed(client, world.influencer, "influencer")) == 3
    assert len(listed(client, world.admin, "admin", sponsor_id=world.sponsor.sponsor_id)) == 3
    assert listed(client, world.admin, "admin", influencer_id="inf_x") == []


def test_an_influencer_does_not_see_what_the_platform_takes_of_the_sponsor(client, world):
    ad_request = agree(world)
    advance(world, ad_request, "completed")
    dispute_and_decide(world, ad_request, 25)
    (invoice,) = listed(client, world.sponsor, kind="invoice")
    assert invoice["total"]["amount"] == 110_000
    for row in listed(client, world.influencer, "influencer"):
        amount = 100_000 if row["kind"] == "invoice" else 75_000
        assert row["total"]["amount"] == amount
        found = one(client, world.influencer, row["id"], "influencer")
        assert [line["amount"]["amount"] for line in found["lines"]] == [amount]
        assert found["total"]["amount"] == amount
        if found["credits"]:
            assert found["credits"]["total"]["amount"] == 100_000
    csv_rows = client.get("/api/v1/influencer/invoices.csv", headers=bearer(world.influencer)).text
    assert "1000.00" in csv_rows
    assert "1100.00" not in csv_rows
    assert one(client, world.sponsor, invoice["id"])["total"]["amount"] == 110_000


def test_a_document_of_the_platforms_share_alone_is_not_the_influencers(client, world):
    ad_request = agree(world)
    unit_of_work(
        lambda: service.charge_platform_fee(
            SYSTEM, reference=ad_request.id, milestone="m", amount=5
        )
    )
    assert len(listed(client, world.sponsor)) == 1
    assert listed(client, world.influencer, "influencer") == []


def test_a_document_names_who_issued_it_as_it_was_then(app, settings, make_app, monkeypatch):
    issuer = {"issuer_name": "Accord Ltd", "issuer_address": "Main Street 1; 1000 Town"}
    named = make_app(replace(settings, **issuer, issuer_tax_id="DE123"))
    payer = make.sponsor()
    with named.app_context():
        make.earn(payer, make.influencer(), 10)
        db.session.remove()
    (row,) = db.session.scalars(select(Invoice))
    given = []
    monkeypatch.setattr(invoice_lists.papers, "pdf", lambda *all_of: given.append(all_of[2]))
    invoice_lists.invoice_pdf(payer.actor, invoice_lists.get_invoice(payer.actor, row.id))
    assert given[0]["issuer"] == ["Accord Ltd", "Main Street 1", "1000 Town", "DE123"]


@pytest.mark.parametrize("invoice_id", ["ivc_x", "x" * 300, "ivc_%00", "..", "a.pdf"])
def test_a_document_that_is_not_there_is_absent(client, app, invoice_id):
    headers = bearer(make.sponsor())
    for ending in ("", ".pdf"):
        assert client.get(f"{LIST}/{invoice_id}{ending}", headers=headers).status_code == 404


def test_the_pdf_of_an_invoice_and_of_a_credit_note(client, used, world):
    for invoice in listed(client, world.sponsor):
        answer = client.get(f"{LIST}/{invoice['id']}.pdf", headers=bearer(world.sponsor))
        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF-")
        assert f'filename="{invoice["number"]}.pdf"' in answer.headers["Content-Disposition"]


def test_invoices_are_found_by_kind_agreement_currency_and_day(client, used, world):
    day = today().isoformat()

    def count(**query: str) -> int:
        return len(listed(client, world.sponsor, **query))

    assert (count(), count(kind="credit_note"), count(kind="invoice")) == (3, 1, 2)
    assert (count(reference=used.id), count(reference="adr_other")) == (3, 0)
    assert (count(currency="EUR"), count(currency="JPY")) == (3, 0)
    assert (count(since=day, until=day), count(until="2020-01-01")) == (3, 0)
    first = client.get(LIST, query_string={"limit": 2}, headers=bearer(world.sponsor)).json
    second = listed(client, world.sponsor, limit=2, cursor=first["next"])
    assert len({row["id"] for row in first["items"] + second}) == 3


@pytest.mark.parametrize(
    "query",
    ["kind=other", "currency=euro", "since=soon", "sponsor_id=spn_x", "sort=number", "limit=0"],
)
def test_a_filter_that_means_nothing_is_refused(client, app, query):
    answer = client.get(f"{LIST}?{query}", headers=bearer(make.sponsor()))
    assert answer.status_code == 422


def test_a_list_and_a_document_cost_the_same_however_many_there_are(client, app):
    payer, earner = make.sponsor(), make.influencer()
    headers = bearer(payer)
    costs = []
    for _ in range(2):
        for _ in range(3):
            make.earn(payer, earner, 10)
        with counted() as asked:
            rows = client.get(LIST, headers=headers).json["items"]
        costs.append(len(asked))
    assert len(rows) == 6
    assert costs[0] == costs[1]


def test_counters_hold_no_number_that_was_not_given(app):
    make.earn(make.sponsor(), make.influencer(), 10)
    assert [row.last for row in db.session.scalars(select(InvoiceCounter))] == [1]
