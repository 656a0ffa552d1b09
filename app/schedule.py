"""The whole beat table: one line a job, with its purpose."""

from __future__ import annotations

from app.core.jobs import Scheduled

SCHEDULE: tuple[Scheduled, ...] = ()
