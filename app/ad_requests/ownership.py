"""Getting an ad request: the row that the actor may see, or NotFound."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm.attributes import set_committed_value

from app.ad_requests import queries
from app.ad_requests.lifecycle import Party
from app.ad_requests.models import AdRequest, Deliverable
from app.campaigns.models import Campaign
from app.core.actor import Actor, Role
from app.core.errors import NotFound
from app.core.extensions import db
from app.files import service as files

FILES = "ad_request"

_PARTIES = {
    Role.SPONSOR: Party.SPONSOR,
    Role.INFLUENCER: Party.INFLUENCER,
    Role.ADMIN: Party.ADMIN,
    Role.SYSTEM: Party.SYSTEM,
}


def party_of(actor: Actor) -> Party:
    """The side that the actor acts for."""
    return _PARTIES[actor.role]


def get_for(actor: Actor, ad_request_id: str, *, lock: bool = False) -> AdRequest:
    """An ad request that the actor may see, with all that its document shows.

    `lock` holds the row until the unit of work ends and loads what changes need instead. Raises
    NotFound, for a stranger's as for one that does not exist.
    """
    if not lock:
        return one(document_of(actor, ad_request_id))
    db.session.flush()
    ad_request = one(queries.for_change(actor, ad_request_id))
    campaign = db.session.get_one(Campaign, ad_request.campaign_id)
    set_committed_value(ad_request, "campaign", campaign)
    return ad_request


def document_of(actor: Actor, ad_request_id: str) -> Select[AdRequest]:
    """The select of an ad request that the actor may see, with all that its document shows."""
    return queries.documents().where(AdRequest.id == ad_request_id, *queries.seen_by(actor))


def one(statement: Select[AdRequest]) -> AdRequest:
    """The row of a select. Raises NotFound."""
    ad_request = db.session.scalar(statement)
    if ad_request is None:
        raise NotFound
    return ad_request


def deliverable_for(
    actor: Actor, ad_request_id: str, deliverable_id: str
) -> tuple[AdRequest, Deliverable]:
    """A locked ad request and one of its deliverables. Raises NotFound."""
    ad_request = get_for(actor, ad_request_id, lock=True)
    for deliverable in ad_request.deliverables:
        if deliverable.id == deliverable_id:
            return ad_request, deliverable
    raise NotFound


def may_see(actor: Actor, ad_request_id: str) -> bool:
    """Whether the actor may see an ad request, and with it the files that hang on it."""
    found = db.session.scalar(
        select(AdRequest.id).where(AdRequest.id == ad_request_id, *queries.seen_by(actor))
    )
    return found is not None


files.register_reader(FILES, may_see)
