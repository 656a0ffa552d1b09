"""Where the bytes lie: any fsspec URL (a folder, S3, …). Names there are random."""

from __future__ import annotations

import secrets
from typing import IO, Any, cast

from fsspec.core import url_to_fs

from app.core.settings import settings


def write(content: bytes) -> str:
    """Store `content` and return the key under which it lies."""
    name = secrets.token_hex(20)
    key = f"{name[:2]}/{name}"
    system, path = _place(key)
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    system.pipe_file(path, content)
    return key


def read(key: str) -> IO[bytes]:
    """The stored bytes as an open, seekable file. Raises FileNotFoundError."""
    system, path = _place(key)
    return cast("IO[bytes]", system.open(path, "rb"))


def remove(key: str) -> None:
    """Drop what lies under `key`; nothing there is fine."""
    system, path = _place(key)
    try:
        system.rm_file(path)
    except FileNotFoundError:
        pass


def _place(key: str) -> tuple[Any, str]:
    system, root = url_to_fs(settings().files_url)
    return system, f"{root.rstrip('/')}/{key}"
