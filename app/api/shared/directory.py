"""The directory of influencers, alike for the public and for signed-in sponsors."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response

from app.api.blueprint import Blueprint
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.caching import cached
from app.identity import directory
from app.identity.directory_schemas import InfluencerPage, InfluencerQuery
from app.identity.service import DIRECTORY


def register(bp: Blueprint, *roles: Role, path: str) -> None:
    """Add the list under `path`; no roles means anyone."""

    @bp.route(path, methods=["GET"])
    @access(*roles, pending=True)
    @bp.arguments(InfluencerQuery, location="query")
    @bp.response(200, InfluencerPage)
    def list_influencers(values: dict[str, Any]) -> Response:
        """Find influencers. Hidden, suspended and unlisted profiles are not shown."""
        page = values.pop("page")
        filters = directory.Filters(**values)
        kept = cached(
            DIRECTORY,
            current_actor(),
            directory.asked(filters, page),
            lambda: _encoded(directory.page(filters, page)),
        )
        response = Response(kept["body"], content_type="application/json")
        response.set_etag(kept["tag"], weak=True)
        return response


def _encoded(page: dict[str, Any]) -> dict[str, Any]:
    body = orjson.dumps(page)
    return {"body": body, "tag": hashlib.sha256(body).hexdigest()[:32]}
