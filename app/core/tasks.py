"""Jobs of the house itself."""

from __future__ import annotations

from app.core import idempotency, jobs
from app.core.jobs import job


@job("core.forget_answers")
def forget_answers() -> dict[str, int]:
    """Drop kept answers whose keys are no longer honoured."""
    return {"dropped": idempotency.forget_old()}


@job("core.forget_done")
def forget_done() -> dict[str, int]:
    """Drop work that was done a week ago, and windows that are over."""
    return {"dropped": jobs.forget_done()}
