"""Names in any script typeset: what the fonts have is shown, what they lack is a box."""

from __future__ import annotations

import re
import socket
import zlib
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from app.payments import papers
from tests.factories.ad_requests import advance, agree, make_world
from tests.factories.identity import bearer

INSTALLED = Path("/usr/share/fonts/truetype/dejavu")
NAMES = {
    "vietnamese": "Nguyễn Thị Xuân Đường ữợẵ",
    "cyrillic": "Дмитрий Щербаков Їжак Ґ",
    "greek": "Αλέξανδρος Παπαδόπουλος ώΰ",
}
LACKING = {"chinese": "株式会社東京", "korean": "김철수", "emoji": "Party 🎉🥳", "thai": "ไทย"}
# A literal string of a page: glyph numbers, two bytes each. Glyph 0 is the box of every font.
_SHOWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def boxes(pdf: bytes) -> int:
    """How many letters of a PDF are shown as a box."""
    found = 0
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            page = zlib.decompress(stream[1])
        except zlib.error:
            continue
        if b" Tf" not in page:
            continue
        for shown in _SHOWN.finditer(page):
            glyphs = _ESCAPE.sub(_byte, shown[1])
            found += sum(glyphs[at : at + 2] == b"\0\0" for at in range(0, len(glyphs), 2))
    return found


def _byte(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8)]) if code.isdigit() else _LETTERS.get(code, code)


def paper(name: str) -> bytes:
    """An invoice to `name`."""
    data = {
        "kind": "invoice", "number": "2026-000001", "issued_on": "x", "credits": None,
        "currency": "EUR", "sponsor": [name], "influencer": [], "campaign": None,
        "lines": [{"kind": "fee", "title": name, "amount": "1"}], "total": "1", "reference": "r",
    }  # fmt: skip
    return papers.pdf("invoice", papers.Reader(), data)


def papers_of(client, title: str) -> tuple[bytes, bytes]:
    """The statement and the first invoice of a sponsor whose campaign has this title."""
    world = make_world(title=title)
    advance(world, agree(world), "completed")
    headers = bearer(world.sponsor)
    [invoice, *_] = client.get("/api/v1/sponsor/invoices", headers=headers).json["items"]
    answers = [
        client.get(f"/api/v1/sponsor/{path}.pdf", headers=headers)
        for path in ("statement", f"invoices/{invoice['id']}")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    return answers[0].data, answers[1].data


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_scripts_that_the_built_in_fonts_have_are_shown(app, name):
    assert boxes(paper(name)) == 0


@pytest.mark.parametrize("name", LACKING.values(), ids=LACKING)
def test_a_letter_that_no_font_has_is_a_box(app, name):
    assert boxes(paper(name)) >= 2


def test_statements_and_invoices_are_typeset_with_names_in_any_script(client, app):
    for made in papers_of(client, " ".join(NAMES.values())):
        assert boxes(made) == 0
    for made in papers_of(client, " ".join(LACKING.values())):
        assert boxes(made) > 0


@pytest.mark.skipif(not INSTALLED.is_dir(), reason="no further font is on this machine")
def test_the_fonts_of_the_setting_show_what_the_built_in_ones_lack(app, monkeypatch):
    tifinagh = "ⴰⵣⵓⵍ"
    assert boxes(paper(tifinagh)) > 0
    settings = replace(app.config["ACCORD"], paper_fonts=str(INSTALLED))
    monkeypatch.setitem(app.config, "ACCORD", settings)
    assert boxes(paper(tifinagh)) == 0


def test_a_paper_asks_the_network_for_nothing(app, monkeypatch):
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def hear() -> None:
            try:
                while True:
                    peer, address = proxy.accept()
                    asked.append(address)
                    peer.close()
            except OSError:
                return

        Thread(target=hear, daemon=True).start()
        proxy_url = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy_url)
        assert paper('株 🎉 #import "@preview/cetz:0.3.1" https://example.org/a.png')
        assert asked == []
