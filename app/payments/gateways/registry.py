"""Which gateways this instance has."""

from __future__ import annotations

from flask import current_app

from app.payments.gateways.base import Gateway
from app.payments.gateways.sandbox import SandboxGateway


def gateways() -> dict[str, Gateway]:
    """The gateways in use, by name, the preferred one first."""
    settings = current_app.config["ACCORD"]
    found: dict[str, Gateway] = {}
    if settings.sandbox_gateway:
        sandbox = SandboxGateway(settings.secret_key)
        found[sandbox.name] = sandbox
    return found
