"""The terms of an offer: completed, hashed, compared and split. Pure: no database, no clock.

The hash is SHA-256 over the canonical form: JSON in UTF-8 with sorted keys and no spaces, texts in
NFC, days as ISO dates, money in minor units, the commission's rate in basis points (hundredths of
a percent). It covers the ad request, the revision's number and who made it, so that a hash names
one revision of one negotiation and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.core.errors import Invalid
from app.core.money import Money, split

MAX_DELIVERABLES = 20


@dataclass(frozen=True, kw_only=True)
class DeliverableTerms:
    """One milestone: what, until when (draft and publication), for which percent of the fee."""

    title: str
    share: int
    due_on: date | None = None
    publish_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class Commission:
    """`basis_points` hundredths of a percent of net revenue, up to `cap`."""

    basis_points: int
    cap: Money

    @property
    def rate(self) -> float:
        """The rate in percent."""
        return self.basis_points / 100


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is offered. Before `complete` days may be missing and deliverables left out."""

    fee: Money
    commission: Commission | None = None
    deliverables: tuple[DeliverableTerms, ...] = field(default=())
    usage_rights: str = ""
    exclusivity: str = ""
    message: str = ""

    @property
    def cap_amount(self) -> int:
        """The most that commission can cost, in minor units; 0 without one."""
        return self.commission.cap.amount if self.commission else 0


def complete(
    terms: Terms,
    *,
    currency: str,
    title: str,
    due_on: date,
    usage_rights: str,
    today: date,
    publish_days: int,
) -> Terms:
    """`terms` with every day filled in, checked. Raises Invalid by field.

    Deliverables left out become one named `title` for the whole fee. A missing due date becomes
    `due_on`, a missing publication date `publish_days` after the due date, and usage rights that
    are left out the campaign's `usage_rights`.
    """
    errors: dict[str, str] = {}
    if terms.fee.currency != currency:
        errors["offer.fee.currency"] = f"This campaign pays in {currency}."
    if terms.commission is not None and terms.commission.cap.currency != currency:
        errors["offer.commission.cap.currency"] = f"This campaign pays in {currency}."
    wanted = terms.deliverables or (DeliverableTerms(title=title, share=100),)
    if len(wanted) > MAX_DELIVERABLES:
        errors["offer.deliverables"] = f"At most {MAX_DELIVERABLES} deliverables."
    elif sum(part.share for part in wanted) != 100:
        errors["offer.deliverables"] = "The shares are percent; let them sum to 100."
    elif any(part.share <= 0 for part in wanted):
        errors["offer.deliverables"] = "Give every deliverable a share of at least 1 percent."
    filled = []
    for position, part in enumerate(wanted):
        due = part.due_on or due_on
        publish_by = part.publish_by or due + timedelta(days=publish_days)
        if due < today:
            errors[f"offer.deliverables.{position}.due_on"] = "This day has passed."
        if publish_by < due:
            errors[f"offer.deliverables.{position}.publish_by"] = "Give a day after the due date."
        filled.append(
            DeliverableTerms(title=part.title, share=part.share, due_on=due, publish_by=publish_by)
        )
    if errors:
        raise Invalid(**errors)
    return Terms(
        fee=terms.fee,
        commission=terms.commission,
        deliverables=tuple(filled),
        usage_rights=terms.usage_rights or usage_rights,
        exclusivity=terms.exclusivity,
        message=terms.message,
    )


# --- wire and hash ------------------------------------------------------------------------------


def deliverables_as_json(terms: Terms) -> list[dict[str, Any]]:
    """The deliverables as they are stored with an offer."""
    return [
        {
            "title": _nfc(part.title),
            "due_on": part.due_on.isoformat() if part.due_on else None,
            "publish_by": part.publish_by.isoformat() if part.publish_by else None,
            "share": part.share,
        }
        for part in terms.deliverables
    ]


def deliverables_from_json(stored: Iterable[dict[str, Any]]) -> tuple[DeliverableTerms, ...]:
    """The inverse of `deliverables_as_json`."""
    return tuple(
        DeliverableTerms(
            title=part["title"],
            share=part["share"],
            due_on=date.fromisoformat(part["due_on"]) if part["due_on"] else None,
            publish_by=date.fromisoformat(part["publish_by"]) if part["publish_by"] else None,
        )
        for part in stored
    )


def canonical(
    terms: Terms, *, ad_request_id: str, number: int, by: str, platform_fee: int, hold_days: int
) -> str:
    """The one text that stands for this revision; `platform_fee` is in minor units."""
    form = {
        "ad_request": ad_request_id,
        "number": number,
        "by": by,
        "fee": _money(terms.fee),
        "platform_fee": platform_fee,
        "hold_days": hold_days,
        "commission": terms.commission
        and {
            "basis_points": terms.commission.basis_points,
            "cap": _money(terms.commission.cap),
        },
        "deliverables": deliverables_as_json(terms),
        "usage_rights": _nfc(terms.usage_rights),
        "exclusivity": _nfc(terms.exclusivity),
        "message": _nfc(terms.message),
    }
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(
    terms: Terms, *, ad_request_id: str, number: int, by: str, platform_fee: int, hold_days: int
) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    text = canonical(
        terms,
        ad_request_id=ad_request_id,
        number=number,
        by=by,
        platform_fee=platform_fee,
        hold_days=hold_days,
    )
    return hashlib.sha256(text.encode()).hexdigest()


# --- comparison ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One field that differs. `of` names the deliverable, `change` is the step from old to new.

    `change` is in minor units for money, percent points for rates and shares, days for dates, and
    None where a difference says nothing.
    """

    field: str
    old: Any
    new: Any
    change: float | int | None = None
    of: str | None = None


def diff(old: Terms, new: Terms) -> list[Change]:
    """What differs from `old` to `new`, field by field; empty when both say the same."""
    changes = [
        *_compare("fee", old.fee.amount, new.fee.amount),
        *_compare("commission_rate", _rate(old), _rate(new)),
        *_compare("commission_cap", _cap(old), _cap(new)),
        *_diff_deliverables(old, new),
    ]
    for name in ("usage_rights", "exclusivity", "message"):
        changes += _compare(name, getattr(old, name), getattr(new, name))
    return changes


FIELDS = (
    "fee",
    "commission_rate",
    "commission_cap",
    "deliverables",
    "usage_rights",
    "exclusivity",
    "message",
)


def unchanged(changes: list[Change]) -> list[str]:
    """The fields of an offer that none of `changes` touches."""
    touched = {"deliverables" if change.of is not None else change.field for change in changes}
    return [name for name in FIELDS if name not in touched]


def amounts(total: int, deliverables: Iterable[DeliverableTerms]) -> list[int]:
    """`total` minor units split by the shares, so that the parts sum to it exactly."""
    return split(total, [part.share for part in deliverables])


def _diff_deliverables(old: Terms, new: Terms) -> Iterator[Change]:
    before, after = _by_title(old), _by_title(new)
    for key, part in before.items():
        if key not in after:
            yield Change("deliverable", part.title, None, of=part.title)
    for key, part in after.items():
        if key not in before:
            yield Change("deliverable", None, part.title, of=part.title)
            continue
        was = before[key]
        for name in ("share", "due_on", "publish_by"):
            yield from _compare(name, getattr(was, name), getattr(part, name), of=part.title)


def _by_title(terms: Terms) -> dict[tuple[str, int], DeliverableTerms]:
    # Two deliverables may bear the same title: the first belongs to the first, and so on.
    seen: Counter[str] = Counter()
    found = {}
    for part in terms.deliverables:
        found[part.title, seen[part.title]] = part
        seen[part.title] += 1
    return found


def _compare(name: str, old: Any, new: Any, of: str | None = None) -> list[Change]:
    if old == new:
        return []
    step: float | int | None = None
    if isinstance(old, int | float) and isinstance(new, int | float):
        step = round(new - old, 2)
    if isinstance(old, date) and isinstance(new, date):
        step = (new - old).days
        old, new = old.isoformat(), new.isoformat()
    return [Change(name, old, new, step, of)]


def _rate(terms: Terms) -> float | None:
    return terms.commission.rate if terms.commission else None


def _cap(terms: Terms) -> int | None:
    return terms.commission.cap.amount if terms.commission else None


def _money(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
