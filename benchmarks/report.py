"""The report of a campaign with 10,000,000 clicks, against the same figures of clicks by raw SQL.

40 influencers, three phases, 60 days. The raw side asks the clicks themselves by an index that
holds all that it needs, or the daily rows, on a bare connection; the API answers everything else
that a report shows too. The same report over a hundredth of the clicks stands beside it, and no
plan of its statements may name the clicks. On PostgreSQL compare wall times: the server's work is
no CPU time of this process.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import psycopg
from flask import Flask
from sqlalchemy import event, insert, text
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from app.attribution.click_rules import Reason
from app.attribution.models import Click, ClickSegment
from app.core.clock import today
from app.core.extensions import db
from app.core.models import Base
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.statistics import rollups
from app.statistics.models import CLICK_COLUMNS
from benchmarks.harness import RESULTS, interleave, report
from config import Settings
from tests.factories.ad_requests import World, agree, make_world
from tests.factories.identity import bearer, make_influencer
from tests.factories.statistics import make_link
from tests.services import postgres, redis

CLICKS = int(os.environ.get("ACCORD_BENCH_REPORT_CLICKS", "10000000"))
INFLUENCERS = 40
DAYS = 60
DAY = 24 * 60 * 60  # seconds
CHUNK = 1_000_000

_CLICKS: Any = Click.__table__
_NUMBERS = {
    "sqlite": """WITH RECURSIVE n(i) AS
        (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :behind)""",
    "postgresql": "WITH n(i) AS (SELECT generate_series(CAST(:first AS bigint), :behind - 1))",
}
_WORDS = {
    "sqlite": {
        "at": "strftime('%Y-%m-%d %H:%M:%f000', {seconds}, 'unixepoch')",
        "hex": "printf('%016x', {number})",
    },
    "postgresql": {
        "at": "to_timestamp({seconds})",
        "hex": "lpad(to_hex({number}), 16, '0')",
    },
}
_FIRST = date(1970, 1, 1)
_SECONDS = f":start + (i - :begin) * {DAYS * DAY} / (:end - :begin)"
# The figures of clicks that a report shows, from the clicks themselves and from the daily rows.
_RAW = """
SELECT l.influencer_id, c.hour / 24, c.reason, count(*)
  FROM clicks c JOIN tracking_links l ON l.id = c.link_id
 WHERE l.campaign_id = ? GROUP BY 1, 2, 3
"""
_BY_PHASE = """
SELECT p.id, s.influencer_id, sum(s.clicks_counted) FROM statistics s
  JOIN campaign_phases p ON p.campaign_id = s.campaign_id
       AND s.day BETWEEN p.starts_on AND p.ends_on
 WHERE s.campaign_id = ? GROUP BY 1, 2
"""
_BY_DAY = "SELECT day, sum(clicks_counted) FROM statistics WHERE campaign_id = ? GROUP BY 1"
_BY_REASON = f"""
SELECT {", ".join(f"sum({name})" for name in CLICK_COLUMNS)} FROM statistics WHERE campaign_id = ?
"""
Fetch = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
Figures = dict[str, Counter[str]]


def run(clicks: int = CLICKS) -> None:
    """Measure on SQLite and on PostgreSQL."""
    server, broker = postgres.start(), redis.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.db"
            common = replace(
                Settings(env="test", secret_key="benchmarks-only-" * 3, rate_limits=False),
                home=Path(folder),
                redis_url=broker.url,
                limiter_storage_url="memory://",
            )
            lite = replace(common, database_url=f"sqlite:///{path}")
            _measure(create_app(lite), "SQLite", clicks, lambda: _sqlite(path))
            path.unlink()
            url = server.create("accord_bench_report")
            app = create_app(replace(common, database_url=url))
            _measure(app, "PostgreSQL", clicks, lambda: _postgres(url))
            server.drop("accord_bench_report")
    finally:
        broker.stop()
        server.stop()


def _measure(app: Flask, name: str, clicks: int, connect: Callable[[], Fetch]) -> None:
    few, plain = clicks // 100, "the API"
    with app.app_context():
        Base.metadata.create_all(db.engine)
        world, links = _world()
        headers = bearer(world.sponsor)
    ask = _asking(app, f"/api/v1/sponsor/campaigns/{world.campaign.id}/report", headers)
    _fill(app, links, 0, few)
    report(
        f"campaign report over {few:,} clicks, {name}",
        interleave({plain: ask}, rounds=5, calls=10),
    )
    seconds = _fill(app, links, few, clicks)
    _keep_rebuild(name, clicks, seconds)
    fetch = connect()
    raw, daily = partial(_of_clicks, fetch, world), partial(_of_days, fetch, world)
    if not raw() == daily() == _shown(ask()):
        raise SystemExit(f"the figures differ: {raw()}, {daily()}, {_shown(ask())}")
    contenders: dict[str, Callable[[], object]] = {"raw SQL over the daily rows": daily, plain: ask}
    report(
        f"campaign report over {clicks:,} clicks, {name}",
        interleave(contenders, rounds=5, calls=10),
    )
    report(
        f"campaign report over {clicks:,} clicks and the clicks themselves, {name}",
        interleave({"raw SQL over the clicks": raw, **contenders}, rounds=5, calls=1),
    )
    with app.app_context():
        scans = _plans_of_clicks(ask)
        db.session.remove()
        db.engine.dispose()
    if scans:
        raise SystemExit(f"the report reads clicks: {scans}")


# --- what is counted ------------------------------------------------------------------------------


def _world() -> tuple[World, list[str]]:
    """A campaign with a link for each influencer."""
    start, part = today(), DAYS // 3
    phases = [
        {
            "name": f"Phase {number + 1}",
            "starts_on": start + timedelta(days=number * part),
            "ends_on": start + timedelta(days=(number + 1) * part - 1),
        }
        for number in range(3)
    ]
    world = make_world(
        funds=10**9,
        budget=Money(10**9, "EUR"),
        time_zone="UTC",
        ends_on=start + timedelta(days=DAYS - 1),
        phases=phases,
    )
    links = []
    for _ in range(INFLUENCERS):
        one = World(world.sponsor, make_influencer(), world.admin, world.campaign)
        links.append(make_link(one, agree(one).id))
    return world, links


def _fill(app: Flask, links: list[str], begin: int, end: int) -> float:
    """Add clicks, and count them anew by the day; returns how many seconds the counting took."""
    with app.app_context():
        _add_clicks(links, begin, end)
        started = time.perf_counter()
        unit_of_work(rollups.rebuild)
        seconds = time.perf_counter() - started
        db.session.remove()
    return seconds


def _add_clicks(links: list[str], begin: int, end: int) -> None:
    """Add clicks over all days, evenly over links and reasons; indexes are made anew."""
    dialect = db.engine.dialect.name
    words = {
        key: word.format(seconds=_SECONDS, number="i") for key, word in _WORDS[dialect].items()
    }
    names = ", ".join(f"({place}, '{link}')" for place, link in enumerate(links))
    reasons = " ".join(f"WHEN {place} THEN '{one}'" for place, one in enumerate(Reason, 3))
    sql = f"""
    {_NUMBERS[dialect]}, links(place, id) AS (VALUES {names})
    INSERT INTO clicks (segment_id, position, link_id, at, hour, visitor, address_hash, agent,
        referrer_host, is_head, is_prefetch, is_own_team, is_expired, reason, rules_version)
    SELECT :segment, i, links.id, {words["at"]}, ({_SECONDS}) / 3600, {words["hex"]},
        {words["hex"]}, 'mozilla linux chrome safari', '', false, false, false, false,
        CASE i / {len(links)} % 12 {reasons} ELSE 'counted' END, 1
      FROM n JOIN links ON links.place = i % {len(links)}
    """
    with db.engine.begin() as connection:
        segment = connection.execute(
            insert(ClickSegment).values(name=f"from {begin}").returning(ClickSegment.id)
        ).scalar_one()
    for index in _CLICKS.indexes:
        index.drop(db.engine)
    start = int(datetime.combine(today(), datetime.min.time(), UTC).timestamp())
    for first in range(begin, end, CHUNK):
        values = {
            "segment": segment, "start": start, "begin": begin, "end": end,
            "first": first, "behind": min(end, first + CHUNK),
        }  # fmt: skip
        with db.engine.begin() as connection:
            connection.execute(text(sql), values)
    for index in _CLICKS.indexes:
        index.create(db.engine)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if dialect == "sqlite" else "VACUUM ANALYZE")


# --- the three ways to the figures -------------------------------------------------------------


def _asking(app: Flask, path: str, headers: dict[str, str]) -> Callable[[], bytes]:
    """A request for the report, through the whole application."""
    environ = EnvironBuilder(path=path, headers=list(headers.items())).get_environ()

    def ask() -> bytes:
        body, status, _ = run_wsgi_app(app, dict(environ), buffered=True)
        answer = b"".join(body)
        assert status.startswith("200"), (status, answer)
        return answer

    return ask


def _of_clicks(fetch: Fetch, world: World) -> Figures:
    """What a report shows of clicks: by reason, and of the counted by phase, influencer and day."""
    found: Figures = {name: Counter() for name in ("reasons", "phases", "influencers", "days")}
    phases = [(phase.id, phase.starts_on, phase.ends_on) for phase in world.campaign.phases]
    for influencer_id, number, reason, count in fetch(_RAW, (world.campaign.id,)):
        found["reasons"][reason] += count
        if reason == Reason.COUNTED:
            day = _FIRST + timedelta(days=number)
            found["influencers"][influencer_id] += count
            found["days"][day.isoformat()] += count
            for phase_id, first, last in phases:
                if first <= day <= last:
                    found["phases"][phase_id] += count
    return found


def _of_days(fetch: Fetch, world: World) -> Figures:
    """The same; every day lies in a phase."""
    campaign = (world.campaign.id,)
    found: Figures = {"phases": Counter(), "influencers": Counter()}
    for phase_id, influencer_id, count in fetch(_BY_PHASE, campaign):
        found["phases"][phase_id] += int(count)
        found["influencers"][influencer_id] += int(count)
    found["days"] = Counter({str(day): int(count) for day, count in fetch(_BY_DAY, campaign)})
    [counts] = fetch(_BY_REASON, campaign)
    found["reasons"] = Counter(
        {reason.value: int(count) for reason, count in zip(Reason, counts, strict=True)}
    )
    return found


def _shown(answer: bytes) -> Figures:
    shown = orjson.loads(answer)
    return {
        "reasons": Counter(shown["clicks_by_reason"]),
        "phases": Counter({one["id"]: one["figures"]["clicks"] for one in shown["phases"]}),
        "influencers": Counter(
            {one["influencer"]["id"]: one["total"]["clicks"] for one in shown["influencers"]}
        ),
        "days": Counter({one["day"]: one["clicks"] for one in shown["days"]}),
    }


def _plans_of_clicks(ask: Callable[[], bytes]) -> list[str]:
    """Lines of the plans of the report's statements that name the clicks."""
    ran: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.lstrip().upper().startswith("SELECT"):
            ran.append((sql, values))

    event.listen(db.engine, "before_cursor_execute", keep)
    ask()
    event.remove(db.engine, "before_cursor_execute", keep)
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    with db.engine.connect() as connection:
        plans = [
            str(row)
            for sql, values in ran
            for row in connection.exec_driver_sql(f"{explain} {sql}", values)
        ]
    assert any("statistics" in line for line in plans), plans
    return [line for line in plans if re.search(r"\bclicks\b", line)]


def _keep_rebuild(name: str, clicks: int, seconds: float) -> None:
    print(f"\nflask statistics rebuild over {clicks:,} clicks, {name}: {seconds:,.1f} s")
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    kept[f"statistics rebuild over {clicks:,} clicks, {name}"] = {"seconds": round(seconds, 1)}
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


def _sqlite(path: Path) -> Fetch:
    connection = sqlite3.connect(path)
    return lambda sql, values: connection.execute(sql, values).fetchall()


def _postgres(url: str) -> Fetch:
    connection = psycopg.connect(url, autocommit=True)
    return lambda sql, values: connection.execute(sql.replace("?", "%s"), values).fetchall()
