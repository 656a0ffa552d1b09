"""How one wants to be addressed, and which mails one gets."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import SIGNED_IN, access, current_actor
from app.identity import account
from app.identity import service as identity
from app.identity.models import User
from app.notifications import service
from app.notifications.schemas import PreferencesRead, PreferencesUpdate


@bp.route("/account/preferences", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.response(200, PreferencesRead)
def read_preferences() -> dict[str, Any]:
    """Your name, language, time zone and theme, and which mails you get."""
    return _document(identity.me(current_actor()))


@bp.route("/account/preferences", methods=["PATCH"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.arguments(PreferencesUpdate)
@bp.response(200, PreferencesRead)
def update_preferences(values: dict[str, Any]) -> dict[str, Any]:
    """Change your preferences."""
    actor = current_actor()
    service.choose_mails(actor, values.pop("mail", {}))
    return _document(account.change_preferences(actor, **values))


def _document(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "locale": user.locale,
        "time_zone": user.time_zone,
        "theme": user.theme,
        "mail": service.mail_preferences(current_actor()),
    }
