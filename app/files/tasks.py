"""Jobs of files."""

from __future__ import annotations

from app.core.jobs import job
from app.files import service


@job("files.expire_unused")
def expire_unused() -> dict[str, int]:
    """Drop uploads that nobody used."""
    return {"dropped": service.expire_unused()}
