"""The search among open campaigns, kept in the cache by role and user."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema

from app.campaigns import directory
from app.campaigns.lookups import profile_of
from app.campaigns.queries import SHOWN
from app.campaigns.shown import shown_page
from app.core.actor import ANONYMOUS, Actor, Role
from app.core.caching import cached


def cached_page(shape: type[Schema], actor: Actor, query: dict[str, Any]) -> Response:
    """A page of open campaigns in `shape`; an influencer's also tells how each suits them."""
    # To the public list every reader who is no influencer is the same.
    reader = actor if actor.role is Role.INFLUENCER else replace(ANONYMOUS)
    asked = {**query, "page": asdict(query["page"]), "shape": shape.__name__}
    return jsonify(cached(SHOWN, reader, asked, lambda: _page(shape, reader, query)))


def _page(shape: type[Schema], reader: Actor, query: dict[str, Any]) -> dict[str, Any]:
    filters = dict(query)
    profile = profile_of(reader)
    if filters.pop("fits", False) and profile is not None:
        filters["reach"] = min(profile.reach, filters["reach"] or profile.reach)
    page = directory.open_campaigns(filters.pop("page"), **filters)
    dumped: dict[str, Any] = shape().dump(shown_page(page, reader, profile))
    return dumped
