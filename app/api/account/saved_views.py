"""Filters of lists that one keeps under names."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import check_if_match, commits, tagged
from app.api.security import SIGNED_IN, access, current_actor
from app.identity import saved_views
from app.identity.schemas import SavedViewCreate, SavedViewList, SavedViewRead, SavedViewUpdate


@bp.route("/account/saved-views", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.response(200, SavedViewList)
def list_saved_views() -> dict[str, Any]:
    """Your views of all lists, at most 50."""
    return {"items": saved_views.views_of(current_actor())}


@bp.route("/account/saved-views", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.arguments(SavedViewCreate)
@bp.response(201, SavedViewRead)
def create_saved_view(values: dict[str, Any]) -> Any:
    """Keep a list's filters under a name."""
    view = saved_views.create(current_actor(), **values)
    location = f"/api/v1/account/saved-views/{view.id}"
    return view, 201, {"Location": location, **tagged(view)}


@bp.route("/account/saved-views/<string:view_id>", methods=["PATCH"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.arguments(SavedViewUpdate)
@bp.response(200, SavedViewRead)
def update_saved_view(values: dict[str, Any], view_id: str) -> Any:
    """Rename a view, keep other filters in it, or let the list open with it."""
    actor = current_actor()
    check_if_match(saved_views.get_for(actor, view_id))
    view = saved_views.change(actor, view_id=view_id, **values)
    return view, 200, tagged(view)


@bp.route("/account/saved-views/<string:view_id>", methods=["DELETE"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.response(204)
def delete_saved_view(view_id: str) -> None:
    """Forget a view."""
    actor = current_actor()
    check_if_match(saved_views.get_for(actor, view_id))
    saved_views.delete(actor, view_id=view_id)
