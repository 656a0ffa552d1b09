"""Keyset paging: the pages are the list, whatever the data, the order and the limit."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select

from app.core.errors import Invalid
from app.core.extensions import db
from app.core.jobs import Job
from app.core.paging import MAX_LIMIT, PageRequest, paginate
from app.core.transaction import unit_of_work

SORTS: dict[str, Any] = {
    "name": Job.name,
    "attempts": Job.attempts,
    "created_at": Job.created_at,
    "error": func.coalesce(Job.error, ""),
    "id": Job.id,
}
START = datetime(2026, 1, 1, tzinfo=UTC)

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            # Few values each, so that most rows tie with others.
            "name": st.sampled_from(["a", "A", "é", "b'", 'c"', "%_", "日本", " "]),
            "attempts": st.integers(-2, 2),
            "seconds": st.sampled_from([0, 0.000001, 1, 3600, -86_400]),
            "error": st.sampled_from([None, "", "x"]),
        }
    ),
    max_size=25,
)


def fill(rows: list[dict[str, Any]]) -> None:
    def work() -> None:
        db.session.execute(delete(Job))
        for number, row in enumerate(rows):
            db.session.execute(
                insert(Job).values(
                    id=f"job_{number * 7919 % 1000:04d}",
                    name=row["name"],
                    queue="default",
                    attempts=row["attempts"],
                    error=row["error"],
                    created_at=START + timedelta(seconds=row["seconds"]),
                    requested_by="system",
                )
            )

    unit_of_work(work)


def walk(sort: str, limit: int) -> list[str]:
    """The ids of all pages, one page after the other."""
    found: list[str] = []
    cursor = None
    while True:
        page = paginate(
            select(Job),
            PageRequest(limit, cursor, sort),
            sorts=SORTS,
            default="created_at",
            id_column=Job.id,
        )
        assert len(page.items) <= limit
        found += [job.id for job in page.items]
        if page.next is None:
            return found
        assert len(page.items) == limit, "only the last page is short"
        cursor = page.next


def whole(sort: str) -> list[str]:
    column = SORTS[sort.removeprefix("-")]
    order = [column, Job.id] if column is not Job.id else [Job.id]
    if sort.startswith("-"):
        order = [key.desc() for key in order]
    return list(db.session.scalars(select(Job.id).order_by(*order)))


def test_pages_put_together_are_the_whole_list(app: Flask) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        ROWS,
        st.sampled_from([*SORTS, *(f"-{name}" for name in SORTS)]),
        st.integers(1, 7),
    )
    def check(rows: list[dict[str, Any]], sort: str, limit: int) -> None:
        fill(rows)
        assert walk(sort, limit) == whole(sort)
        db.session.rollback()

    check()


def test_what_is_added_before_the_cursor_moves_no_page(app: Flask) -> None:
    fill([{"name": "b", "attempts": 0, "seconds": number, "error": None} for number in range(4)])
    first = paginate(
        select(Job),
        PageRequest(2, None, "created_at"),
        sorts=SORTS,
        default="created_at",
        id_column=Job.id,
    )
    seen = [job.id for job in first.items]
    earlier = {"name": "b", "queue": "default", "attempts": 0, "requested_by": "system"}
    unit_of_work(
        lambda: db.session.execute(
            insert(Job).values(id="job_early", created_at=START - timedelta(days=1), **earlier)
        )
    )
    second = paginate(
        select(Job),
        PageRequest(2, first.next, "created_at"),
        sorts=SORTS,
        default="created_at",
        id_column=Job.id,
    )
    seen += [job.id for job in second.items]
    assert seen == [job_id for job_id in whole("created_at") if job_id != "job_early"]


@pytest.mark.parametrize(("asked", "given_"), [(0, 1), (-5, 1), (10**6, MAX_LIMIT)])
def test_a_limit_is_kept_within_bounds(app: Flask, asked: int, given_: int) -> None:
    rows = [{"name": "a", "attempts": 0, "seconds": 0, "error": None}] * (MAX_LIMIT + 1)
    fill(rows)
    page = paginate(select(Job), PageRequest(asked), sorts=SORTS, default="name", id_column=Job.id)
    assert len(page.items) == given_


def cursor_of(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


FOREIGN = {
    "of another order": cursor_of("-name", "a", "job_1"),
    "of another list": cursor_of("name", "a"),
    "with more values": cursor_of("name", "a", "job_1", "x"),
    "with a number for a text": cursor_of("name", 1, "job_1"),
    "with null": cursor_of("name", None, "job_1"),
    "with a list": cursor_of("name", ["a"], "job_1"),
    "with NUL": cursor_of("name", "a\x00", "job_1"),
    "with a lone surrogate": cursor_of("name", "\ud800", "job_1"),
    "with a very long text": cursor_of("name", "a" * 3000, "job_1"),
    "an object": base64.urlsafe_b64encode(b'{"0": "name"}').decode(),
    "a number": base64.urlsafe_b64encode(b"1").decode(),
    "an empty list": base64.urlsafe_b64encode(b"[]").decode(),
    "no JSON": base64.urlsafe_b64encode(b"name").decode(),
    "no base64": "!!!",
    "no text": base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "deep": base64.urlsafe_b64encode(b"[" * 1000 + b"]" * 1000).decode(),
    "empty": "",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_cursor_is_refused(app: Flask, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        paginate(
            select(Job),
            PageRequest(2, FOREIGN[name], "name"),
            sorts=SORTS,
            default="name",
            id_column=Job.id,
        )
    assert "cursor" in (caught.value.errors or {})


@pytest.mark.parametrize("value", ["yesterday", "2026-01-01T00:00:00", 5, True, "0001-13-01"])
def test_a_cursor_with_no_moment_is_refused(app: Flask, value: object) -> None:
    with pytest.raises(Invalid):
        paginate(
            select(Job),
            PageRequest(2, cursor_of("created_at", value, "job_1"), "created_at"),
            sorts=SORTS,
            default="created_at",
            id_column=Job.id,
        )


@pytest.mark.parametrize("value", [2**63, True, 1.5, "1"])
def test_a_cursor_with_no_whole_number_is_refused(app: Flask, value: object) -> None:
    with pytest.raises(Invalid):
        paginate(
            select(Job),
            PageRequest(2, cursor_of("attempts", value, "job_1"), "attempts"),
            sorts=SORTS,
            default="attempts",
            id_column=Job.id,
        )


@pytest.mark.parametrize("sort", ["size", "-size", "--name", "name desc", "Name"])
def test_an_unknown_order_is_refused(app: Flask, sort: str) -> None:
    with pytest.raises(Invalid) as caught:
        paginate(
            select(Job),
            PageRequest(2, None, sort),
            sorts=SORTS,
            default="name",
            id_column=Job.id,
        )
    assert "sort" in (caught.value.errors or {})
