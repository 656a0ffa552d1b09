"""What may follow. Services publish frozen facts; reactions hear them in the same unit of work.

Lower domains never learn who listens: the factory holds the table (`app/reactions`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Handler = Callable[[Any], None]

_handlers: dict[type, list[Handler]] = defaultdict(list)


def subscribe(fact: type, handler: Handler) -> None:
    """Let `handler` hear every published `fact`; the same pair is kept once."""
    if handler not in _handlers[fact]:
        _handlers[fact].append(handler)


def publish(fact: object) -> None:
    """Tell everyone who subscribed to this kind of fact, in the order of subscription."""
    for handler in _handlers[type(fact)]:
        handler(fact)
