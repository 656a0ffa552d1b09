"""Doing the same to many: each succeeds or fails by itself, and every list says so in one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from marshmallow import fields

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.schemas import Output


class BulkResult(Output):
    """What became of one; `problem` says why it was refused, as its own answer would."""

    id = fields.String(required=True)
    ok = fields.Boolean(required=True)
    status = fields.String(
        required=True, allow_none=True, metadata={"description": "The state it is in now."}
    )
    problem = fields.Dict(
        keys=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "`type`, `title`, `status`, `detail` and what else is known."},
    )


class BulkResults(Output):
    """What became of each, in the order that was asked for."""

    results = fields.List(fields.Nested(BulkResult), required=True)


def each(ids: Iterable[str], act: Callable[[str], str]) -> list[dict[str, Any]]:
    """Do `act`, which returns the new state, to each of `ids`; one result for each, in their order.

    What is refused changes nothing and holds up no other.
    """
    wanted = list(dict.fromkeys(ids))
    # One order of locks for everyone.
    results = {one: _result(one, act) for one in sorted(wanted)}
    return [results[one] for one in wanted]


def done(row_id: str, status: str) -> dict[str, Any]:
    """The result of one that succeeded."""
    return {"id": row_id, "ok": True, "status": status, "problem": None}


def refused(row_id: str, error: DomainError) -> dict[str, Any]:
    """The result of one that was refused."""
    problem = {"type": error.type, "title": error.title, "status": error.status, **error.extra}
    if error.detail:
        problem["detail"] = error.detail
    if error.errors:
        problem["errors"] = error.errors
    return {"id": row_id, "ok": False, "status": error.extra.get("state"), "problem": problem}


def _result(row_id: str, act: Callable[[str], str]) -> dict[str, Any]:
    try:
        with db.session.begin_nested():
            status = act(row_id)
    except DomainError as error:
        return refused(row_id, error)
    return done(row_id, status)
