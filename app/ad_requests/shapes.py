"""The parts of which documents and lists of agreements are made: rows in, plain data out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.ad_requests import clearance, terms
from app.ad_requests.lifecycle import OPEN
from app.ad_requests.listing import commission_of
from app.ad_requests.models import AdRequest, Deliverable, Dispute, Message, Offer, Submission
from app.ad_requests.ownership import party_of
from app.core.actor import Actor, MemberRole, Role, UserStatus
from app.core.clock import now
from app.core.extensions import db
from app.core.lifecycle import StateChange
from app.identity.models import Influencer, Sponsor, User
from app.identity.shown import money_of, picture_url, rating_of

WRITERS = (MemberRole.OWNER, MemberRole.MANAGER)
MESSAGES_SHOWN = 50
HISTORY_SHOWN = 50

Names = Mapping[str, str]
Files = Mapping[str, dict[str, Any]]


class Reader:
    """Who reads, when, and what their documents share: names of people, and files."""

    def __init__(self, actor: Actor) -> None:
        self.side = party_of(actor)
        self.moment: datetime = now()
        # Only who may act is told what can be done.
        self.acts = actor.status is UserStatus.ACTIVE and (
            actor.role is not Role.SPONSOR or actor.member_role in WRITERS
        )
        self.clears = clearance.needed()
        self.changes: list[StateChange] = []
        self.names: Names = {}
        self.files: Files = {}

    def waits_for_clearance(self, part: Deliverable) -> bool:
        """Whether an admin has to look at the draft first."""
        return self.clears and clearance.waits(part, self.changes)

    def files_of(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        return [self.files[file_id] for file_id in ids if file_id in self.files]


def money(ad_request: AdRequest) -> dict[str, Any]:
    """Where the money of an agreement is: `committed` is always `held + released + refunded +
    platform_fee_charged`. While an offer is open, `platform_fee` is what its acceptance adds."""
    amounts = {
        "committed": ad_request.held_amount,
        "held": ad_request.escrow_amount,
        "released": ad_request.released_amount,
        "refunded": ad_request.refunded_amount,
        "platform_fee_charged": ad_request.platform_charged_amount,
        "fee": ad_request.fee_amount,
        "commission_cap": ad_request.commission_cap_amount,
        "commission_paid": ad_request.commission_paid_amount,
        "commission_returned": ad_request.commission_returned_amount,
        "platform_fee": _platform_fee(ad_request),
    }
    return {name: money_of(amount, ad_request.currency) for name, amount in amounts.items()}


def _platform_fee(ad_request: AdRequest) -> int:
    offer = ad_request.current_offer
    if ad_request.status not in OPEN or offer is None:
        return ad_request.platform_fee_amount
    return offer.platform_fee_amount


def offer_of(offer: Offer, ad_request: AdRequest, names: Names) -> dict[str, Any]:
    """One revision."""
    parts = offer.terms.deliverables
    amounts = terms.amounts(offer.fee_amount, parts)
    return {
        "id": offer.id,
        "number": offer.number,
        "hash": offer.hash,
        "by": offer.by.value,
        "author_name": names.get(offer.author),
        "fee": money_of(offer.fee_amount, offer.currency),
        "commission": commission_of(
            offer.commission_basis_points, offer.commission_cap_amount, offer.currency
        ),
        "deliverables": [
            {
                "title": part.title,
                "due_on": part.due_on,
                "publish_by": part.publish_by,
                "share": part.share,
                "amount": money_of(amount, offer.currency),
            }
            for part, amount in zip(parts, amounts, strict=True)
        ],
        "usage_rights": offer.usage_rights,
        "exclusivity": offer.exclusivity,
        "message": offer.message,
        "is_current": offer.id == ad_request.current_offer_id,
        "is_accepted": offer.id == ad_request.accepted_offer_id,
        "created_at": offer.created_at,
    }


def submission_of(row: Submission, reader: Reader) -> dict[str, Any]:
    """One draft."""
    return {
        "id": row.id,
        "number": row.number,
        "author_name": reader.names.get(row.author),
        "text": row.text,
        "url": row.url,
        "files": reader.files_of(row.file_ids),
        "answer": row.answer,
        "note": row.note,
        "answered_at": row.answered_at,
        "answered_automatically": row.answered_by == Role.SYSTEM.value,
        "created_at": row.created_at,
    }


def dispute_of(row: Dispute, reader: Reader) -> dict[str, Any]:
    """One dispute."""
    return {
        "id": row.id,
        "opened_by": row.opened_by.value,
        "was": row.was.value,
        "reason": row.reason,
        "files": reader.files_of(row.file_ids),
        "answer": row.answer,
        "answer_files": reader.files_of(row.answer_file_ids),
        "answered_at": row.answered_at,
        "deadline": row.escalate_at,
        "escalated_at": row.escalated_at,
        "to_influencer_percent": row.to_influencer_percent,
        "decision": row.decision,
        "decided_at": row.decided_at,
        "created_at": row.created_at,
    }


def message_of(row: Message, reader: Reader) -> dict[str, Any]:
    """One message."""
    return {
        "id": row.id,
        "by": row.by.value,
        "mine": row.by is reader.side,
        "author_name": reader.names.get(row.author),
        "text": row.text,
        "files": reader.files_of(row.file_ids),
        "created_at": row.created_at,
    }


def change_of(row: StateChange, names: Names) -> dict[str, Any]:
    """One step of the history."""
    return {
        "at": row.at,
        "subject": row.subject_type.replace(" ", "_"),
        "subject_id": row.subject_id,
        "event": row.event,
        "before": row.before,
        "after": row.after,
        "by": row.actor_role,
        "actor_name": names.get(row.actor),
        "note": row.note,
    }


def sponsor_of(sponsor: Sponsor) -> dict[str, Any]:
    """The paying side."""
    return {
        "id": sponsor.id,
        "slug": sponsor.slug,
        "name": sponsor.name,
        "logo_url": picture_url(sponsor.logo_file_id),
        "rating": rating_of(sponsor.rating_sum, sponsor.rating_count),
    }


def influencer_of(influencer: Influencer) -> dict[str, Any]:
    """The publishing side."""
    return {
        "id": influencer.id,
        "slug": influencer.slug,
        "name": influencer.name,
        "photo_url": picture_url(influencer.photo_file_id),
        "country": influencer.country,
        "followers": influencer.followers,
        "reach": influencer.reach,
        "engagement_rate": influencer.engagement_rate,
        "rating": rating_of(influencer.rating_sum, influencer.rating_count),
    }


def names_of(user_ids: Iterable[str]) -> Names:
    """The names of users, in one statement."""
    wanted = {user_id for user_id in user_ids if user_id.startswith("usr_")}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}
