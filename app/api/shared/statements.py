"""Statements: a sponsor's of the wallet, an influencer's of the earnings."""

from __future__ import annotations

from typing import Any

from flask import Response, stream_with_context

from app.api.blueprint import Blueprint
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.payments import statements
from app.payments.document_schemas import StatementExportQuery, StatementQuery, StatementRead


def register(bp: Blueprint, role: Role) -> None:
    """Put the statement on the surface of `role`."""
    reads = access(role, own=role.value)

    @bp.route("/statement", methods=["GET"])
    @reads
    @bp.arguments(StatementQuery, location="query")
    @bp.response(200, StatementRead)
    def read_statement(query: dict[str, Any]) -> Any:
        """What came in and went out in a period, with the balance after each line."""
        return statements.statement(current_actor(), **query)

    @bp.route("/statement.csv", methods=["GET"])
    @reads
    @bp.arguments(StatementExportQuery, location="query")
    @bp.response(200, {"type": "string"}, content_type="text/csv")
    def export_statement(query: dict[str, Any]) -> Response:
        """The whole statement as CSV, amounts in major units, times in the reader's zone."""
        found = statements.statement(current_actor(), **query)
        return Response(
            stream_with_context(statements.as_csv(found)),
            content_type="text/csv; charset=utf-8",
            headers=_saved_as(found, "csv"),
        )

    @bp.route("/statement.pdf", methods=["GET"])
    @limiter.limit("20 per minute")
    @reads
    @bp.arguments(StatementExportQuery, location="query")
    @bp.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
    def print_statement(query: dict[str, Any]) -> Response:
        """The whole statement as a PDF of at most 2,000 lines, in the reader's language."""
        found = statements.statement(current_actor(), **query)
        return Response(
            statements.as_pdf(found),
            content_type="application/pdf",
            headers=_saved_as(found, "pdf"),
        )


def _saved_as(found: statements.Statement, ending: str) -> dict[str, str]:
    name = statements.file_name(found, ending)
    return {"Content-Disposition": f'attachment; filename="{name}"'}
