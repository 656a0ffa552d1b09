"""One append-only log for each web worker: a click is in it before its visitor is sent on.

A line is one click as a JSON list of what `Line` names. The worker holds a lock on its file as long
as it writes to it, so the consumer knows when nothing more will come. What `write` has returned
from survives a kill of the process; `durability` says when it survives a loss of power.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import orjson

from app.attribution.click_ids import MOMENT_LENGTH
from app.attribution.click_rules import Facts
from config import Durability, Settings

log = logging.getLogger(__name__)

LARGEST_SEGMENT = 64 * 1024 * 1024
SYNC_SECONDS = 0.1
SUFFIX = ".clicks"
# What is yes or no of a click, in one number.
HEAD, PREFETCH, OWN_TEAM, EXPIRED = 1, 2, 4, 8
_HOUR = 60 * 60 * 1000  # milliseconds


class Line(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """One click as it stands in a log; `at` is in milliseconds since 1970."""

    link_id: str
    at: Annotated[int, msgspec.Meta(ge=0, lt=16**MOMENT_LENGTH)]
    visitor: str
    address_hash: str
    agent: str
    referrer: str
    flags: int

    @property
    def facts(self) -> Facts:
        """What the rules look at."""
        return Facts(
            self.link_id,
            self.at // _HOUR,
            self.address_hash,
            self.agent,
            is_head=bool(self.flags & HEAD),
            is_prefetch=bool(self.flags & PREFETCH),
            is_expired=bool(self.flags & EXPIRED),
            is_own_team=bool(self.flags & OWN_TEAM),
        )


_DECODER = msgspec.json.Decoder(Line)


def read(line: bytes) -> Line:
    """A line of a log. Raises msgspec.MsgspecError for what is no click."""
    return _DECODER.decode(line)


def folder_of(settings: Settings) -> Path:
    """Where the segments of an instance lie."""
    return settings.home / "clicks"


class ClickLog:
    """The log of one process; its threads may write at once."""

    def __init__(self, folder: Path, durability: Durability = "100ms") -> None:
        self.folder = folder
        self.durability = durability
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._file = -1
        self._size = 0
        self._written = 0  # lines of this process
        self._synced = 0
        if durability == "100ms":
            threading.Thread(target=self._sync_for_ever, name="click-log", daemon=True).start()

    def write(self, click: Sequence[object]) -> None:
        """Append one click. Raises OSError when it could not be written."""
        line = orjson.dumps(click) + b"\n"
        with self._writing:
            if self._file < 0 or self._size >= LARGEST_SEGMENT:
                self._open()
            # One call a line: lines of a killed process are whole.
            done = os.write(self._file, line)
            self._size += done
            if done < len(line):
                # No room for all of it: the next line starts in a file of its own.
                self._close()
                raise OSError("a click could not be written whole")
            self._written += 1
            mine = self._written
        if self.durability == "group":
            self._sync(mine)

    def close(self) -> None:
        """Write nothing more; the consumer may finish the segment."""
        with self._writing:
            self._close()

    def _open(self) -> None:
        self._close()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{time.time_ns() // 1000:016d}-{socket.gethostname()[:40]}-{os.getpid()}{SUFFIX}"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        path = self.folder / name
        early = path.with_suffix(".new")
        self._file = os.open(early, flags, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        # Seen by the consumer only now: one without a lock is one to which nothing more comes.
        early.rename(path)
        self._size = 0
        # The name of the file is on disk before its first click is.
        directory = os.open(self.folder, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)

    def _close(self) -> None:
        if self._file >= 0:
            with self._syncing:
                os.fdatasync(self._file)
                self._synced = self._written
                os.close(self._file)
                self._file = -1

    def _sync(self, line: int) -> None:
        """Return once `line` is on disk: whoever comes first does it for all who wait."""
        with self._syncing:
            if self._synced >= line or self._file < 0:
                return
            upto = self._written
            os.fdatasync(self._file)
            self._synced = upto

    def _sync_for_ever(self) -> None:
        while True:
            time.sleep(SYNC_SECONDS)
            if self._synced < self._written:
                try:
                    self._sync(self._written)
                except OSError:
                    log.exception("the click log could not be put on disk")


def is_being_written(path: Path) -> bool:
    """Whether a living process still writes to a segment."""
    with path.open("rb") as segment:
        try:
            fcntl.flock(segment, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
