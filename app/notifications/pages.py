"""Paths of the page that mails and notifications lead to."""

from __future__ import annotations

from typing import Literal

from app.core.actor import Role

Tab = Literal["security", "team", "keys", "preferences"]


def account_page(role: Role, tab: Tab) -> str:
    """Where a user finds a tab of their own account; only sponsors have a team.

    An admin's "settings" are the platform's, and a sponsor's open with its organisation.
    """
    home = "/admin/account" if role is Role.ADMIN else f"/{role.value}/settings"
    if tab == "security" and role is not Role.SPONSOR:
        return home
    return f"{home}/{tab}"
