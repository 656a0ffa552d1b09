"""What flags do: effects, from the weakest to the strongest, and how several add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class SubjectType(StrEnum):
    USER = "user"
    CAMPAIGN = "campaign"


class Effect(StrEnum):
    WARN = "warn"
    HIDE = "hide"
    HOLD_MONEY = "hold_money"
    SUSPEND = "suspend"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


DEFAULT_EFFECT = {SubjectType.USER: Effect.SUSPEND, SubjectType.CAMPAIGN: Effect.HIDE}
DEFAULT_SEVERITY = {
    Effect.WARN: Severity.LOW,
    Effect.HIDE: Severity.MEDIUM,
    Effect.HOLD_MONEY: Severity.HIGH,
    Effect.SUSPEND: Severity.HIGH,
}


@dataclass(frozen=True)
class Effects:
    """What is in force on a subject. Hiding takes it out of public lists and pages."""

    hidden: bool = False
    money_on_hold: bool = False
    suspended: bool = False
    flagged: bool = False


def combined(effects: Iterable[Effect]) -> Effects:
    """The sum of the effects of all flags in force: each holds as long as one flag asks for it.

    Whoever is suspended is hidden too; money already earned stays theirs unless it is held.
    """
    present = set(effects)
    return Effects(
        hidden=bool(present & {Effect.HIDE, Effect.SUSPEND}),
        money_on_hold=Effect.HOLD_MONEY in present,
        suspended=Effect.SUSPEND in present,
        flagged=bool(present),
    )
