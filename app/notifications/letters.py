"""Mails made from words: subject, text and HTML, with a mark where a signed link will stand."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.notifications.words import Reader, texts_in, words_for

# Where the signed link will stand; it is no secret itself.
LINK_MARK = "https://signed-link.invalid/"
_LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Letter:
    """A mail before it has a recipient."""

    subject: str
    text: str
    html: str


def write(
    kind: str,
    params: Mapping[str, Any],
    reader: Reader,
    *,
    url: str | None,
    preferences_url: str | None,
) -> Letter:
    """The mail of `kind`. `url` is a full address, LINK_MARK, or None for no button."""
    layout = texts_in(reader.language)["layout"]
    words = words_for(kind, params, reader)
    hello = layout["hello"].format(name=reader.name) if reader.name else layout["hello_unnamed"]
    values = {
        "words": words,
        "layout": layout,
        "hello": hello,
        "url": url,
        "because": layout["because" if reader.name else "because_invited"],
        "preferences_url": preferences_url,
        "language": reader.language,
    }
    return Letter(
        subject=" ".join(words.title.split())[:_LONGEST_SUBJECT],
        text=_templates().get_template("mail.txt").render(values),
        html=_templates().get_template("mail.html").render(values),
    )


def with_link(letter: Letter, link: str) -> Letter:
    """The letter with `link` where the mark stands."""
    return Letter(
        subject=letter.subject,
        text=letter.text.replace(LINK_MARK, link),
        html=letter.html.replace(LINK_MARK, html.escape(link)),
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
