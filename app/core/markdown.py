"""Markdown that people wrote, as HTML that is safe to show, and as plain text."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    .enable(["table", "strikethrough"])
    # A picture from elsewhere tells its server who reads.
    .disable(["image"])
)
_CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
        *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
    },
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener noreferrer",
)
# The page has its own first and second headings.
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}


def to_html(source: str) -> str:
    """`source` as cleaned HTML: text, lists, tables, links; no pictures, no raw HTML."""
    tokens = _PARSER.parse(source)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    return _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def to_plain(source: str, longest: int | None = None) -> str:
    """The words of `source` on one line; cut at a word with … where longer than `longest`."""
    words = " ".join(_words(_PARSER.parse(source))).split()
    text = " ".join(words)
    if longest is None or len(text) <= longest:
        return text
    head = text[:longest]
    return f"{head[: head.rfind(' ')] if ' ' in head else head[:-1]}…"


def _words(tokens: list[Token]) -> list[str]:
    found: list[str] = []
    for token in tokens:
        if token.children:
            # Pieces of one line join without a space: **bold**ness is one word.
            found.append(
                "".join(
                    child.content if child.type in ("text", "code_inline") else " "
                    for child in token.children
                    if child.type in ("text", "code_inline", "softbreak", "hardbreak")
                )
            )
        elif token.type in ("fence", "code_block"):
            found.append(token.content)
    return found
