"""Answers whose bytes and tag are kept in the cache, so that a repeated question costs neither."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response

from app.core.actor import Actor
from app.core.caching import cached


def kept_answer(
    areas: str | tuple[str, ...],
    actor: Actor,
    asked: Mapping[str, Any],
    produce: Callable[[], Any],
) -> Response:
    """What `produce` returns (plain data), as JSON with a weak tag of its bytes.

    The arguments are those of `cached`.
    """
    kept = cached(areas, actor, asked, lambda: _encoded(produce()))
    response = Response(kept["body"], content_type="application/json")
    response.set_etag(kept["tag"], weak=True)
    return response


def _encoded(document: Any) -> dict[str, Any]:
    body = orjson.dumps(document)
    return {"body": body, "tag": hashlib.sha256(body).hexdigest()[:32]}
