"""Whether the process lives, whether it can do its work, and figures for Prometheus."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from app.api.security import access
from app.core.errors import NotFound
from app.core.readiness import recent_readiness
from app.core.scrape import exposition
from app.core.settings import settings

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access()
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@access()
def readyz() -> tuple[dict[str, Any], int]:
    """Database, migrations, broker and jobs are in order; with the metrics token also the why."""
    checks = recent_readiness()
    ok = all(check["ok"] for check in checks)
    if not _has_token():
        checks = [{"name": check["name"], "ok": check["ok"]} for check in checks]
    return {"status": "ok" if ok else "unready", "checks": checks}, 200 if ok else 503


@blueprint.get("/metrics")
@access()
def metrics() -> Response:
    """Prometheus figures, with the token of the settings; open to loopback without one."""
    from_here = request.remote_addr in ("127.0.0.1", "::1")
    if not _has_token() and (settings().metrics_token or not from_here):
        raise NotFound
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)


def _has_token() -> bool:
    token = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
