"""A page of 50 influencers of the directory, against raw SQL and orjson behind no framework.

Both sides run the same three statements and write the same JSON; the raw side is what a page costs
at least. Depth: the first page, and the page behind 95 % of the rows by keyset. Both databases.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import orjson
import psycopg
from flask import Flask

from app import create_app
from app.cli.seed_scale import seed_influencers
from app.core.extensions import cache, db
from app.core.models import Base
from app.core.paging import write_cursor
from benchmarks.harness import interleave, report
from config import Settings
from tests.services import postgres, redis

PATH = "/api/v1/public/influencers"
PAGE = 50
_ENVIRON: dict[str, Any] = {}
setup_testing_defaults(_ENVIRON)
BARS = {"SQLite": 0.4, "PostgreSQL": 0.3}

_PAGE_SQL = """
SELECT i.id, i.slug, i.name, i.bio, i.country, i.language, i.currency, i.price_amount, i.available,
       i.reach, i.followers, i.engagement_rate, i.rating_sum, i.rating_count
  FROM influencers i
 WHERE coalesce(i.listed, i.listed) AND NOT EXISTS (
       SELECT 1 FROM users u WHERE u.id = i.user_id
          AND (u.hidden OR u.status IN ('suspended', 'closed', 'rejected')))
 ORDER BY i.reach DESC, i.id DESC LIMIT 51
"""
Fetch = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]


def run(rows: int) -> None:
    """Measure on SQLite and on PostgreSQL with `rows` influencers."""
    server = postgres.start()
    broker = redis.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            common = replace(
                Settings(env="test", secret_key="benchmarks-only-" * 3, rate_limits=False),
                home=home,
                redis_url=broker.url,
                limiter_storage_url="memory://",
            )
            sqlite_path = home / "bench.db"
            _measure(
                replace(common, database_url=f"sqlite:///{sqlite_path}"),
                "SQLite",
                rows,
                lambda: _sqlite_fetch(sqlite_path),
                "?",
            )
            url = server.create("accord_bench")
            _measure(
                replace(common, database_url=url), "PostgreSQL", rows, lambda: _pg_fetch(url), "%s"
            )
    finally:
        broker.stop()
        server.stop()


def _measure(
    settings: Settings, name: str, rows: int, connect: Callable[[], Fetch], mark: str
) -> None:
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        seed_influencers(rows, 1, lambda _done: None)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    fetch = connect()
    deep = _deep_cursor(fetch, rows, mark)
    uncached = _without_cache(app)
    tag = _get(app, "")[1].get("ETag", "")
    raw = lambda: _raw_page(fetch, mark)  # noqa: E731
    same = orjson.loads(raw())["items"], orjson.loads(_get(uncached, "")[2])["items"]
    assert [item["id"] for item in same[0]] == [item["id"] for item in same[1]]
    report(
        f"directory page of {PAGE} of {rows:,} rows, {name}",
        interleave(
            {
                "raw SQL and orjson, no framework": raw,
                "the API, nothing cached": lambda: _get(uncached, ""),
                "the API, page behind 95 % of the rows": lambda: _get(uncached, f"cursor={deep}"),
                "the API, from the cache": lambda: _get(app, ""),
                "the API, not modified (304)": lambda: _get(app, "", tag),
            }
        ),
        bars={"the API, nothing cached": BARS[name]},
    )


def _raw_page(fetch: Fetch, mark: str) -> bytes:
    rows = fetch(_PAGE_SQL, ())[:PAGE]
    ids = tuple(row[0] for row in rows)
    marks = ",".join([mark] * len(ids))
    niches: dict[str, list[str]] = defaultdict(list)
    platforms: dict[str, set[str]] = defaultdict(set)
    for key, niche in fetch(
        f"SELECT influencer_id, niche FROM influencer_niches WHERE influencer_id IN ({marks})", ids
    ):
        niches[key].append(niche)
    for key, platform in fetch(
        f"SELECT influencer_id, platform FROM social_accounts WHERE influencer_id IN ({marks})", ids
    ):
        platforms[key].add(platform)
    items = [
        {
            "id": row[0], "slug": row[1], "name": row[2], "bio": row[3], "country": row[4],
            "language": row[5], "available": bool(row[8]), "reach": row[9], "followers": row[10],
            "price": {"amount": row[7], "currency": row[6]}, "engagement_rate": row[11],
            "rating": {"stars": row[12] / row[13] if row[13] else None, "count": row[13]},
            "niches": sorted(niches[row[0]]), "platforms": sorted(platforms[row[0]]),
        }
        for row in rows
    ]  # fmt: skip
    return orjson.dumps({"items": items, "next": "x"})


def _deep_cursor(fetch: Fetch, rows: int, mark: str) -> str:
    depth = int(rows * 0.95)
    reach, row_id = fetch(
        f"SELECT reach, id FROM influencers ORDER BY reach DESC, id DESC LIMIT 1 OFFSET {mark}",
        (depth,),
    )[0]
    return write_cursor("-reach", [reach, row_id])


def _sqlite_fetch(path: Path) -> Fetch:
    connection = sqlite3.connect(path)
    return lambda sql, values: connection.execute(sql, values).fetchall()


def _pg_fetch(url: str) -> Fetch:
    connection = psycopg.connect(url, autocommit=True)
    return lambda sql, values: connection.execute(sql, values or None).fetchall()


def _without_cache(app: Flask) -> Flask:
    bare = create_app(app.config["ACCORD"])
    bare.config["CACHE_TYPE"] = "NullCache"
    cache.init_app(bare)
    return bare


def _get(app: Flask, query: str, tag: str = "") -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = {**_ENVIRON, "PATH_INFO": PATH, "QUERY_STRING": query}
    if tag:
        environ["HTTP_IF_NONE_MATCH"] = tag
    answer: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
        answer.extend((status, dict(headers)))
        return lambda _data: None

    body = b"".join(app.wsgi_app(environ, start))
    assert answer[0][:3] in ("200", "304"), (answer, body)
    return answer[0], answer[1], body
