"""Changing the figures and switches of the running platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.attribution.settling import REFUND_DAYS
from app.audit.service import record
from app.core.actor import Actor
from app.core.errors import Invalid
from app.core.events import publish
from app.core.options import Option, all_options
from app.moderation.events import MoneyRuleChanged
from app.payments import fees, payout_rules

_MONEY = {
    option.name
    for option in (
        fees.HOLD_DAYS,
        fees.PLATFORM_FEE_PERCENT,
        payout_rules.MINIMUM,
        payout_rules.HOLD_HOURS,
        payout_rules.APPROVAL_ABOVE,
        REFUND_DAYS,
    )
}
KINDS = {bool: "switch", int: "whole_number", float: "number"}


def change(actor: Actor, values: Mapping[str, Any]) -> None:
    """Put `values` (by the name of the option) into force: all of them or, on Invalid, none.

    Each change that makes a difference is in the audit trail with both values; of one that money
    has to keep to every admin hears, since one alone could let large sums out.
    """
    options = {option.name: option for option in all_options()}
    _check(options, values)
    for name, value in values.items():
        before = options[name].get()
        options[name].set(actor, value)
        if options[name].get() != before:
            record(
                actor,
                "setting.changed",
                subject_type="setting",
                subject_id=name[:32],
                name=name,
                before=before,
                after=options[name].get(),
            )
            if name in _MONEY:
                after = options[name].get()
                publish(MoneyRuleChanged(name, str(before), str(after), actor.label))


def documents() -> list[dict[str, Any]]:
    """Every option with its value in force, by name."""
    return [
        {
            "name": option.name,
            "kind": KINDS[type(option.default)],
            "value": option.get(),
            "default": option.default,
            "lowest": option.lowest,
            "highest": option.highest,
            "unit": option.unit,
            "purpose": option.purpose,
        }
        for option in all_options()
    ]


def _check(options: Mapping[str, Option[Any]], values: Mapping[str, Any]) -> None:
    errors: dict[str, str | list[str]] = {}
    for name, value in values.items():
        if name not in options:
            errors[f"values.{name}"] = "There is no setting of this name."
            continue
        try:
            options[name].checked(value)
        except Invalid as error:
            errors[f"values.{name}"] = [
                text for found in (error.errors or {}).values() for text in found
            ]
    if errors:
        raise Invalid("Nothing was changed.", **errors)
