"""When X happened, tell Y: one file for each reacting concern, wired here in one table.

Handlers run inside the unit of work of the fact; slow things become jobs.
"""

from __future__ import annotations

from app.core.events import Handler, subscribe

REACTIONS: tuple[tuple[type, Handler], ...] = ()


def register_reactions() -> None:
    """Subscribe every reaction of the table."""
    for fact, handler in REACTIONS:
        subscribe(fact, handler)
