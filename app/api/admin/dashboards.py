"""The dashboards of sponsors, for the admin."""

from __future__ import annotations

from app.api.admin.blueprint import blueprint as bp
from app.api.shared.dashboards import register
from app.core.actor import Role

register(bp, Role.ADMIN)
