"""The trail as admins read it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from app.audit.service import record
from app.core.actor import SYSTEM, Actor, Role
from app.core.clock import shifted
from app.core.transaction import unit_of_work
from tests.factories.identity import SignedIn, make_admin, make_sponsor
from tests.services.statements import counted


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    return SignedIn(make_admin())


def write(action: str, subject: str = "cmp_1", *, days_ago: float = 0, **data: Any) -> str:
    with shifted(timedelta(days=-days_ago)):
        return unit_of_work(
            lambda: record(SYSTEM, action, subject_type="thing", subject_id=subject, **data)
        ).id


def test_every_filter_narrows_the_trail(admin: SignedIn) -> None:
    old = write("thing.made", days_ago=3)
    changed = write("thing.changed", "cmp_2", days_ago=1)
    other = write("thinger.made", days_ago=0.5)
    since = quote((datetime.now(UTC) - timedelta(days=2)).isoformat())
    for query, wanted in [
        ("subject_type=thing", [other, changed, old]),
        ("action=thing.made", [old]),
        ("action=thing.", [changed, old]),
        ("subject_id=cmp_2", [changed]),
        ("actor=system&subject_type=thing&sort=at", [old, changed, other]),
        (f"subject_type=thing&since={since}", [other, changed]),
        (f"subject_type=thing&until={since}", [old]),
        ("actor=usr_nobody", []),
    ]:
        found = [entry["id"] for entry in admin.get(f"/admin/audit?{query}").json["items"]]
        assert found == wanted, query
    assert admin.get("/admin/audit?who=me").status_code == 422
    assert admin.get("/admin/audit?since=yesterday").status_code == 422


def test_pages_are_the_whole_trail(admin: SignedIn) -> None:
    written = [write("thing.made", number=number) for number in range(5)]
    seen, cursor = [], ""
    while True:
        page = admin.get(f"/admin/audit?limit=2&subject_type=thing{cursor}").json
        seen += [entry["id"] for entry in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == written[::-1]


def test_entries_name_who_acted_in_a_constant_number_of_statements(admin: SignedIn) -> None:
    write("thing.made")
    with counted() as few:
        admin.get("/admin/audit?subject_type=thing")
    people = [make_sponsor(name=f"Sponsor {number}") for number in range(4)]
    for person in people:
        unit_of_work(
            lambda person=person: record(
                person.actor, "thing.changed", subject_type="thing", subject_id="cmp_1"
            )
        )
    gone = Actor(role=Role.ADMIN, user_id="usr_gone")
    unit_of_work(lambda: record(gone, "thing.lost", subject_type="thing", subject_id="cmp_1"))
    with counted() as many:
        entries = admin.get("/admin/audit?subject_type=thing&sort=at").json["items"]
    assert len(many) == len(few)
    found = [(entry["actor"], entry["actor_name"], entry["actor_email"]) for entry in entries]
    assert found == [
        ("system", "system", None),
        *(
            (person.user_id, person_name, person.email)
            for person, person_name in zip(
                people, [f"Sponsor {number}" for number in range(4)], strict=True
            )
        ),
        ("usr_gone", None, None),
    ]


def test_the_trail_is_exported_whole_and_harmless(admin: SignedIn) -> None:
    written = [write("thing.made", "=1+1", number=number) for number in range(105)]
    answer = admin.get("/admin/audit.csv?subject_type=thing")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == written
    assert {row["subject_id"] for row in rows} == {"'=1+1"}


def test_the_trail_is_for_admins_alone(app: Flask) -> None:
    for path in ("/admin/audit", "/admin/audit.csv"):
        assert SignedIn(make_sponsor()).get(path).status_code == 403
        assert app.test_client().get(f"/api/v1{path}").status_code == 401
