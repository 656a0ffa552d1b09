"""Jobs of attribution: each part has its own module."""

from __future__ import annotations

from app.attribution import order_tasks as order_tasks
