"""An admin's hold on a link: blocked, it leads nowhere, whatever its sponsor does with it."""

from __future__ import annotations

from app.attribution import link_table
from app.attribution.events import LinkBlocked, LinkRestored
from app.attribution.link_models import TrackingLink
from app.attribution.links import fact_of, get_for
from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import RefusedTransition
from app.core.events import publish
from app.core.extensions import db


def block(actor: Actor, *, link_id: str, reason: str) -> TrackingLink:
    """Let a link lead nowhere. Raises NotFound, RefusedTransition for one that is blocked."""
    link = get_for(actor, link_id, lock=True)
    if link.blocked_at is not None:
        raise RefusedTransition("This link is blocked already.", state="blocked", event="block")
    link.blocked_at, link.block_reason = now(), reason
    _changed(actor, link, "link.blocked", reason)
    publish(LinkBlocked(**fact_of(link), reason=reason))
    return link


def restore(actor: Actor, *, link_id: str, reason: str) -> TrackingLink:
    """Let a blocked link do again what its status says. Raises NotFound, RefusedTransition for
    one that is not blocked."""
    link = get_for(actor, link_id, lock=True)
    if link.blocked_at is None:
        raise RefusedTransition(
            "This link is not blocked.", state=link.status.value, event="restore"
        )
    link.blocked_at, link.block_reason = None, ""
    _changed(actor, link, "link.restored", reason)
    publish(LinkRestored(**fact_of(link)))
    return link


def _changed(actor: Actor, link: TrackingLink, action: str, reason: str) -> None:
    link.touch()
    db.session.flush()
    link_table.changed()
    record(actor, action, subject_type="link", subject_id=link.id, reason=reason)
