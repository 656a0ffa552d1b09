"""Where a sponsor's orders come from, and the secrets that prove it: shown once, kept encrypted."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from app.attribution import signatures
from app.attribution.models import OrderSource
from app.attribution.order_errors import SourceExists
from app.attribution.order_facts import OrderSourceKind
from app.audit.service import record as keep_trace
from app.core.actor import Actor
from app.core.clock import now
from app.core.encryption import decrypt, encrypt
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.models import Sponsor

# So that a shop can be given the new secret without losing an order.
BOTH_TAKEN = timedelta(hours=24)

BETWEEN_REFUSALS = timedelta(minutes=1)

# Shopify makes its secret itself, and ours are in the form of Standard Webhooks.
_GIVEN = (OrderSourceKind.SHOPIFY, OrderSourceKind.WOOCOMMERCE)


def sources_of(actor: Actor) -> list[OrderSource]:
    """The ways by which the sponsor's orders come in."""
    return list(
        db.session.scalars(
            select(OrderSource)
            .where(OrderSource.sponsor_id == actor.sponsor_id)
            .order_by(OrderSource.created_at, OrderSource.id)
        )
    )


def add(
    actor: Actor, *, kind: OrderSourceKind, secret: str | None = None
) -> tuple[OrderSource, str | None]:
    """Open a way; the second value is its secret, shown this once (the script has none).

    `secret` is the one of the shop system. Raises Invalid where one is missing or makes no sense,
    SourceExists.
    """
    chosen = _secret_for(kind, secret)
    held = select(Sponsor.id).where(Sponsor.id == actor.sponsor_id)
    db.session.execute(held.with_for_update(key_share=True))
    taken = select(OrderSource.id).where(
        OrderSource.sponsor_id == actor.sponsor_id, OrderSource.kind == kind
    )
    if db.session.scalar(taken) is not None:
        raise SourceExists("Rotate its secret, or remove it first. Nothing was changed.")
    row = OrderSource(sponsor_id=actor.sponsor_id, kind=kind, rotated_at=now())
    _put(row, chosen)
    db.session.add(row)
    db.session.flush()
    _trace(actor, "order_source.added", row)
    return row, chosen


def rotate(
    actor: Actor, *, source_id: str, secret: str | None = None
) -> tuple[OrderSource, str | None]:
    """Put another secret in the place of the present one, which is taken for a day more.

    Raises NotFound, Invalid.
    """
    row = _own(actor, source_id)
    chosen = _secret_for(row.kind, secret)
    if chosen is None:
        raise Invalid("The script has no secret.")
    row.previous_secret, row.previous_until = row.secret, now() + BOTH_TAKEN
    _put(row, chosen)
    row.rotated_at = now()
    row.touch()
    db.session.flush()
    _trace(actor, "order_source.rotated", row)
    return row, chosen


def remove(actor: Actor, *, source_id: str) -> None:
    """Close a way at once; what came through it stays. Raises NotFound."""
    row = _own(actor, source_id)
    db.session.delete(row)
    db.session.flush()
    _trace(actor, "order_source.removed", row)


def secrets_of(sponsor_id: str, kind: OrderSourceKind) -> list[str]:
    """The secrets by which a message of this kind may be signed now: none, one or two.

    Raises NotFound where there is no such sponsor.
    """
    row = _source(sponsor_id, kind)
    if row is None:
        return []
    found = [row.secret]
    if row.previous_until is not None and row.previous_until > now():
        found.append(row.previous_secret)
    return [decrypt(secret) for secret in found if secret is not None]


def is_open(sponsor_id: str, kind: OrderSourceKind) -> bool:
    """Whether the sponsor takes orders of this kind. Raises NotFound as `secrets_of`."""
    return _source(sponsor_id, kind) is not None


def note_refusal(sponsor_id: str, kind: OrderSourceKind, reason: str) -> None:
    """Keep that a message of an open way was refused (opens its own unit), once a minute: a flood
    of forgeries writes no more than that."""
    row = _source(sponsor_id, kind)
    recent = row and row.refused_at is not None and now() - row.refused_at < BETWEEN_REFUSALS
    source_id = None if row is None or recent else row.id
    db.session.rollback()
    if source_id is not None:
        noted = update(OrderSource).where(OrderSource.id == source_id)
        values = {"refused_at": now(), "refused_reason": reason}
        unit_of_work(lambda: db.session.execute(noted.values(values)))


def _source(sponsor_id: str, kind: OrderSourceKind) -> OrderSource | None:
    found = db.session.execute(
        select(Sponsor.id, OrderSource)
        .outerjoin(OrderSource, (OrderSource.sponsor_id == Sponsor.id) & (OrderSource.kind == kind))
        .where(Sponsor.id == sponsor_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such shop here. Check the address.")
    row: OrderSource | None = found[1]
    return row


def _secret_for(kind: OrderSourceKind, given: str | None) -> str | None:
    if kind is OrderSourceKind.CSV:
        raise Invalid(kind="Files need no source: import them.")
    if given is not None and kind not in _GIVEN:
        raise Invalid("Leave the secret out: Accord makes it, or there is none.")
    if given is None and kind is OrderSourceKind.SHOPIFY:
        raise Invalid("Give the secret with which Shopify signs its webhooks.")
    if kind is OrderSourceKind.SCRIPT:
        return None
    return given or signatures.new_secret()


def _put(row: OrderSource, secret: str | None) -> None:
    row.secret = None if secret is None else encrypt(secret)
    row.hint = "" if secret is None else f"…{secret[-4:]}"


def _own(actor: Actor, source_id: str) -> OrderSource:
    row = db.session.scalar(
        select(OrderSource)
        .where(OrderSource.id == source_id, OrderSource.sponsor_id == actor.sponsor_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _trace(actor: Actor, action: str, row: OrderSource) -> None:
    keep_trace(
        actor,
        action,
        subject_type="order_source",
        subject_id=row.id,
        sponsor_id=row.sponsor_id,
        kind=row.kind.value,
    )
