"""A replay of 1,000,000 clicks: written to logs, counted by a consumer that is killed once while
the broker is killed too, and counted exactly.

Prints how many clicks a second become rows. The clicks, and with them the right sums, are made from
a seed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from app.attribution.click_log import EXPIRED, HEAD, OWN_TEAM, PREFETCH, ClickLog, folder_of
from app.attribution.click_rules import Facts, Judge
from app.attribution.link_models import Click
from app.core.extensions import db
from app.core.models import Base
from benchmarks.harness import RESULTS
from config import Settings
from tests.factories.links import add_link, make_link
from tests.services import postgres, redis
from tests.services.processes import spawn, wait_until

CLICKS = int(os.environ.get("ACCORD_BENCH_CLICKS", "1000000"))
SECRET = "benchmarks-only-" * 3
LINKS = 20
LOGS = 4
HOUR = 3_600_000
START = 1_790_000_000_000 // HOUR * HOUR
AGENTS = ("mozilla linux chrome safari", "mozilla iphone safari", "googlebot")
FLAGS = (0, 0, 0, 0, 0, 0, HEAD, PREFETCH, OWN_TEAM, EXPIRED)


def run(clicks: int = CLICKS) -> None:
    """Replay on SQLite and on PostgreSQL."""
    server = postgres.start()
    try:
        for name in ("SQLite", "PostgreSQL"):
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder)
                url = (
                    f"sqlite:///{home / 'accord.db'}"
                    if name == "SQLite"
                    else server.create("accord_bench_clicks")
                )
                _replay(home, url, name, clicks)
    finally:
        server.stop()


def _replay(home: Path, url: str, name: str, clicks: int) -> None:
    broker = redis.start()
    settings = replace(
        Settings(env="test", secret_key=SECRET, rate_limits=False),
        home=home, database_url=url, redis_url=broker.url, limiter_storage_url="memory://",
    )  # fmt: skip
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        made = make_link()
        links = [made.link.id]
        links += [add_link(made.world, made.ad_request).id for _ in range(LINKS - 1)]
        db.session.remove()
        expected = _write(settings, links, clicks)
        environ = {
            **os.environ, "ACCORD_ENV": "test", "ACCORD_HOME": str(home), "DATABASE_URL": url,
            "REDIS_URL": broker.url, "SECRET_KEY": SECRET,
        }  # fmt: skip
        log = home / "consume.log"
        words = [sys.executable, "-m", "flask", "--app", "app", "clicks", "consume"]
        first = spawn(words, log, environ=environ)
        wait_until(lambda: _rows() > clicks // 10, "the first clicks", within=600, log=log)
        broker.stop()
        first.send_signal(signal.SIGKILL)
        first.wait()
        before, begun = _rows(), time.perf_counter()
        second = spawn(words, log, environ=environ)
        if second.wait() != 0:
            raise RuntimeError(log.read_text()[-2000:])
        rate = (clicks - before) / (time.perf_counter() - begun)
        found = _by_reason()
        db.session.remove()
        db.engine.dispose()
    exact = found == expected and sum(found.values()) == clicks
    verdict = "counted exactly" if exact else f"WRONG: {found}, not {expected}"
    print(f"\n{clicks:,} clicks, {name}: {rate:,.0f} become rows a second; {verdict}")
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    kept[f"{clicks:,} clicks, {name}"] = {"rows_per_second": round(rate), "exact": exact}
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    if not exact:
        raise SystemExit(1)


def _write(settings: Settings, links: list[str], clicks: int) -> Counter[str]:
    """Write the clicks, in order over several logs; returns how many have which reason."""
    dice = random.Random(20)
    judge, expected = Judge(), Counter[str]()
    for number in range(LOGS):
        log = ClickLog(folder_of(settings), "page")
        for index in range(number * clicks // LOGS, (number + 1) * clicks // LOGS):
            at = START + index * 24 * HOUR // clicks
            link, agent, flags = dice.choice(links), dice.choice(AGENTS), dice.choice(FLAGS)
            address = f"{dice.randrange(20_000):016x}"
            log.write((link, at, f"{index % 10**16:016d}", address, agent, "", flags))
            facts = Facts(
                link, at // HOUR, address, agent,
                is_head=bool(flags & HEAD), is_prefetch=bool(flags & PREFETCH),
                is_own_team=bool(flags & OWN_TEAM), is_expired=bool(flags & EXPIRED),
            )  # fmt: skip
            expected[judge.judge(facts).value] += 1
        log.close()
    return expected


def _rows() -> int:
    found = db.session.scalar(select(func.count()).select_from(Click)) or 0
    db.session.rollback()
    return found


def _by_reason() -> Counter[str]:
    rows = db.session.execute(select(Click.reason, func.count()).group_by(Click.reason)).all()
    return Counter({reason.value: number for reason, number in rows})
