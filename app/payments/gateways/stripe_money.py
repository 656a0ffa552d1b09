"""Amounts as Stripe writes them: mostly ISO minor units, with exceptions by currency."""

from __future__ import annotations

from app.core.money import exponent

_WHOLE = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THOUSANDTHS = frozenset("BHD JOD KWD OMR TND".split())
# Written with two decimals that must be zero.
_WHOLE_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})


def to_stripe(amount: int, currency: str) -> int | None:
    """An amount of ISO minor units in Stripe's; None where Stripe cannot say it exactly."""
    scaled = amount * 10 ** _digits(currency)
    units, rest = divmod(scaled, 10 ** exponent(currency))
    if rest or units % _step(currency):
        return None
    return units


def from_stripe(units: int, currency: str) -> int | None:
    """An amount of Stripe's units in ISO minor units; None where those cannot say it exactly."""
    amount, rest = divmod(units * 10 ** exponent(currency), 10 ** _digits(currency))
    return None if rest else amount


def _digits(currency: str) -> int:
    if currency in _WHOLE:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def _step(currency: str) -> int:
    if currency in _THOUSANDTHS:
        return 10
    return 100 if currency in _WHOLE_IN_HUNDREDTHS else 1
