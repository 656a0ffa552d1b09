"""Postings a second on 8 hot accounts, and p50 and p99 of an acceptance, on both databases.

The raw side runs the statements that a posting takes (lock two accounts, look the key up, change
both balances, add the row) on a bare connection with the same settings, in the same run: what a
posting costs at least. Everything is committed, one posting a transaction.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from app import create_app
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.ids import new_id
from app.core.models import Base
from app.core.transaction import unit_of_work
from app.payments import ledger, postings
from app.payments.postings import AccountKey, Posting, TransferKind
from benchmarks.harness import RESULTS, interleave, report
from config import Settings
from tests.factories import ad_requests as agreements
from tests.factories.identity import SignedIn, make_influencer, make_sponsor
from tests.services import postgres, redis

HOT = 8
ACCEPTS = 200
FUNDS = 10**11
Run = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]


def run(accepts: int = ACCEPTS) -> None:
    """Measure on SQLite and on PostgreSQL."""
    server, broker = postgres.start(), redis.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            common = replace(
                Settings(env="test", secret_key="benchmarks-only-" * 3, rate_limits=False),
                home=home,
                redis_url=broker.url,
                limiter_storage_url="memory://",
            )
            path = home / "postings.db"
            lite = replace(common, database_url=f"sqlite:///{path}")
            _measure(lite, "SQLite", lambda: _sqlite(path), accepts)
            url = server.create("accord_bench_postings")
            post = replace(common, database_url=url)
            _measure(post, "PostgreSQL", lambda: _postgres(url), accepts)
    finally:
        broker.stop()
        server.stop()


def _measure(
    settings: Settings, name: str, connect: Callable[[], tuple[Run, bool]], accepts: int
) -> None:
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        keys = _hot_accounts()
        ids = {key: account.id for key, account in unit_of_work(lambda: ledger.lock(*keys)).items()}
        db.session.remove()
        raw, is_postgres = connect()
        numbers = count()
        measured = interleave(
            {
                "raw SQL, the same statements": lambda: _raw_posting(
                    raw, is_postgres, [ids[key] for key in keys], next(numbers)
                ),
                "the ledger": lambda: _posting(keys, next(numbers)),
            },
            rounds=5,
            calls=200,
        )
        report(f"a posting on {HOT} hot accounts, {name}", measured)
        for contender, figures in measured.items():
            print(f"  {contender}: {1e6 / figures.wall:,.0f} postings a second")
        _accepts(app, name, accepts)
        db.session.remove()


def _hot_accounts() -> list[AccountKey]:
    """Wallets of 8 sponsors, each with enough for everything."""
    found = []
    for _ in range(HOT):
        key = postings.wallet(str(make_sponsor().sponsor_id), "EUR")
        gift = Posting(
            TransferKind.DEPOSIT, postings.cash("bench", "EUR"), key, FUNDS, new_id("key")
        )
        unit_of_work(lambda gift=gift: ledger.post(SYSTEM, gift))
        found.append(key)
    return found


def _pair(number: int) -> tuple[int, int]:
    return number % HOT, (number + 1 + number // HOT % (HOT - 1)) % HOT


def _posting(keys: list[AccountKey], number: int) -> None:
    debit, credit = _pair(number)
    posting = Posting(
        TransferKind.REVERSAL, keys[debit], keys[credit], 1, f"bench:{number}:{new_id('key')}"
    )
    unit_of_work(lambda: ledger.post(SYSTEM, posting))


def _raw_posting(run: Run, is_postgres: bool, ids: list[str], number: int) -> None:
    debit, credit = (ids[index] for index in _pair(number))
    key, at = f"raw:{number}:{new_id('key')}", datetime.now(UTC)
    run("BEGIN" if is_postgres else "BEGIN IMMEDIATE", ())
    lock = " FOR NO KEY UPDATE" if is_postgres else ""
    run("SELECT id, balance FROM accounts WHERE id IN (?, ?)", (debit, credit))
    run(f"SELECT * FROM accounts WHERE id IN (?, ?) ORDER BY id{lock}", (debit, credit))
    run("SELECT * FROM transfers WHERE idempotency_key = ?", (key,))
    change = "UPDATE accounts SET balance = balance + ? WHERE id = ? AND balance + ? >= 0"
    run(change, (-1, debit, -1))
    run(change, (1, credit, 1))
    run(
        "INSERT INTO transfers (id, debit_account_id, credit_account_id, amount, currency, kind,"
        " reference, subject, idempotency_key, actor, at)"
        " VALUES (?, ?, ?, 1, 'EUR', 'reversal', '', '', ?, 'system', ?)",
        (new_id("tra"), debit, credit, key, at if is_postgres else at.isoformat(" ")),
    )
    run("COMMIT", ())


def _accepts(app: Flask, name: str, accepts: int) -> None:
    """Acceptances one after the other through the API, each of an offer of its own."""
    world = agreements.make_world(funds=10**9, budget=agreements.Money(10**9, "EUR"))
    took = []
    for _ in range(accepts):
        influencer = make_influencer()
        other = agreements.World(world.sponsor, influencer, world.admin, world.campaign)
        made = agreements.propose(other, fee=1_000)
        body = {"offer_hash": agreements.current_hash(made)}
        client = SignedIn(influencer)
        start = time.perf_counter()
        answer = client.post(f"/influencer/ad-requests/{made.id}/accept", body)
        took.append((time.perf_counter() - start) * 1e3)
        assert answer.status_code == 200, answer.text
    cuts = statistics.quantiles(took, n=100)
    figures = {"p50_ms": round(cuts[49], 1), "p99_ms": round(cuts[98], 1), "calls": accepts}
    print(f"\naccept of an offer, {name}: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    kept[f"accept of an offer, {name}"] = figures
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


def _sqlite(path: Path) -> tuple[Run, bool]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return lambda sql, values: connection.execute(sql, values).fetchall(), False


def _postgres(url: str) -> tuple[Run, bool]:
    connection = psycopg.connect(url, autocommit=True)

    def run(sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        cursor = connection.execute(sql.replace("?", "%s"), values or None)
        return cursor.fetchall() if cursor.description else []

    return run, True
