"""The settings of the running instance, for services that must not know the web framework."""

from __future__ import annotations

from flask import current_app

from config import Settings


def settings() -> Settings:
    """The settings that the app was built with."""
    found: Settings = current_app.config["ACCORD"]
    return found
