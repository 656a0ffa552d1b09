"""Lists as files: the list's own filters, the own rows, one page at a time."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app.api import export
from app.core.actor import Role
from app.core.extensions import db
from app.core.jobs import Job
from app.core.paging import Page, PageRequest, paginate
from app.core.transaction import unit_of_work
from app.identity.models import User
from tests.factories.ad_requests import World, make_world, propose
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_admin, make_influencer, make_sponsor
from tests.services.statements import counted

pytestmark = pytest.mark.usefixtures("app")

ADMIN_FILES = ("users", "campaigns", "ad-requests", "flags", "jobs")


def rows(client: SignedIn, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def column(client: SignedIn, path: str, name: str = "id") -> list[str]:
    return [row[name] for row in rows(client, path)]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def admin() -> SignedIn:
    return SignedIn(make_admin())


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_LIMIT", 2)


# --- ad requests --------------------------------------------------------------------------------


def test_each_side_gets_its_own_ad_requests(world: World, admin: SignedIn) -> None:
    own = propose(world)
    elsewhere = make_world()
    other = propose(World(elsewhere.sponsor, world.influencer, world.admin, elsewhere.campaign))
    assert column(SignedIn(world.sponsor), "/sponsor/ad-requests.csv") == [own.id]
    assert column(SignedIn(elsewhere.sponsor), "/sponsor/ad-requests.csv") == [other.id]
    influencer = SignedIn(world.influencer)
    assert column(influencer, "/influencer/ad-requests.csv") == [own.id, other.id]
    assert column(SignedIn(make_influencer()), "/influencer/ad-requests.csv") == []
    assert column(admin, "/admin/ad-requests.csv") == [own.id, other.id]


def test_the_filters_of_the_list_hold_for_the_file(world: World, admin: SignedIn) -> None:
    invited = propose(world)
    applied = propose(
        World(world.sponsor, make_influencer(name="Linh"), world.admin, world.campaign),
        "application",
    )
    sponsor = SignedIn(world.sponsor)
    for query, found in (
        ("origin=application", [applied.id]),
        ("your_turn=false", [invited.id]),
        ("q=linh", [applied.id]),
        ("status=active&status=proposed", [invited.id, applied.id]),
        ("status=active", []),
    ):
        assert column(sponsor, f"/sponsor/ad-requests.csv?{query}") == found, query
    assert column(admin, f"/admin/ad-requests.csv?sponsor_id={world.sponsor.sponsor_id}")
    for query in ("limit=5", "cursor=x", "sort=created_at", "status=odd"):
        assert sponsor.get(f"/sponsor/ad-requests.csv?{query}").status_code == 422, query
    assert sponsor.get("/sponsor/ad-requests.csv?sponsor_id=spn_1").status_code == 422


def test_amounts_are_decimal_beside_their_currency_and_times_in_utc(world: World) -> None:
    propose(world, fee=123_450)
    (row,) = rows(SignedIn(world.sponsor), "/sponsor/ad-requests.csv")
    assert (row["fee"], row["currency"]) == ("1234.50", "EUR")
    assert row["held"] == "0.00"
    assert row["stage"] == ""
    offset = datetime.fromisoformat(row["created_at"]).utcoffset()
    assert offset is not None
    assert not offset


def test_no_cell_starts_a_formula(world: World) -> None:
    bad = World(world.sponsor, make_influencer(name="=1+1"), world.admin, world.campaign)
    propose(bad)
    sponsor = SignedIn(world.sponsor)
    assert column(sponsor, "/sponsor/ad-requests.csv", "influencer") == ["'=1+1"]


# --- admins -------------------------------------------------------------------------------------


def test_users_are_filtered_as_in_their_list(admin: SignedIn) -> None:
    sponsor = make_sponsor(name="@Sum")
    make_influencer()
    found = rows(admin, "/admin/users.csv?role=sponsor")
    assert [row["id"] for row in found] == [sponsor.user_id]
    assert found[0]["profile"] == "'@Sum"
    assert found[0]["email_verified"] == "yes"
    assert len(rows(admin, "/admin/users.csv")) == 3


def test_campaigns_of_all_sponsors_are_filtered_by_sponsor(admin: SignedIn) -> None:
    first, second = make_sponsor(name="First"), make_sponsor(name="Second")
    make_campaign(first, title="A")
    make_campaign(second, title="B")
    assert column(admin, "/admin/campaigns.csv", "title") == ["A", "B"]
    found = rows(admin, f"/admin/campaigns.csv?sponsor_id={second.sponsor_id}")
    assert [(row["title"], row["sponsor"]) for row in found] == [("B", "Second")]


def test_flags_tell_their_subject_and_follow_their_filters(admin: SignedIn) -> None:
    influencer = make_influencer(name="Mai")
    made = admin.post(f"/admin/users/{influencer.user_id}/flag", json={"reason": "-spam"})
    assert made.status_code == 201, made.text
    (row,) = rows(admin, "/admin/flags.csv?subject_type=user")
    assert (row["id"], row["subject"], row["reason"]) == (made.json["id"], "Mai", "'-spam")
    assert rows(admin, "/admin/flags.csv?subject_type=campaign") == []


def test_jobs_follow_their_filters(admin: SignedIn) -> None:
    unit_of_work(lambda: _job("a.job"))
    unit_of_work(lambda: _job("b.job"))
    found = rows(admin, "/admin/jobs.csv?name=b.job")
    assert [(row["name"], row["args"]) for row in found] == [("b.job", '{"of": "b.job"}')]


def _job(name: str) -> None:
    db.session.add(Job(name=name, queue="default", args={"of": name}, requested_by="system"))
    db.session.flush()


def test_files_of_admins_are_for_admins_alone(app: Flask) -> None:
    for name in ADMIN_FILES:
        path = f"/admin/{name}.csv"
        assert SignedIn(make_sponsor()).get(path).status_code == 403
        assert app.test_client().get(f"/api/v1{path}").status_code == 401


def test_the_file_is_named_after_the_list_and_the_day(admin: SignedIn) -> None:
    for name in ADMIN_FILES:
        told = admin.get(f"/admin/{name}.csv").headers["Content-Disposition"]
        assert told.startswith(f'attachment; filename="{name}-20')
        assert told.endswith('.csv"')


# --- streaming ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_pages")
def test_every_page_is_written_once(admin: SignedIn) -> None:
    people = [make_influencer().user_id for _ in range(5)]
    assert column(admin, "/admin/users.csv?role=influencer") == people


@pytest.mark.usefixtures("small_pages")
def test_a_page_is_read_when_it_is_wanted_and_not_before(admin: SignedIn) -> None:
    for _ in range(6):
        make_influencer()
    answer = admin.get("/admin/users.csv?role=influencer")
    assert answer.is_streamed
    chunks = iter(answer.response)
    with counted() as before:
        first = next(chunks)
    with counted() as after:
        second = next(chunks)
    assert first.startswith(b"\xef\xbb\xbfid,")
    assert (first.count(b"\r\n"), second.count(b"\r\n")) == (3, 2)
    assert not [one for one in before if "FROM users" in one]
    assert len([one for one in after if "FROM users" in one]) == 1
    answer.close()


@pytest.mark.usefixtures("small_pages")
def test_nothing_is_held_while_somebody_takes_a_file_slowly(admin: SignedIn) -> None:
    for _ in range(5):
        make_influencer()

    def read(page: PageRequest) -> Page[User]:
        statement = select(User).where(User.role == Role.INFLUENCER)
        sorts = {"created_at": User.created_at}
        return paginate(statement, page, sorts=sorts, default="created_at", id_column=User.id)

    with current_app.test_request_context():
        parts = 0
        for part in export.csv_file("people", {"id": export.at("id")}, read).response:
            assert part
            assert not db.session().in_transaction()
            assert not list(db.session())
            parts += 1
    assert parts == 3
