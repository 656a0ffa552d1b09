"""How far the counting of clicks is behind their log: what was clicked and is no row yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import select

from app.attribution.click_ids import moment_of
from app.attribution.click_log import SUFFIX, folder_of
from app.attribution.link_models import ClickSegment
from app.core.extensions import db
from app.core.settings import settings


@dataclass(frozen=True)
class Lag:
    """Bytes of the log that nobody has counted yet, and when the oldest of these clicks was."""

    waiting_bytes: int
    oldest: datetime | None


def lag() -> Lag:
    """What waits in the logs of this machine: one statement, and a line of each segment that is
    not read to its end."""
    paths = {path.name: path for path in folder_of(settings()).glob(f"*{SUFFIX}")}
    rows = db.session.execute(
        select(ClickSegment.name, ClickSegment.position, ClickSegment.consumed_at).where(
            ClickSegment.name.in_(list(paths))
        )
    )
    read = {name: None if over else position for name, position, over in rows}
    waiting, moments = 0, []
    for name, path in paths.items():
        position = read.get(name, 0)
        rest = 0 if position is None else _size(path) - position
        if position is not None and rest > 0:
            waiting += rest
            moments.append(_moment(path, position))
    known = [moment for moment in moments if moment is not None]
    return Lag(waiting, min(known, default=None))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        # Read to its end and gone since.
        return 0


def _moment(path: Path, position: int) -> datetime | None:
    """When the click at a place of a segment was; None for a line that is not whole."""
    try:
        with path.open("rb") as file:
            file.seek(position)
            return moment_of(orjson.loads(file.readline())[1])
    except (FileNotFoundError, ValueError, TypeError, LookupError, OverflowError):
        return None
