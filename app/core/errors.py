"""Errors that a person may cause, each with the problem type and status of its answer."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Base of every refusal; becomes a problem+json response.

    `type` is the stable slug that a program reads, `detail` what a person reads: what happened
    and what to do. `extra` goes into the problem as further members.
    """

    type = "refused"
    title = "The request was refused"
    status = 409

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: dict[str, list[str]] | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}
        self.extra = extra


class NotSignedIn(DomainError):
    type = "not-signed-in"
    title = "Sign in first"
    status = 401


class Forbidden(DomainError):
    type = "forbidden"
    title = "This is not yours to do"
    status = 403


class NotFound(DomainError):
    type = "not-found"
    title = "There is nothing here"
    status = 404


class Conflict(DomainError):
    type = "conflict"
    title = "The state does not allow this"
    status = 409


class RefusedTransition(Conflict):
    """The subject's state does not know this event; `state` says where it is now."""

    type = "refused-transition"
    title = "This cannot be done now"


class StaleVersion(DomainError):
    type = "stale-version"
    title = "Someone changed this in the meantime; load it again"
    status = 412


class Invalid(DomainError):
    """Malformed input; `errors` says what is wrong field by field."""

    type = "invalid"
    title = "Some fields need another value"
    status = 422

    def __init__(self, detail: str | None = None, **fields: str | list[str]) -> None:
        errors = {
            name: [text] if isinstance(text, str) else list(text) for name, text in fields.items()
        }
        super().__init__(detail, errors=errors)


class TooMany(DomainError):
    type = "too-many-requests"
    title = "Too many requests; try again later"
    status = 429


class Unavailable(DomainError):
    type = "unavailable"
    title = "This is not available at the moment; try again later"
    status = 503
