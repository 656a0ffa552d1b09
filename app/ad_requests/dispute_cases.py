"""Disputes as the admins (and whoever opened one) see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.sql import ColumnElement

from app.ad_requests import queries
from app.ad_requests.models import Deliverable, Dispute
from app.ad_requests.ownership import FILES
from app.ad_requests.shapes import Reader, dispute_of
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.files import service as files
from app.identity.shown import money_of


def case(actor: Actor, dispute_id: str) -> dict[str, Any]:
    """A dispute with what it is about. Raises NotFound."""
    found = db.session.scalar(
        queries.disputes()
        .join(Dispute.deliverable)
        .join(Deliverable.ad_request)
        .where(Dispute.id == dispute_id, *queries.seen_by(actor))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return _cases(actor, [found])[0]


def page(
    actor: Actor,
    request: PageRequest,
    *,
    state: str | None = None,
    escalated: bool | None = None,
) -> Page[dict[str, Any]]:
    """Disputes, the one that waits longest first. `state` is open or decided."""
    conditions: list[ColumnElement[bool]] = []
    if state is not None:
        open_ones = Dispute.decided_at.is_(None)
        conditions.append(open_ones if state == "open" else ~open_ones)
    if escalated is not None:
        is_so = Dispute.escalated_at.is_not(None)
        conditions.append(is_so if escalated else ~is_so)
    found = paginate(
        queries.disputes()
        .join(Dispute.deliverable)
        .join(Deliverable.ad_request)
        .where(*queries.seen_by(actor), *conditions),
        request,
        sorts={"created_at": Dispute.created_at, "deadline": Dispute.escalate_at},
        default="created_at",
        id_column=Dispute.id,
    )
    return Page(_cases(actor, found.items), found.next)


def _cases(actor: Actor, rows: list[Dispute]) -> list[dict[str, Any]]:
    reader = Reader(actor)
    hanging = files.files_of(FILES, {row.deliverable.ad_request_id for row in rows})
    reader.files = {row.id: files.describe(row) for found in hanging.values() for row in found}
    return [_case(row, reader) for row in rows]


def _case(row: Dispute, reader: Reader) -> dict[str, Any]:
    part = row.deliverable
    ad_request = part.ad_request
    campaign, sponsor, influencer = (
        ad_request.campaign,
        ad_request.sponsor,
        ad_request.influencer,
    )
    return {
        **dispute_of(row, reader),
        "ad_request_id": ad_request.id,
        "deliverable_id": part.id,
        "title": part.title,
        "amount": money_of(part.amount, ad_request.currency),
        "campaign": {"id": campaign.id, "title": campaign.title},
        "sponsor": {"id": sponsor.id, "name": sponsor.name, "slug": sponsor.slug},
        "influencer": {"id": influencer.id, "name": influencer.name, "slug": influencer.slug},
    }
