"""Links by which anyone may read a dashboard, without signing in, until they end.

What stands in a link is shown once: a hash of it is kept. Who follows it sees names and figures of
the panels, and nothing else: no messages, no contact data, no orders.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.settings import settings
from app.reporting import dashboards
from app.reporting.dashboard_models import Dashboard, DashboardShare
from app.reporting.errors import TooManyDashboards

MOST_SHARES = 50
_BYTES = 32


def shares_of(actor: Actor, *, dashboard_id: str) -> list[DashboardShare]:
    """The links of a dashboard that were not revoked, the newest first. Raises NotFound."""
    dashboard = dashboards.get_for(actor, dashboard_id)
    return list(
        db.session.scalars(
            select(DashboardShare)
            .where(DashboardShare.dashboard_id == dashboard.id, DashboardShare.revoked_at.is_(None))
            .order_by(DashboardShare.created_at.desc(), DashboardShare.id.desc())
        )
    )


def share(
    actor: Actor, *, dashboard_id: str, name: str = "", days: int | None = None
) -> tuple[DashboardShare, str]:
    """Make a link that ends after `days`, or not by itself; returns it and its address, which
    nobody can see again. Raises NotFound, TooManyDashboards."""
    dashboard = dashboards.get_for(actor, dashboard_id, lock=True)
    open_ones = select(func.count()).where(
        DashboardShare.dashboard_id == dashboard.id, DashboardShare.revoked_at.is_(None)
    )
    if (db.session.scalar(open_ones) or 0) >= MOST_SHARES:
        raise TooManyDashboards(f"Revoke one of its {MOST_SHARES} links first.")
    token = secrets.token_urlsafe(_BYTES)
    made = now()
    row = DashboardShare(
        dashboard_id=dashboard.id,
        token_hash=_hash(token),
        name=name,
        created_by=actor.label,
        created_at=made,
        expires_at=None if days is None else made + timedelta(days=days),
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "dashboard.shared",
        subject_type="dashboard",
        subject_id=dashboard.id,
        share_id=row.id,
    )
    return row, f"{settings().public_url}/shared/dashboards/{token}"


def revoke(actor: Actor, *, dashboard_id: str, share_id: str) -> None:
    """End a link at once. Raises NotFound."""
    dashboard = dashboards.get_for(actor, dashboard_id, lock=True)
    row = db.session.scalar(
        select(DashboardShare).where(
            DashboardShare.id == share_id,
            DashboardShare.dashboard_id == dashboard.id,
            DashboardShare.revoked_at.is_(None),
        )
    )
    if row is None:
        raise NotFound
    row.revoked_at = now()
    db.session.flush()
    record(
        actor,
        "dashboard.unshared",
        subject_type="dashboard",
        subject_id=dashboard.id,
        share_id=row.id,
    )


def by_token(token: str) -> DashboardShare:
    """The link in which this stands, with its dashboard, while it may be read.

    Raises NotFound, the same for one that never was, was revoked, or has expired.
    """
    moment: datetime = now()
    row = db.session.scalar(
        select(DashboardShare)
        .where(
            DashboardShare.token_hash == _hash(token),
            DashboardShare.revoked_at.is_(None),
            or_(DashboardShare.expires_at.is_(None), DashboardShare.expires_at > moment),
        )
        .options(
            joinedload(DashboardShare.dashboard, innerjoin=True).options(
                joinedload(Dashboard.sponsor, innerjoin=True),
                joinedload(Dashboard.campaign),
                selectinload(Dashboard.panels),
            )
        )
    )
    if row is None:
        raise NotFound("This link does not lead to a dashboard (any more). Ask who sent it to you.")
    return row


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
