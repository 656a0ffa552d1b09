"""The audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context

from app.api.admin.blueprint import blueprint as bp
from app.api.security import access
from app.audit import queries
from app.audit.models import AuditEntry
from app.audit.schemas import AuditFilters, AuditPage, AuditQuery
from app.core.actor import Role
from app.core.clock import now
from app.core.extensions import db
from app.core.paging import MAX_LIMIT, Page, PageRequest, paginate
from app.core.spreadsheet import csv_lines
from app.reporting.actors import named

COLUMNS = (
    "sequence",
    "at",
    "actor",
    "actor_role",
    "action",
    "subject_type",
    "subject_id",
    "data",
    "id",
    "digest",
)


@bp.route("/audit", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(AuditQuery, location="query")
@bp.response(200, AuditPage)
def list_audit(filters: dict[str, Any]) -> Page[dict[str, Any]]:
    """Acts of admins, movements of money and changes of permissions, the latest first."""
    request: PageRequest = filters.pop("page")
    page = _page(filters, request)
    (entries,) = named(page.items)
    return Page(entries, page.next, page.total)


@bp.route("/audit.csv", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(AuditFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_audit(filters: dict[str, Any]) -> Response:
    """The same entries as CSV, the oldest first."""
    # Entries that are added meanwhile do not prolong the file.
    filters["until"] = filters["until"] or now()
    lines = csv_lines(COLUMNS, _rows(filters))
    name = f"audit-{now():%Y-%m-%d}.csv"
    return Response(
        stream_with_context(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(filters: dict[str, Any]) -> Iterator[list[Any]]:
    cursor = None
    while True:
        page = _page(filters, PageRequest(MAX_LIMIT, cursor, "at"))
        for entry in page.items:
            yield [getattr(entry, column) for column in COLUMNS]
        db.session.expunge_all()
        if page.next is None:
            return
        cursor = page.next


def _page(filters: dict[str, Any], request: PageRequest) -> Page[AuditEntry]:
    return paginate(
        queries.entries(**filters),
        request,
        sorts={"at": AuditEntry.at},
        default="-at",
        id_column=AuditEntry.id,
    )
