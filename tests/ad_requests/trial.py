"""Trying something out: what would come of it, without it having happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.errors import DomainError
from app.core.transaction import unit_of_work


class _Undo(Exception):
    """Rolls a unit of work back after it worked."""


def outcome(act: Callable[[], Any]) -> Any:
    """What `act` returns, or the type of the problem that it raises; nothing is kept."""
    result: list[Any] = []

    def work() -> None:
        result.append(act())
        raise _Undo

    try:
        unit_of_work(work)
    except _Undo:
        return result[0]
    except DomainError as error:
        return error.type
    raise AssertionError("unreachable")
