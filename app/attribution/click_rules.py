"""Why a click is not counted: pure, over the raw facts that are kept of each click.

A new version of the rules is a change here with a higher RULES_VERSION; `flask clicks recount`
then goes over the clicks that were kept. What was paid stays paid.
"""

from __future__ import annotations

from enum import StrEnum

RULES_VERSION = 1


class Reason(StrEnum):
    """What a click is; every click has exactly one, so raw = counted + every other reason."""

    COUNTED = "counted"
    HEAD = "head"
    PREFETCH = "prefetch"
    EXPIRED = "expired"
    BOT = "bot"
    OWN_TEAM = "own_team"
    DUPLICATE = "duplicate"
    OVER_LIMIT = "over_limit"
