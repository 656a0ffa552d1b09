"""20,000 clicks on real web servers, one of which is killed: every answered click is counted."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.attribution import click_ids, consumer
from app.attribution.click_log import folder_of
from app.attribution.click_rules import Reason
from app.attribution.link_models import Click
from app.core.extensions import db
from app.core.settings import settings
from config import ROOT
from tests.conftest import SECRET
from tests.factories.links import BROWSER, add_link, make_link
from tests.services.processes import free_port

CLICKS = 20_000
CLIENTS = 8
KEY = click_ids.key_of(SECRET)
_CLICK = re.compile(rb"accord_click=(\w+)")


@dataclass
class Crowd:
    """Visitors that click links until each has had its number of answers."""

    port: int
    paths: list[str]
    answered: list[str] = field(default_factory=list)
    unanswered: int = 0

    def client(self, number: int, clicks: int) -> None:
        """One browser after another from many networks; a click that fails is made again."""
        dice = random.Random(number)
        connection: socket.socket | None = None
        mine: list[str] = []
        while len(mine) < clicks:
            try:
                if connection is None:
                    connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
                mine.append(self._click(connection, dice))
            except OSError:
                self.unanswered += 1
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(0.05)
        if connection is not None:
            connection.close()
        self.answered += mine

    def _click(self, connection: socket.socket, dice: random.Random) -> str:
        path = dice.choice(self.paths)
        address = f"20.{dice.randrange(4)}.{dice.randrange(256)}.{dice.randrange(256)}"
        agent = "Googlebot/2.1" if dice.random() < 0.1 else BROWSER
        extra = "Sec-Purpose: prefetch\r\n" if dice.random() < 0.05 else ""
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUser-Agent: {agent}\r\n"
            f"X-Forwarded-For: {address}\r\n{extra}\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = connection.recv(4096)
            if not more:
                raise ConnectionResetError
            answer += more
        found = _CLICK.search(answer)
        assert found is not None, answer
        return found[1].decode()


@contextmanager
def web_server(environ: dict[str, str], log: Path) -> Iterator[int]:
    """The web server of an instance, as `run.py web` starts it, on a free port."""
    port = free_port()
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "run.py", "web"],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            env={**environ, "HOST": "127.0.0.1", "PORT": str(port), "TRUSTED_PROXIES": "1"},
        )  # fmt: skip
    try:
        _wait_for(lambda: _answers(port), log)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(20)
        finally:
            try:
                os.killpg(server.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            return connection.recv(12).endswith(b"200")
    except OSError:
        return False


def _wait_for(condition: object, log: Path, within: float = 120) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, log.read_text()[-2000:]
        time.sleep(0.1)


def writers(folder: Path) -> set[int]:
    """The processes that have a log."""
    return {int(path.stem.rpartition("-")[2]) for path in folder.glob("*.clicks")}


@pytest.mark.process
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_answered_click_is_lost_or_doubled_when_a_worker_is_killed(
    app: Flask, environ: dict[str, str], tmp_path: Path
) -> None:
    folder = folder_of(settings())
    for old in folder.glob("*"):
        old.unlink()
    made = make_link()
    links = [made.link, *(add_link(made.world, made.ad_request) for _ in range(9))]
    with web_server(environ, tmp_path / "web.log") as port:
        crowd = Crowd(port, [f"/r/{link.code}" for link in links])
        threads = [
            threading.Thread(target=crowd.client, args=(number, CLICKS // CLIENTS))
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        _wait_for(lambda: _lines(folder) > CLICKS // 4, tmp_path / "web.log")
        victim = min(writers(folder))
        os.kill(victim, signal.SIGKILL)
        consumer.consume()  # while the others write on
        for thread in threads:
            thread.join()
    consumer.consume()

    rows = db.session.execute(select(Click.link_id, Click.at, Click.visitor)).all()
    counted = Counter(tuple(row) for row in rows)
    answered = [click_ids.read(KEY, text) for text in crowd.answered]
    assert len(answered) == CLICKS
    assert None not in answered
    lost = [one for one in answered if counted[one.link_id, one.at, one.visitor] != 1]
    assert lost == []
    # What was written and never answered may be there too, once.
    assert len(rows) == _lines(folder)
    assert CLICKS <= len(rows) <= CLICKS + crowd.unanswered
    assert crowd.unanswered > 0
    by_reason = dict(
        db.session.execute(select(Click.reason, func.count()).group_by(Click.reason)).all()
    )
    assert sum(by_reason.values()) == len(rows)
    assert set(by_reason) == {Reason.COUNTED, Reason.DUPLICATE, Reason.BOT, Reason.PREFETCH}
    firsts = select(Click.link_id, Click.hour, Click.address_hash).where(
        Click.reason.in_([Reason.COUNTED, Reason.DUPLICATE])
    )
    assert by_reason[Reason.COUNTED] == len(db.session.execute(firsts.distinct()).all())


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("*.clicks"))
