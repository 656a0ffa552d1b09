"""The figures of published posts: the sponsor states them one by one, or a table at once."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.ad_requests.shapes import WRITERS
from app.api.blueprint import commits
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.api.shared import post_figures
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role
from app.core.extensions import limiter
from app.statistics import figures_import, figures_template
from app.statistics.schemas import PostFiguresImported, PostFiguresTable

post_figures.register(bp, Role.SPONSOR)


@bp.route("/campaigns/<string:campaign_id>/posts.csv", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.response(200, {"type": "string"}, content_type="text/csv")
def list_posts_to_fill_in(campaign_id: str) -> Response:
    """The posts of a campaign as the CSV that the import takes, their figures left to fill in."""
    return Response(
        figures_template.template(current_actor(), campaign_id=campaign_id),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="posts-{campaign_id}.csv"',
            "Cache-Control": "no-store",
        },
    )


@bp.route("/campaigns/<string:campaign_id>/figures", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=WRITERS)
@limiter.limit(EXPORTS, key_func=by_actor)
@commits
@bp.arguments(PostFiguresTable)
@bp.response(200, PostFiguresImported)
def import_post_figures(values: dict[str, Any], campaign_id: str) -> Any:
    """Take the figures of a campaign's posts from a CSV, each line by itself."""
    return figures_import.import_table(current_actor(), campaign_id=campaign_id, **values)
