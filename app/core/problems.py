"""Every error answer is application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.errors import DomainError
from app.core.transaction import is_transient

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
_SLUGS = {
    400: "malformed-request",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many-requests",
    503: "unavailable",
}

# What Werkzeug says by itself, in our words.
_TEXTS = {
    400: ("The request is malformed", "Nothing was changed. Check how the request is written."),
    404: ("There is nothing here", "Check the address."),
    405: ("This address does not take this method", "The Allow header says which ones it takes."),
    413: ("The request is too large", "Nothing was changed. Send less at once."),
    422: ("Some fields need another value", None),
    429: ("Too many requests; try again later", None),
}


def problem(
    status: int,
    type: str,  # noqa: A002 - the member's name in RFC 9457
    title: str,
    detail: str | None = None,
    *,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> Response:
    """A problem response. `errors` maps a field (dotted path) to what is wrong with it."""
    body: dict[str, Any] = {"type": type, "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    body["request_id"] = g.get("request_id")
    body.update(extra)
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=CONTENT_TYPE)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def register_problem_handlers(app: Flask) -> None:
    """Turn domain errors, HTTP errors and the unforeseen into problems."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Exception, _unforeseen)


def flatten(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Marshmallow's nested messages as `{dotted path: texts}`."""
    if isinstance(messages, dict):
        flat: dict[str, list[str]] = {}
        for key, value in messages.items():
            name = "" if key == "_schema" else str(key)
            path = f"{prefix}.{name}" if prefix and name else prefix or name
            for field, texts in flatten(value, path).items():
                flat.setdefault(field, []).extend(texts)
        return flat
    texts = messages if isinstance(messages, list) else [messages]
    return {prefix or "body": [str(text) for text in texts]}


def _domain_error(error: DomainError) -> Response:
    return problem(
        error.status,
        error.type,
        error.title,
        error.detail,
        errors=error.errors,
        headers=error.headers,
        **error.extra,
    )


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    messages = data.get("messages")
    errors = None
    if isinstance(messages, dict):
        # webargs puts the location (json, query, …) around the fields.
        errors = {}
        for location in messages.values():
            errors.update(flatten(location))
    headers: dict[str, str] = {}
    original = error.get_response(request.environ)
    for name in ("Allow", "Retry-After", "WWW-Authenticate", "Location"):
        if name in original.headers:
            headers[name] = original.headers[name]
    if status < 400:
        return original  # type: ignore[return-value]
    title, usual = _TEXTS.get(status, (error.name, error.description))
    said = error.description if error.description != type(error).description else usual
    return problem(
        status,
        _SLUGS.get(status, "error"),
        title,
        "Some fields need another value." if errors else said,
        errors=errors,
        headers=headers,
    )


def _integrity_error(error: IntegrityError) -> Response:
    # A constraint is the last line of defence behind the checks of the services; which one it
    # was goes to the log, never to the caller.
    log.warning("a constraint refused a write: %s", error.orig)
    return problem(
        409,
        "conflict",
        "This conflicts with what is already there",
        "Nothing was changed. Load the page again and check what is there now.",
    )


def _database_error(error: DBAPIError) -> Response:
    if is_transient(error):
        return problem(
            503,
            "unavailable",
            "The database is busy",
            "Nothing was changed; try again in a moment.",
            headers={"Retry-After": "1"},
        )
    return _unforeseen(error)


def _unforeseen(error: Exception) -> Response:
    log.error("unforeseen error", exc_info=error)
    return problem(
        InternalServerError.code,
        "internal-error",
        "Something went wrong on our side",
        "Nothing was changed. Try again; if it happens again, give the request id to support.",
    )
