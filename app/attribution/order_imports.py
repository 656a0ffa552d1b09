"""The sponsor's table of orders: each line is taken, known already, or refused with a reason."""

from __future__ import annotations

import io
import re
from collections import Counter
from functools import partial
from typing import IO, Any

from sqlalchemy import select

from app.attribution import order_sources
from app.attribution.models import Order
from app.attribution.order_facts import OrderFact, OrderSourceKind
from app.attribution.order_table import OrderTable, UnreadableTable, read
from app.attribution.orders import Outcome, require_same, take_in
from app.audit.service import record as keep_trace
from app.core.actor import Actor
from app.core.errors import DomainError, Invalid
from app.core.extensions import db
from app.core.transaction import unit_of_work

LARGEST = 5 * 1024 * 1024
MOST_LINES = 5_000
MOST_REFUSED = 500
# The number of an order at Shopify (its ids are longer).
_NUMBER = re.compile(r"#|\d{1,8}\Z", re.ASCII)


def import_table(actor: Actor, stream: IO[bytes]) -> dict[str, Any]:
    """Take in the orders of a CSV file, each in a unit of work of its own; importing the same
    again changes nothing. Its orders are verified: the sponsor says so.

    The report tells how many lines became what, and the first MOST_REFUSED that were refused.
    Lines behind MOST_LINES are not read, and `left_out` says that there are some. Raises Invalid
    for what is no table.
    """
    by_shopify = _is_told_by_shopify(actor)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="strict", newline="")
    counts: Counter[Outcome] = Counter()
    refused: list[dict[str, Any]] = []
    lines = refusals = 0
    left_out = False
    try:
        table = _table(text)
        for line in table.lines:
            if lines == MOST_LINES:
                left_out = True
                break
            lines += 1
            reason = line.reason
            if line.fact is not None:
                reason = _take(actor, line.fact, counts, by_shopify)
            if reason is not None:
                refusals += 1
                if len(refused) < MOST_REFUSED:
                    refused.append(
                        {"line": line.number, "external_id": line.external_id, "reason": reason}
                    )
    except UnicodeDecodeError:
        # Lines are read ahead of those that are taken: say how far it came.
        raise Invalid(
            file=f"The file is not in UTF-8. The first {lines} lines were taken."
        ) from None
    except UnreadableTable as error:
        raise Invalid(file=f"{error} The first {lines} lines were taken.") from None
    finally:
        text.detach()
    unit_of_work(partial(_trace, actor, lines, counts))
    return {
        "lines": lines,
        "recorded": counts[Outcome.RECORDED],
        "changed": counts[Outcome.CHANGED],
        "unchanged": counts[Outcome.UNCHANGED],
        "refused": refusals,
        "left_out": left_out,
        "ignored_columns": table.ignored,
        "refusals": refused,
    }


def _table(text: io.TextIOWrapper) -> OrderTable:
    # A line that never ends is read no further than the bound of a line.
    return read(iter(lambda: text.readline(20_000), ""))


def _is_told_by_shopify(actor: Actor) -> bool:
    def work() -> bool:
        return order_sources.is_open(actor.sponsor_id or "", OrderSourceKind.SHOPIFY)

    return unit_of_work(work)


def _take(actor: Actor, fact: OrderFact, counts: Counter[Outcome], by_shopify: bool) -> str | None:
    """Take in one order; why not, where it is refused."""

    def work() -> Outcome:
        if by_shopify and _NUMBER.match(fact.external_id):
            _refuse_number(actor, fact)
        taken = take_in(
            actor, sponsor_id=actor.sponsor_id or "", kind=OrderSourceKind.CSV, fact=fact
        )
        require_same(taken)
        return taken.outcome

    try:
        counts[unit_of_work(work)] += 1
    except DomainError as error:
        return error.detail or error.title
    return None


def _refuse_number(actor: Actor, fact: OrderFact) -> None:
    known = select(Order.id).where(
        Order.sponsor_id == actor.sponsor_id,
        Order.external_id == fact.external_id,
        Order.verified_at.is_not(None),
    )
    if db.session.scalar(known) is None:
        raise Invalid(
            "Shopify tells of this order by its id, not by its number: under both it would count"
            " twice. Import the file that Shopify exports, or give its column Id."
        )


def _trace(actor: Actor, lines: int, counts: Counter[Outcome]) -> None:
    keep_trace(
        actor,
        "orders.imported",
        subject_type="sponsor",
        subject_id=actor.sponsor_id or "",
        lines=lines,
        **{outcome.value: count for outcome, count in counts.items()},
    )
