"""The directory of influencers, alike for the public and for signed-in sponsors."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.blueprint import Blueprint
from app.api.kept import kept_answer
from app.api.security import access, current_actor
from app.core.actor import Role
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
        return kept_answer(
            DIRECTORY,
            current_actor(),
            directory.asked(filters, page),
            lambda: directory.page(filters, page),
        )
