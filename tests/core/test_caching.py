"""Shared reads: kept for who asked, forgotten after the commit, missed when Redis is away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import redis
import time_machine
from flask import Flask

from app.core import caching
from app.core.actor import ANONYMOUS, Actor, Role
from app.core.caching import cached, invalidate
from app.core.clock import now
from app.core.transaction import unit_of_work
from config import Settings

ONE = Actor(role=Role.ADMIN, user_id="usr_1")
TWO = Actor(role=Role.ADMIN, user_id="usr_2")


@pytest.fixture
def read(app: Flask) -> Callable[..., int]:
    """Reads a number that is produced anew, one higher, on each miss."""
    produced: list[int] = []

    def produce() -> int:
        produced.append(len(produced) + 1)
        return produced[-1]

    def ask(actor: Actor = ONE, area: str = "numbers", **arguments: object) -> int:
        return cached(area, actor, arguments, produce)

    return ask


def test_a_read_is_kept_for_who_asked_and_what_was_asked(read: Callable[..., int]) -> None:
    assert [read(), read()] == [1, 1]
    assert read(TWO) == 2
    assert read(ANONYMOUS) == 3
    assert read(page=2) == 4
    assert read(area="letters") == 5
    assert [read(), read(TWO), read(page=2)] == [1, 2, 4]


def test_an_area_is_forgotten_as_a_whole_and_alone(read: Callable[..., int]) -> None:
    read(), read(TWO), read(area="letters")
    invalidate("numbers")
    assert [read(), read(TWO), read(area="letters")] == [4, 5, 3]


def test_inside_a_unit_a_read_is_forgotten_after_the_commit(read: Callable[..., int]) -> None:
    read()

    def work() -> int:
        invalidate("numbers")
        return read()

    assert unit_of_work(work) == 1
    assert read() == 2


def test_what_is_undone_forgets_nothing(read: Callable[..., int]) -> None:
    read()

    def work() -> None:
        invalidate("numbers")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_of_work(work)
    assert read() == 1


def test_without_redis_every_read_is_a_miss_and_none_fails(
    read: Callable[..., int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read()

    def away(*_arguments: object, **_more: object) -> None:
        raise ConnectionError("nobody listens")

    for name in ("execute_command", "get", "setex", "incr"):
        monkeypatch.setattr(redis.Redis, name, away)
    assert [read(), read()] == [2, 3]
    assert "the cache is away" in caplog.text
    invalidate("numbers")


@pytest.mark.parametrize(
    "asked",
    [{"q": "tea"}, {"cursor": "abc"}, {"page": {"limit": 50, "cursor": "abc", "sort": None}}],
)
def test_what_hardly_anybody_asks_again_is_not_kept(
    read: Callable[..., int], asked: dict[str, object]
) -> None:
    assert [read(**asked), read(**asked)] == [1, 2]


def test_a_question_without_a_text_on_the_first_page_is_kept(read: Callable[..., int]) -> None:
    asked: dict[str, object] = {"q": None, "cursor": None, "page": {"cursor": None}}
    assert [read(**asked), read(**asked)] == [1, 1]


def test_of_an_area_only_so_many_answers_are_kept_a_minute(
    read: Callable[..., int], monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    monkeypatch.setattr(caching, "MOST_KEPT", 3)
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(6):
            read(number=number)
        assert [read(number=0), read(number=2)] == [1, 3]
        assert [read(number=5), read(number=5)] == [7, 8]
        assert [read(area="letters"), read(area="letters")] == [9, 9]
        clock.shift(60)
        assert [read(number=5), read(number=5)] == [10, 10]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_cache_may_live_on_a_server_of_its_own(
    make_app: Callable[..., Flask], settings: Settings
) -> None:
    apart = settings.redis_url.replace("db=0", "db=7")
    assert apart != settings.redis_url
    app = make_app(replace(settings, cache_url=apart))
    with app.app_context(), redis.Redis.from_url(apart) as client:
        client.flushdb()
        cached("numbers", ONE, {}, lambda: 1)
        assert len(client.keys("accord:cache:*numbers*")) >= 1
        client.flushdb()
