"""The figures and switches that an admin may change while the platform runs."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import check_if_match_tag, commits, etag_of
from app.api.security import access, current_actor
from app.core.actor import Role
from app.moderation import settings
from app.moderation.schemas import SettingList, SettingsUpdate


@bp.route("/settings", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, SettingList)
def read_settings() -> Any:
    """Every figure and switch with its value, default, bounds and purpose."""
    return _answer()


@bp.route("/settings", methods=["PATCH"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.arguments(SettingsUpdate)
@bp.response(200, SettingList)
def change_settings(changes: dict[str, Any]) -> Any:
    """Put other values into force; all of them or, when one is refused, none.

    Needs a fresh sign-in: among them stands what money has to keep to.
    """
    check_if_match_tag(_tag(settings.documents()))
    settings.change(current_actor(), changes["values"])
    return _answer()


def _answer() -> Any:
    items = settings.documents()
    return {"items": items}, 200, {"ETag": _tag(items)}


def _tag(items: list[dict[str, Any]]) -> str:
    return etag_of([(item["name"], item["value"]) for item in items])
