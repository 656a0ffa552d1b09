"""The examples of docs/orders.md, run as they stand: what they send is taken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.attribution import order_sources
from app.attribution.models import Order
from app.attribution.order_facts import OrderSourceKind
from app.core.clock import now, shifted
from app.core.extensions import db
from config import ROOT
from tests.factories.ad_requests import agree, kept, make_world
from tests.factories.orders import commission, make_coupon, make_link

TEXT = (ROOT / "docs" / "orders.md").read_text()
EXAMPLES = dict(re.findall(r"```(bash|python|php|javascript)\n(.*?)```", TEXT, re.DOTALL))
COMMANDS = {
    "bash": ("bash", "example.sh"),
    "python": ("python3", "example.py"),
    "php": ("php", "example.php"),
    "javascript": ("node", "example.cjs"),
}
# The orders of the examples are placed some days later.
BEFORE = datetime(2026, 4, 20, tzinfo=UTC)


@dataclass
class Shop:
    """A server that keeps what it is sent."""

    url: str = ""
    sent: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def shop() -> Iterator[Shop]:
    kept_here = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept_here.sent.append((dict(self.headers), body))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    kept_here.url = f"http://127.0.0.1:{server.server_port}/"
    yield kept_here
    server.shutdown()
    thread.join()
    server.server_close()


def test_there_is_an_example_in_each_language():
    assert set(EXAMPLES) == set(COMMANDS)
    for name, text in EXAMPLES.items():
        for word in ("webhook-id", "webhook-timestamp", "webhook-signature", "ACCORD_SECRET"):
            assert word in text, name


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", COMMANDS)
def test_an_example_sends_an_order_that_is_taken(
    client: FlaskClient, shop: Shop, tmp_path: Path, language: str
):
    command, name = COMMANDS[language]
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not here")
    with shifted(BEFORE - now()):
        world = make_world()
        agreement = agree(world, cap=50_000)
        make_coupon(make_link(world, agreement), "LAN10")
    sponsor_id = world.sponsor.sponsor_id or ""
    _source, secret = kept(
        lambda: order_sources.add(world.sponsor.actor, kind=OrderSourceKind.ACCORD)
    )
    (tmp_path / name).write_text(EXAMPLES[language])
    subprocess.run(
        [command, name],
        cwd=tmp_path,
        env={**os.environ, "ACCORD_URL": shop.url, "ACCORD_SECRET": secret or ""},
        check=True,
        capture_output=True,
        timeout=60,
    )
    [(headers, body)] = shop.sent
    wanted = {
        key: value
        for key, value in headers.items()
        if key.lower().startswith(("webhook-", "content-type"))
    }
    answer: Any = client.post(f"/api/v1/public/orders/{sponsor_id}", data=body, headers=wanted)
    assert answer.status_code == 200, answer.text
    assert answer.json["taken"] is True
    order = db.session.scalars(select(Order)).one()
    assert order.influencer_id == world.influencer.influencer_id
    assert commission(order.id).paid_amount == 320
