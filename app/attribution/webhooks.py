"""Orders that a shop's server or page sends: proven, read, and taken in.

Our own webhook names each message, and the same message gets the same answer. Shop systems name
none that can be relied on (WooCommerce gives two messages of one second one name), so there the
order itself says what is new.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.attribution import order_sources
from app.attribution.adapters import shopify, woocommerce
from app.attribution.order_errors import OrderDiffers, UnreadableOrder
from app.attribution.order_facts import OrderFact, OrderSourceKind, UnusableOrder
from app.attribution.orders import Outcome, Taken, require_same, take_in
from app.attribution.signatures import check_body, message_of
from app.core import idempotency
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.signed_messages import BadSignature
from app.core.strict_json import MalformedJSON, loads
from app.core.transaction import unit_of_work

ADAPTERS: dict[OrderSourceKind, Any] = {
    OrderSourceKind.SHOPIFY: shopify,
    OrderSourceKind.WOOCOMMERCE: woocommerce,
}
NOTHING_TAKEN: dict[str, Any] = {
    "id": None,
    "external_id": None,
    "status": None,
    "verified": False,
    "taken": False,
    "reason": Outcome.PASSED_OVER.value,
}


def receive_signed(
    sponsor_id: str, headers: Mapping[str, str], body: bytes, fact: OrderFact
) -> dict[str, Any]:
    """Take in an order that our own webhook brings; `fact` is what `body` says.

    The same message gets the same answer. Raises NotFound, BadSignature, OrderDiffers, KeyReused.
    """
    with _refusals_noted(sponsor_id, OrderSourceKind.ACCORD):
        known = order_sources.secrets_of(sponsor_id, OrderSourceKind.ACCORD)
        message = message_of(known, headers, body, at=now())
        return _once(sponsor_id, message, body, fact)


def receive_from_shop(
    sponsor_id: str, kind: OrderSourceKind, headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    """Take in what Shopify or WooCommerce sends, as it is signed there.

    What is of no concern to us, and what differs from what is recorded, is answered as received:
    these systems drop a webhook that is refused a few times. Raises NotFound, BadSignature,
    UnreadableOrder.
    """
    with _refusals_noted(sponsor_id, kind):
        return _receive_from_shop(sponsor_id, kind, headers, body)


def _receive_from_shop(
    sponsor_id: str, kind: OrderSourceKind, headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    adapter = ADAPTERS[kind]
    known = order_sources.secrets_of(sponsor_id, kind)
    check_body(known, headers.get(adapter.SIGNATURE, ""), body)
    try:
        order = loads(body)
        if not isinstance(order, dict):
            raise MalformedJSON("an order is an object")
        fact = adapter.read(headers.get(adapter.TOPIC, ""), order)
    except (MalformedJSON, UnusableOrder) as error:
        raise UnreadableOrder(f"{error}") from None
    if fact is None:
        return NOTHING_TAKEN
    _end_reading()
    return _take(sponsor_id, kind, fact)


def check_pages_open(sponsor_id: str) -> None:
    """Raise NotFound where the sponsor takes no orders from pages."""
    if not order_sources.is_open(sponsor_id, OrderSourceKind.SCRIPT):
        raise NotFound("This shop takes no orders from its pages.")
    _end_reading()


def receive_from_page(sponsor_id: str, fact: OrderFact) -> dict[str, Any]:
    """Take in what the script on a thank-you page says: unverified (after `check_pages_open`)."""
    return _take(sponsor_id, OrderSourceKind.SCRIPT, fact)


def _take(sponsor_id: str, kind: OrderSourceKind, fact: OrderFact) -> dict[str, Any]:
    return unit_of_work(
        lambda: _answer(take_in(SYSTEM, sponsor_id=sponsor_id, kind=kind, fact=fact))
    )


@contextmanager
def _refusals_noted(sponsor_id: str, kind: OrderSourceKind) -> Iterator[None]:
    """Let the sponsor and the admins see that what comes this way is refused, and why."""
    try:
        yield
    except (BadSignature, UnreadableOrder, OrderDiffers) as error:
        order_sources.note_refusal(sponsor_id, kind, error.type)
        raise


def _once(sponsor_id: str, message: str, body: bytes, fact: OrderFact) -> dict[str, Any]:
    kind = OrderSourceKind.ACCORD
    route = f"orders {kind.value}"
    key = idempotency.RequestKey(sponsor_id, route, message, idempotency.fingerprint(route, body))

    def work() -> dict[str, Any]:
        idempotency.lock(key)
        kept = idempotency.answered(key)
        if kept is not None:
            said: dict[str, Any] = json.loads(kept.body)
            return said
        taken = take_in(SYSTEM, sponsor_id=sponsor_id, kind=kind, fact=fact)
        require_same(taken)
        answer = _answer(taken)
        idempotency.keep(
            key,
            status=200,
            content_type="application/json",
            location=None,
            body=json.dumps(answer).encode(),
        )
        return answer

    _end_reading()
    return unit_of_work(work)


def _answer(taken: Taken) -> dict[str, Any]:
    order = taken.order
    if order is None:
        return NOTHING_TAKEN
    differs = taken.outcome is Outcome.DIFFERS
    return {
        "id": order.id,
        "external_id": order.external_id,
        "status": order.status.value,
        "verified": order.verified,
        "taken": not differs,
        "reason": Outcome.DIFFERS.value if differs else None,
    }


def _end_reading() -> None:
    """End the short read before the unit of work begins."""
    db.session.rollback()
