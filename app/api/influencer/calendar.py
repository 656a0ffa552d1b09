"""The influencer's content calendar."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from app.ad_requests import calendar
from app.ad_requests.inputs import CalendarQuery
from app.ad_requests.schemas import CalendarPage
from app.api.influencer.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.core.actor import Role


@bp.route("/calendar", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.arguments(CalendarQuery, location="query")
@bp.response(200, CalendarPage)
def list_calendar(query: dict[str, Any]) -> Response:
    """The days of drafts, publications and answers."""
    body = calendar.page(current_actor(), query["page"], first=query["first"], last=query["last"])
    return Response(orjson.dumps(body), content_type="application/json")
