"""Amounts of money: integer minor units of an ISO 4217 currency."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import is_currency, list_currencies

MAX_AMOUNT = 10**12


@dataclass(frozen=True, order=False)
class Money:
    """`amount` minor units of `currency`: `Money(125000, "EUR")` is €1,250.00."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError("amount is not an integer")

    def __str__(self) -> str:
        """As people write it in English: €1,250.00, ¥980."""
        return self.written(Locale("en"))

    def written(self, locale: Locale) -> str:
        """As readers of `locale` write it, with the digits that ISO 4217 gives the currency."""
        digits = exponent(self.currency)
        pattern = copy(locale.currency_formats["standard"])
        pattern.frac_prec = (digits, digits)
        major = Decimal(self.amount).scaleb(-digits)
        return str(pattern.apply(major, locale, currency=self.currency, currency_digits=False))


# ISO 4217: the minor units that are no hundredths. Libraries follow CLDR, which tells how prices
# are shown and changes; what is stored must mean the same for ever, here, on the page, at gateways.
MINOR_UNITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def exponent(currency: str) -> int:
    """Digits after the point of a currency (2 for EUR, 0 for VND and JPY), as ISO 4217 has them."""
    return MINOR_UNITS.get(currency, 2)


# Codes with X are metals, tests and "no currency", but for those that countries share.
_SHARED = {"XAF", "XCD", "XCG", "XOF", "XPF"}


@cache
def is_known_currency(currency: str) -> bool:
    """Whether `currency` is the ISO code, in capitals, of a currency that people pay in."""
    if currency.startswith("X") and currency not in _SHARED:
        return False
    return len(currency) == 3 and currency.isupper() and bool(is_currency(currency))


@cache
def currencies() -> tuple[str, ...]:
    """Every known currency code."""
    return tuple(sorted(code for code in list_currencies() if is_known_currency(code)))


def percent_of(amount: int, percent: float | int) -> int:
    """`percent` of `amount`, rounded half up to a minor unit; percent has at most 2 decimals."""
    hundredths = round(percent * 100)
    return (amount * hundredths + 5000) // 10_000


def split(amount: int, shares: list[int]) -> list[int]:
    """`amount` split by `shares` so that the parts sum to it exactly.

    The remainder goes to the parts with the largest fractions, the earlier first (largest
    remainder method). Raises ValueError when the shares sum to nothing.
    """
    total = sum(shares)
    if total <= 0 or any(share < 0 for share in shares):
        raise ValueError("shares must be positive")
    parts = [amount * share // total for share in shares]
    by_fraction = sorted(
        range(len(shares)), key=lambda index: (-(amount * shares[index] % total), index)
    )
    for index in by_fraction[: amount - sum(parts)]:
        parts[index] += 1
    return parts
