"""The logs become rows: each click once, whatever is killed, and raw = counted + every reason."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from app.attribution import click_rules, consumer
from app.attribution.click_log import (
    EXPIRED,
    HEAD,
    OWN_TEAM,
    PREFETCH,
    ClickLog,
    folder_of,
    is_being_written,
)
from app.attribution.click_rules import Reason
from app.attribution.events import ClicksCounted
from app.attribution.link_models import Click, ClickSegment
from app.core import events
from app.core.clock import now
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import unit_of_work
from tests.factories.links import Linked, add_link, make_link

HOUR = 3_600_000
NOON = 1_790_000_000_000 // HOUR * HOUR
WORDS = "mozilla linux chrome safari"


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where the logs lie, empty."""
    place = folder_of(settings())
    place.mkdir(exist_ok=True)
    for path in place.glob("*"):
        path.unlink()
    return place


@pytest.fixture
def told(app: Flask) -> Iterator[Counter[tuple[str, Reason]]]:
    """The sums that others hear of, by link and reason."""
    heard: Counter[tuple[str, Reason]] = Counter()

    def hear(fact: ClicksCounted) -> None:
        for change in fact.changes:
            heard[change.link_id, change.reason] += change.number

    events.subscribe(ClicksCounted, hear)
    yield heard
    events._handlers[ClicksCounted].remove(hear)


def a_click(made: Linked, at: int = NOON, **changes: Any) -> list[Any]:
    """One click as it stands in a log."""
    plain = {"link": made.link.id, "at": at, "visitor": "v" * 16, "address": "a" * 16,
             "agent": WORDS, "referrer": "", "flags": 0}  # fmt: skip
    return list({**plain, **changes}.values())


def write(folder: Path, clicks: list[list[Any]]) -> ClickLog:
    """A log that holds clicks and is still written to."""
    log = ClickLog(folder, "page")
    for click in clicks:
        log.write(click)
    return log


def reasons() -> Counter[Reason]:
    """How many clicks the database has, by reason."""
    rows = db.session.execute(select(Click.reason, func.count()).group_by(Click.reason)).all()
    db.session.rollback()
    return Counter(dict(tuple(row) for row in rows))


def test_clicks_become_rows_with_their_reasons(
    app: Flask, folder: Path, told: Counter[tuple[str, Reason]]
) -> None:
    made = make_link()
    clicks = [
        a_click(made),
        a_click(made),
        a_click(made, address="b" * 16, referrer="social.example"),
        a_click(made, at=NOON + HOUR),
        a_click(made, flags=HEAD),
        a_click(made, flags=PREFETCH),
        a_click(made, flags=OWN_TEAM | EXPIRED),
        a_click(made, flags=EXPIRED),
        a_click(made, agent="googlebot"),
    ]
    log = write(folder, clicks)
    assert consumer.consume() == {"clicks": len(clicks)}
    assert consumer.consume() == {"clicks": 0}
    assert reasons() == {
        Reason.COUNTED: 3, Reason.DUPLICATE: 1, Reason.HEAD: 1, Reason.PREFETCH: 1,
        Reason.OWN_TEAM: 1, Reason.EXPIRED: 1, Reason.BOT: 1,
    }  # fmt: skip
    assert told == {(made.link.id, reason): number for reason, number in reasons().items()}
    row = db.session.scalars(select(Click).where(Click.referrer_host != "")).one()
    assert (row.address_hash, row.hour, row.agent) == ("b" * 16, NOON // HOUR, WORDS)
    assert row.at.timestamp() * 1000 == NOON
    log.close()


def test_batches_know_of_one_another(app: Flask, folder: Path) -> None:
    made = make_link()
    other = Linked(made.world, made.ad_request, add_link(made.world, made.ad_request))
    clicks = [
        a_click(link, at=NOON + hour * HOUR, address=f"{number % 3:016d}")
        for number in range(10)
        for hour in (0, 1)
        for link in (made, other)
    ]
    write(folder, clicks).close()
    assert consumer.consume(batch=7) == {"clicks": 40}
    assert reasons() == {Reason.COUNTED: 12, Reason.DUPLICATE: 28}


def test_a_flood_ends_at_the_limit_over_batches_too(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "Judge", lambda: click_rules.Judge(most_an_hour=25))
    made = make_link()
    write(folder, [a_click(made, address=f"{n:016d}") for n in range(100)]).close()
    consumer.consume(batch=10)
    assert reasons() == {Reason.COUNTED: 25, Reason.OVER_LIMIT: 75}


def test_a_batch_that_fails_is_read_again_and_written_once(
    app: Flask, folder: Path, told: Counter[tuple[str, Reason]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_link()
    write(folder, [a_click(made, address=f"{n:016d}") for n in range(20)]).close()
    tell = consumer._tell
    calls = iter(range(100))

    def fail_once(changes: Any) -> None:
        if next(calls) == 1:
            raise ConnectionError("the database went away")
        tell(changes)

    monkeypatch.setattr(consumer, "_tell", fail_once)
    with pytest.raises(ConnectionError):
        consumer.consume(batch=8)
    assert reasons() == {Reason.COUNTED: 8}
    assert consumer.consume(batch=8) == {"clicks": 12}
    assert reasons() == {Reason.COUNTED: 20}
    assert told == {(made.link.id, Reason.COUNTED): 20}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_breaks_within_a_batch_costs_nothing(
    app: Flask, folder: Path, told: Counter[tuple[str, Reason]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_link()
    write(folder, [a_click(made, address=f"{n:016d}") for n in range(20)]).close()
    judge_after = consumer._judge_after
    calls = iter(range(100))

    def cut_once(facts: Any) -> click_rules.Judge:
        judge = judge_after(facts)
        if next(calls) == 1:
            [pid] = db.session.scalars(text("SELECT pg_backend_pid()"))
            with db.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        return judge

    monkeypatch.setattr(consumer, "_judge_after", cut_once)
    with pytest.raises(OperationalError):
        consumer.consume(batch=8)
    assert reasons() == {Reason.COUNTED: 8}
    assert consumer.consume(batch=8) == {"clicks": 12}
    assert reasons() == {Reason.COUNTED: 20}
    assert told == {(made.link.id, Reason.COUNTED): 20}


def test_a_torn_line_is_no_click_and_stops_nothing(app: Flask, folder: Path) -> None:
    made = make_link()
    first = write(folder, [a_click(made)])
    first.close()
    [path] = folder.glob("*.clicks")
    with path.open("ab") as torn:
        torn.write(orjson.dumps(a_click(made))[:40])
    second = write(folder, [a_click(made, address="b" * 16)])
    second.close()
    assert consumer.consume() == {"clicks": 2}
    segments = db.session.scalars(select(ClickSegment)).all()
    assert len(segments) == 2
    assert all(segment.consumed_at is not None for segment in segments)


def test_lines_that_are_no_clicks_are_left_out(app: Flask, folder: Path) -> None:
    made = make_link()
    with (folder / "1-host-1.clicks").open("wb") as broken:
        for line in (b"", b"{}", b"[1]", b"\xff\xfe", b"[null,null,null,null,null,null,null]"):
            broken.write(line + b"\n")
        for changes in ({"at": 1.5}, {"at": -1}, {"at": 1 << 50}, {"visitor": 7}, {"flags": "1"}):
            broken.write(orjson.dumps(a_click(made, **changes)) + b"\n")
        broken.write(orjson.dumps(a_click(made)) + b"\n")
        broken.write(orjson.dumps(a_click(made, link="lnk_of_a_lost_backup")) + b"\n")
    assert consumer.consume() == {"clicks": 1}
    assert reasons() == {Reason.COUNTED: 1}


def test_a_log_that_is_written_to_is_not_over(app: Flask, folder: Path) -> None:
    made = make_link()
    log = write(folder, [a_click(made)])
    [path] = folder.glob("*.clicks")
    assert is_being_written(path)
    assert consumer.consume() == {"clicks": 1}
    assert db.session.scalars(select(ClickSegment.consumed_at)).one() is None
    db.session.rollback()
    log.write(a_click(made, address="b" * 16))
    log.close()
    assert not is_being_written(path)
    assert consumer.consume() == {"clicks": 1}
    assert db.session.scalars(select(ClickSegment.consumed_at)).one() is not None
    db.session.rollback()
    assert path.exists()
    earlier = update(ClickSegment).values(consumed_at=now() - timedelta(days=2))
    unit_of_work(lambda: db.session.execute(earlier))
    assert consumer.consume() == {"clicks": 0}
    assert not path.exists()


def test_a_large_log_is_continued_in_another(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.attribution.click_log.LARGEST_SEGMENT", 500)
    made = make_link()
    write(folder, [a_click(made, address=f"{n:016d}") for n in range(30)]).close()
    assert len(list(folder.glob("*.clicks"))) > 3
    assert consumer.consume() == {"clicks": 30}


def test_only_one_consumer_is_at_work(app: Flask, folder: Path) -> None:
    made = make_link()
    write(folder, [a_click(made)]).close()
    with consumer._alone(folder) as alone:
        assert alone
        assert consumer.consume() == {"clicks": 0}
    assert consumer.consume() == {"clicks": 1}


@pytest.mark.parametrize("durability", ["page", "100ms", "group"])
def test_every_durability_keeps_every_click(tmp_path: Path, durability: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    log = ClickLog(tmp_path, durability)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.write([number]), range(400)))
    log.close()
    [path] = tmp_path.glob("*.clicks")
    assert sorted(map(int, path.read_text().replace("[", "").replace("]", "").split())) == [
        *range(400)
    ]
    assert path.stat().st_mode & 0o077 == 0
    assert path.name.endswith(f"-{os.getpid()}.clicks")


# --- recount --------------------------------------------------------------------------------------


def test_a_recount_under_the_same_rules_changes_nothing(app: Flask, folder: Path) -> None:
    made = make_link()
    write(
        folder, [a_click(made, address=f"{n % 7:016d}", flags=n % 3 == 0) for n in range(50)]
    ).close()
    consumer.consume(batch=9)
    before = reasons()
    assert consumer.recount(made.link.id, batch=11) == {}
    assert reasons() == before


def test_a_recount_that_meets_a_busy_database_judges_nobody_twice(
    app: Flask, folder: Path, told: Counter[tuple[str, Reason]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_link()
    write(folder, [a_click(made, address=f"{n:016d}") for n in range(10)]).close()
    consumer.consume()
    monkeypatch.setattr(consumer, "RULES_VERSION", 2)
    tell = consumer._tell
    calls = iter(range(100))

    def busy_once(sums: Any) -> None:
        if next(calls) == 0:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        tell(sums)

    monkeypatch.setattr(consumer, "_tell", busy_once)
    assert consumer.recount(made.link.id, batch=4) == {}
    assert reasons() == {Reason.COUNTED: 10}
    assert told == {(made.link.id, Reason.COUNTED): 10}


@pytest.fixture
def stricter(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A second version of the rules, which takes every browser named safari for a program."""

    def change() -> None:
        monkeypatch.setattr(consumer, "RULES_VERSION", 2)
        monkeypatch.setattr(click_rules, "is_bot", lambda agent: "safari" in agent)

    return change


def test_a_recount_applies_new_rules_to_old_clicks(
    app: Flask, folder: Path, told: Counter[tuple[str, Reason]], stricter: Callable[[], None]
) -> None:
    made = make_link()
    write(
        folder,
        [a_click(made), a_click(made, agent="mozilla firefox"), a_click(made, agent="curl")],
    ).close()
    consumer.consume()
    assert reasons() == {Reason.COUNTED: 1, Reason.DUPLICATE: 1, Reason.BOT: 1}
    stricter()
    expected = {
        (Reason.COUNTED, Reason.BOT): 1,
        (Reason.DUPLICATE, Reason.COUNTED): 1,
        (Reason.BOT, Reason.DUPLICATE): 1,
    }
    assert consumer.recount(made.link.id, keep=False) == expected
    assert reasons() == {Reason.COUNTED: 1, Reason.DUPLICATE: 1, Reason.BOT: 1}
    assert consumer.recount(made.link.id, batch=2) == expected
    versions = set(db.session.scalars(select(Click.rules_version)))
    db.session.rollback()
    assert versions == {2}
    assert +told == {(made.link.id, reason): number for reason, number in reasons().items()}
    assert consumer.recount(made.link.id) == {}


def test_the_command_says_what_changed(
    app: Flask, folder: Path, stricter: Callable[[], None]
) -> None:
    made = make_link()
    write(folder, [a_click(made)]).close()
    run = app.test_cli_runner()
    assert run.invoke(args=["clicks", "consume"]).output == "1 clicks\n"
    stricter()
    dry = run.invoke(args=["clicks", "recount", "--dry-run"])
    assert "counted -> bot: 1\n1 clicks would change on 1 links" in dry.output
    done = run.invoke(args=["clicks", "recount", "--link", made.link.code])
    assert f"{made.link.code}: 1 clicks change\ncounted -> bot: 1\n" in done.output
    assert "nothing that was paid changed" in done.output
    assert reasons() == {Reason.BOT: 1}
    assert run.invoke(args=["clicks", "recount", "--link", "nothing"]).exit_code == 1
