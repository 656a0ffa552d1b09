"""Whether the process lives, whether it can do its work, and figures for Prometheus."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.api.security import access
from app.core.errors import NotFound
from app.core.readiness import readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access()
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@access()
def readyz() -> tuple[dict[str, Any], int]:
    """Database, migrations, broker and jobs are in order."""
    checks = readiness()
    ok = all(check["ok"] for check in checks)
    return {"status": "ok" if ok else "unready", "checks": checks}, 200 if ok else 503


@blueprint.get("/metrics")
@access()
def metrics() -> Response:
    """Prometheus figures, with the token of the settings; open to loopback without one."""
    token = current_app.config["ACCORD"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = (
        hmac.compare_digest(given.encode(), token.encode())
        if token
        else request.remote_addr in ("127.0.0.1", "::1")
    )
    if not allowed:
        raise NotFound
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
