"""The audit trail."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.admin.blueprint import blueprint as bp
from app.api.export import at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access
from app.audit import queries
from app.audit.models import AuditEntry
from app.audit.schemas import AuditFilters, AuditPage, AuditQuery
from app.core.actor import Role
from app.core.clock import now
from app.core.extensions import limiter
from app.core.paging import Page, PageRequest, paginate
from app.reporting.actors import named

_COLUMNS = {
    name: at(name)
    for name in (
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
}


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
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(AuditFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_audit(filters: dict[str, Any]) -> Response:
    """The same entries as CSV, the oldest first."""
    # Entries that are added meanwhile do not prolong the file.
    filters["until"] = filters["until"] or now()
    return csv_file("audit", _COLUMNS, lambda page: _page(filters, page), order="at")


def _page(filters: dict[str, Any], request: PageRequest) -> Page[AuditEntry]:
    return paginate(
        queries.entries(**filters),
        request,
        sorts={"at": AuditEntry.at},
        default="-at",
        id_column=AuditEntry.id,
    )
