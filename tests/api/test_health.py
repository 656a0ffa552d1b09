"""What strangers and the monitoring are told about an instance."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.core import readiness
from config import Settings

TOKEN = "a-token-of-the-monitoring"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
NAMES = ["database", "migrations", "broker", "jobs"]


@pytest.fixture
def watched(make_app: Callable[[Settings], Flask], settings: Settings) -> Flask:
    """An app with a metrics token that has seen nothing yet."""
    app = make_app(replace(settings, metrics_token=TOKEN))
    readiness.init_readiness(app)
    return app


@pytest.fixture
def brokerless(make_app: Callable[[Settings], Flask], settings: Settings) -> Flask:
    """An app whose broker is away."""
    app = make_app(replace(settings, metrics_token=TOKEN, redis_url="redis://127.0.0.1:9"))
    readiness.init_readiness(app)
    return app


def test_strangers_get_names_and_no_words_of_drivers(brokerless: Flask):
    answer = brokerless.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "unready",
        "checks": [{"name": name, "ok": name != "broker"} for name in NAMES],
    }


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer é", TOKEN + "x"])
def test_a_wrong_token_gets_what_strangers_get(watched: Flask, given: str):
    ask: Any = watched.test_client().get
    header = {"Authorization": given}
    checks = ask("/readyz", headers=header).json["checks"]
    assert [set(check) for check in checks] == [{"name", "ok"}] * len(NAMES)
    assert ask("/metrics", headers=header).status_code == 404


def test_the_monitoring_is_told_what_is_wrong(brokerless: Flask):
    ask: Any = brokerless.test_client().get
    checks = ask("/readyz", headers=BEARER).json["checks"]
    details = {check["name"]: check["detail"] for check in checks}
    assert "127.0.0.1:9" in details["broker"]
    assert details["database"] == "takes writes"
    assert ask("/metrics", headers=BEARER).status_code == 200


def test_without_a_token_in_the_settings_nobody_gets_details(client: Any):
    for header in ({}, {"Authorization": "Bearer "}):
        checks = client.get("/readyz", headers=header).json["checks"]
        assert not any("detail" in check for check in checks)


def test_many_questions_are_one_look_a_second(watched: Flask, monkeypatch: pytest.MonkeyPatch):
    looks: list[int] = []
    seen = readiness.readiness

    def look() -> list[dict[str, Any]]:
        looks.append(1)
        return seen()

    monkeypatch.setattr(readiness, "readiness", look)

    def ask(_number: int) -> int:
        return watched.test_client().get("/readyz").status_code

    with ThreadPoolExecutor(8) as visitors:
        assert set(visitors.map(ask, range(80))) == {200}
    assert len(looks) <= 2
    monkeypatch.setattr(readiness, "LOOK_SECONDS", 0.0)
    before = len(looks)
    ask(0)
    assert len(looks) == before + 1


def test_a_check_that_hangs_holds_up_one_thread_alone(
    watched: Flask, monkeypatch: pytest.MonkeyPatch
):
    ask: Any = watched.test_client().get
    assert ask("/readyz").status_code == 200
    monkeypatch.setattr(readiness, "LOOK_SECONDS", 0.0)
    hangs, may_end = threading.Event(), threading.Event()

    def hang() -> list[dict[str, Any]]:
        hangs.set()
        may_end.wait(20)
        return [{"name": "database", "ok": True, "detail": "at last"}]

    monkeypatch.setattr(readiness, "readiness", hang)
    with ThreadPoolExecutor(1) as first:
        waiting = first.submit(lambda: watched.test_client().get("/readyz").status_code)
        assert hangs.wait(10)
        assert ask("/readyz").status_code == 200  # what was seen last
        monkeypatch.setattr(readiness, "OVERDUE_SECONDS", 0.0)
        late = ask("/readyz")
        assert late.status_code == 503
        assert late.json["checks"] == [{"name": "checks", "ok": False}]
        may_end.set()
        assert waiting.result(20) == 200
