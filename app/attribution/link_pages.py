"""The three answers of a link that leads nowhere, for people: short pages without anything else."""

from __future__ import annotations

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


def _page(title: str, text: str) -> bytes:
    return _PAGE.format(title=title, text=text).encode()


UNKNOWN = _page("This link does not exist", "Look whether it was copied whole.")
ENDED = _page("This link has ended", "What it led to is over. Ask whoever gave it to you.")
UNAVAILABLE = _page("This link cannot be looked up now", "Try again in a minute.")
