"""Markdown from people becomes HTML that cannot act."""

from __future__ import annotations

import re

import pytest

from app.core.markdown import to_html, to_plain


def test_the_usual_marks_are_rendered():
    html = to_html("# Title\n\n**bold** *em* ~~gone~~\n\n1. one\n2. two\n\n> said\n\n`code`")
    for piece in ("<strong>bold", "<em>em", "<s>gone", "<ol>", "<blockquote>", "<code>code"):
        assert piece in html


def test_headings_stay_below_those_of_the_page():
    assert re.findall(r"<h\d>", to_html("# a\n## b\n### c\n###### d")) == [
        "<h3>",
        "<h4>",
        "<h5>",
        "<h6>",
    ]


def test_links_lead_only_to_addresses_and_pass_nothing_on():
    html = to_html("[a](https://x.example) [b](mailto:a@x.example)")
    assert html.count('rel="nofollow ugc noopener noreferrer"') == 2


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        '[x](https://x.example "\\" onmouseover=\\"alert(1)")',
        "![x](https://tracker.example/pixel.png)",
        '![x](x.png\\" onerror=alert(1))',
        "```html\n<script>alert(1)</script>\n```",
        '<a href="javascript:alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "<iframe src=https://x.example></iframe>",
        "<style>*{display:none}</style>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_that_acts_comes_through(source: str):
    html = to_html(source)
    tags = re.findall(r"<(\w+)([^>]*)>", html)
    assert {name for name, _ in tags} <= {"p", "a", "pre", "code"}
    attributes = {name for _, rest in tags for name in re.findall(r'([\w-]+)="', rest)}
    assert attributes <= {"href", "title", "rel"}
    targets = [target for _, rest in tags for target in re.findall(r'href="([^"]*)"', rest)]
    assert all(target.startswith("https://") for target in targets)


def test_plain_text_keeps_the_words_and_is_cut_at_one():
    source = "# Title\n**bold**ly said\nand `code` [link](https://x.example)\n\n- item"
    assert to_plain(source) == "Title boldly said and code link item"
    assert to_plain(source, 18) == "Title boldly said…"
    assert to_plain("x" * 50, 10) == "x" * 9 + "…"
    assert to_plain("") == ""
