"""JSON logs with the request's id, and the id itself."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

from config import Settings

_GIVEN_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}\Z")


def init_logs(app: Flask, settings: Settings) -> None:
    """Write JSON lines to stderr (plain ones in development) and name each request."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.env == "production"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )
    root = logging.getLogger()
    if not any(isinstance(h, _Handler) for h in root.handlers):
        handler = _Handler()
        handler.setFormatter(formatter)
        root.addHandler(handler)
    if settings.env != "test":
        root.setLevel(logging.INFO)
    app.before_request(_name_request)
    app.after_request(_log_request)


class _Handler(logging.StreamHandler):
    """Ours, so that a second app in one process does not log twice."""


def _name_request() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _GIVEN_ID.match(given) else f"req_{secrets.token_hex(8)}"
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _log_request(response: Response) -> Response:
    request_id = g.get("request_id")
    if request_id:
        response.headers["X-Request-Id"] = request_id
        took = time.perf_counter() - g.started
        if request.path.startswith("/api/"):
            logging.getLogger("accord.request").info(
                "%s %s %d %.0f ms",
                request.method,
                request.url_rule or request.path.encode("ascii", "replace").decode(),
                response.status_code,
                took * 1000,
            )
    return response
