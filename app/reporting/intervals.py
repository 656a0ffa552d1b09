"""How sure a rate is, and how sure the difference of two rates is (pure).

Wilson's score interval for one rate, and Newcombe's for the difference of two (R. Newcombe,
"Interval estimation for the difference between independent proportions", Statistics in Medicine 17,
1998, method 10): both hold for small counts and for rates of 0 and 1.
"""

from __future__ import annotations

from math import hypot, sqrt

Z = 1.959963984540054
"""The quantile of the standard normal that makes an interval of 95 %, both sides."""

Interval = tuple[float, float]


def wilson(successes: int, trials: int, z: float = Z) -> Interval | None:
    """The interval of `successes / trials`, within 0 … 1; None without trials, and where there are
    more successes than trials, which is then no share of them."""
    if trials <= 0 or not 0 <= successes <= trials:
        return None
    rate = successes / trials
    middle = (rate + z * z / (2 * trials)) / (1 + z * z / trials)
    reach = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials**2)) / (1 + z * z / trials)
    # Rounding leaves the ends a little beyond the rates that they must hold.
    return max(0.0, min(middle - reach, rate)), min(1.0, max(middle + reach, rate))


def newcombe(
    successes: int, trials: int, later_successes: int, later_trials: int, z: float = Z
) -> Interval | None:
    """The interval of the later rate less the earlier one, within −1 … 1; None where one of the
    two has no interval."""
    before, after = wilson(successes, trials, z), wilson(later_successes, later_trials, z)
    if before is None or after is None:
        return None
    earlier, later = successes / trials, later_successes / later_trials
    difference = later - earlier
    low = difference - hypot(later - after[0], before[1] - earlier)
    high = difference + hypot(after[1] - later, earlier - before[0])
    return max(-1.0, low), min(1.0, high)
