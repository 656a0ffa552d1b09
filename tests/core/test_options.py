"""Figures that an admin may change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from app.core import options
from app.core.actor import SYSTEM
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.options import Option, OptionValue, all_options
from app.core.transaction import unit_of_work


@pytest.fixture
def hours() -> Iterator[Option[int]]:
    yield Option("tests_hours", 72, "How long.", lowest=1, highest=100, unit="hours")
    del options._options["tests_hours"]


@pytest.fixture
def rate() -> Iterator[Option[float]]:
    yield Option("tests_rate", 0.5, "How much.", lowest=0, highest=1)
    del options._options["tests_rate"]


@pytest.fixture
def switch() -> Iterator[Option[bool]]:
    yield Option("tests_switch", False, "Whether.")
    del options._options["tests_switch"]


def test_a_figure_is_its_default_until_it_is_set(app: Flask, hours: Option[int]) -> None:
    assert hours.get() == 72
    unit_of_work(lambda: hours.set(SYSTEM, 10))
    assert hours.get() == 10
    db.session.remove()
    assert hours.get() == 10
    unit_of_work(lambda: hours.set(SYSTEM, 11))
    assert unit_of_work(lambda: db.session.get_one(OptionValue, "tests_hours").set_by) == "system"
    assert hours.get() == 11


def test_a_figure_comes_back_as_what_it_is(
    app: Flask, rate: Option[float], switch: Option[bool]
) -> None:
    unit_of_work(lambda: rate.set(SYSTEM, 1))
    unit_of_work(lambda: switch.set(SYSTEM, True))
    db.session.remove()
    assert isinstance(rate.get(), float)
    assert switch.get() is True


def test_a_change_that_is_undone_was_never_in_force(app: Flask, hours: Option[int]) -> None:
    def work() -> None:
        hours.set(SYSTEM, 10)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_of_work(work)
    assert hours.get() == 72


def test_figures_are_read_once_a_transaction(
    app: Flask, hours: Option[int], rate: Option[float], switch: Option[bool]
) -> None:
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "option_values" in statement:
            said.append(statement)

    def read() -> list[object]:
        return [option.get() for option in (hours, rate, switch) for _ in range(3)]

    unit_of_work(lambda: hours.set(SYSTEM, 10))
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert unit_of_work(read) == [10] * 3 + [0.5] * 3 + [False] * 3
        assert len(said) == 1
        unit_of_work(read)
        assert len(said) == 2, "another transaction sees what was set meanwhile"
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


def test_a_change_is_in_force_within_its_own_unit(app: Flask, hours: Option[int]) -> None:
    def work() -> list[int]:
        before = hours.get()
        hours.set(SYSTEM, 10)
        return [before, hours.get()]

    assert unit_of_work(work) == [72, 10]


@pytest.mark.parametrize("value", [0, 101, -1, 2**62, True, 1.0, "7", None, [7], {}])
def test_a_whole_number_is_one_within_its_bounds(hours: Option[int], value: object) -> None:
    with pytest.raises(Invalid) as caught:
        hours.checked(value)
    assert "tests_hours" in (caught.value.errors or {})


@pytest.mark.parametrize("value", [1.01, -0.01, True, "0.5", None])
def test_a_number_is_one_within_its_bounds(rate: Option[float], value: object) -> None:
    with pytest.raises(Invalid):
        rate.checked(value)


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_a_switch_is_on_or_off(switch: Option[bool], value: object) -> None:
    with pytest.raises(Invalid):
        switch.checked(value)


def test_bounds_belong_to_what_they_bound(hours: Option[int], rate: Option[float]) -> None:
    assert (hours.checked(1), hours.checked(100)) == (1, 100)
    assert (rate.checked(0), rate.checked(1.0)) == (0.0, 1.0)


def test_every_declared_figure_passes_its_own_check(app: Flask) -> None:
    assert all_options()
    for option in all_options():
        assert option.checked(option.default) == option.default
        assert option.purpose
