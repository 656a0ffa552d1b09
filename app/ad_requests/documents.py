"""An ad request as one side sees it: rows in, plain data for the wire out.

Every document takes the same number of statements, whatever hangs on the ad request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.ad_requests import clearance, conditions, offers, turns
from app.ad_requests.lifecycle import WAITS_FOR, DeliverableStatus, OnDeadline, Party
from app.ad_requests.live_check import AGAIN_AFTER
from app.ad_requests.models import AdRequest, Deliverable, Message
from app.ad_requests.ownership import FILES, document_of, one
from app.ad_requests.ratings import visible
from app.ad_requests.shapes import (
    HISTORY_SHOWN,
    MESSAGES_SHOWN,
    Files,
    Reader,
    change_of,
    dispute_of,
    influencer_of,
    message_of,
    money,
    names_of,
    offer_of,
    sponsor_of,
    submission_of,
)
from app.core.actor import Actor
from app.core.extensions import db
from app.core.lifecycle import StateChange, latest
from app.files import service as files
from app.identity.shown import money_of


def document(actor: Actor, ad_request_id: str) -> tuple[AdRequest, dict[str, Any]]:
    """The row (for its version) and everything about it. Raises NotFound."""
    # Read anew: what a use case has just added hangs on rows that were loaded before.
    statement = document_of(actor, ad_request_id).execution_options(populate_existing=True)
    ad_request = one(statement)
    reader = Reader(actor)
    found = list(
        db.session.scalars(
            select(Message)
            .where(Message.ad_request_id == ad_request.id)
            .order_by(Message.created_at.desc(), Message.id.desc())
            .limit(MESSAGES_SHOWN)
        )
    )
    parts = [part.id for part in ad_request.deliverables]
    changes = latest(HISTORY_SHOWN + 1, ad_request.id, *parts)
    earlier = len(changes) > HISTORY_SHOWN
    changes = changes[-HISTORY_SHOWN:]
    if reader.clears:
        reader.changes = clearance.given(ad_request)
    reader.names = names_of(_people(ad_request, found, changes))
    reader.files = _files(ad_request)
    return ad_request, {
        **_head(ad_request, reader),
        "offers": [offer_of(offer, ad_request, reader.names) for offer in ad_request.offers],
        "deliverables": [
            _deliverable(part, ad_request, reader) for part in ad_request.deliverables
        ],
        "money": money(ad_request),
        "messages": [message_of(row, reader) for row in reversed(found)],
        "history": [change_of(row, reader.names) for row in changes],
        "earlier_history": f"{_path(actor, ad_request)}/history?sort=-at" if earlier else None,
        "ratings": [
            {
                "by": rating.by.value,
                "stars": rating.stars,
                "text": rating.text,
                "created_at": rating.created_at,
                "revealed": rating.revealed_at is not None,
            }
            for rating in ad_request.ratings
            if visible(rating, reader.side)
        ],
    }


def _path(actor: Actor, ad_request: AdRequest) -> str:
    return f"/api/v1/{actor.role.value}/ad-requests/{ad_request.id}"


def _head(ad_request: AdRequest, reader: Reader) -> dict[str, Any]:
    campaign, offer = ad_request.campaign, ad_request.current_offer
    holds = conditions.shown(ad_request)
    waits_for = [
        party.value
        for party in (Party.SPONSOR, Party.INFLUENCER, Party.ADMIN)
        if getattr(ad_request, f"waits_for_{party.value}")
    ]
    return {
        "id": ad_request.id,
        "status": ad_request.status.value,
        "stage": ad_request.stage and ad_request.stage.value,
        "origin": ad_request.origin.value,
        "chosen_by": ad_request.chosen_by.value,
        "chosen_ref": ad_request.chosen_ref,
        "awaits_consent": ad_request.awaits_consent,
        "campaign": {
            "id": campaign.id,
            "title": campaign.title,
            "status": campaign.status.value,
            "currency": campaign.currency,
            "starts_on": campaign.starts_on,
            "ends_on": campaign.ends_on,
            "time_zone": holds["time_zone"],
            "disclosure_rule": holds["disclosure_rule"],
            "disclosure_tags": holds["disclosure_tags"],
            "product_url": campaign.product_url,
            "brand": campaign.brand and {"id": campaign.brand.id, "name": campaign.brand.name},
        },
        "conditions": holds,
        "terms_changed": ad_request.is_open and offers.terms_changed(ad_request, campaign),
        "sponsor": sponsor_of(ad_request.sponsor),
        "influencer": influencer_of(ad_request.influencer),
        "current_offer": offer and offer_of(offer, ad_request, reader.names),
        "accepted_offer_id": ad_request.accepted_offer_id,
        "answer_by": ad_request.answer_by,
        "offer_extended": ad_request.offer_extended,
        "on_deadline": OnDeadline.EXPIRES.value if ad_request.is_open else None,
        "next_deadline": ad_request.next_deadline,
        "waits_for": waits_for,
        "your_turn": reader.side.value in waits_for,
        "actions": _actions(ad_request, reader),
        "closing_reason": ad_request.closing_reason,
        "ratings_close_at": ad_request.ratings_close_at,
        "created_at": ad_request.created_at,
        "updated_at": ad_request.updated_at,
        "accepted_at": ad_request.accepted_at,
        "closed_at": ad_request.closed_at,
        "commission_until": ad_request.commission_until,
    }


def _actions(ad_request: AdRequest, reader: Reader) -> list[str]:
    if not reader.acts:
        return []
    found = turns.ad_request_actions(ad_request, reader.side, reader.moment)
    if "accept" in found and offers.terms_changed(ad_request, ad_request.campaign):
        found.remove("accept")
    for part in ad_request.deliverables:
        found += _part_actions(part, reader)
    return list(dict.fromkeys(found))


def _part_actions(part: Deliverable, reader: Reader) -> list[str]:
    if not reader.acts:
        return []
    found = turns.deliverable_actions(part, reader.side, reader.moment)
    if reader.waits_for_clearance(part):
        found = [action for action in found if action != "approve"]
        if reader.side is Party.ADMIN:
            found += ["clear", *(["send_back"] if turns.may_send_back(part) else [])]
    return found


def _deliverable(part: Deliverable, ad_request: AdRequest, reader: Reader) -> dict[str, Any]:
    currency, waits_for = ad_request.currency, WAITS_FOR.get(part.status)
    asked = turns.asked_to_cancel(part, reader.moment)
    actions = _part_actions(part, reader)
    alone = turns.may_cancel_alone(part, reader.side, reader.moment)
    return {
        "id": part.id,
        "position": part.position,
        "title": part.title,
        "status": part.status.value,
        "share": part.share,
        "due_on": part.due_on,
        "publish_by": part.publish_by,
        "deadline": part.deadline,
        "acts_at": part.act_at,
        "on_deadline": part.on_deadline and part.on_deadline.value,
        "sponsor_may_cancel_from": part.late_at,
        "waits_for": waits_for and waits_for.value,
        "your_turn": waits_for is reader.side,
        "amount": money_of(part.amount, currency),
        "released": money_of(part.released_amount, currency),
        "refunded": money_of(part.refunded_amount, currency),
        "review_extended": part.review_extended,
        "awaits_clearance": reader.waits_for_clearance(part),
        "url": part.url,
        "published_at": part.published_at,
        "check": _check(part),
        "completed_at": part.completed_at,
        "hold_until": part.hold_until,
        "cancel_request": asked
        and {"by": asked.value, "until": part.cancel_request_until, "reason": part.cancel_reason},
        "cancel_effect": ("refund" if alone else "request") if "cancel" in actions else None,
        "submissions": [submission_of(row, reader) for row in part.submissions],
        "disputes": [dispute_of(row, reader) for row in part.disputes],
        "actions": actions,
    }


def _check(part: Deliverable) -> dict[str, Any] | None:
    if part.checked_at is None or part.check_reason is None:
        return None
    published = part.status is DeliverableStatus.PUBLISHED
    missing = published and part.check_passed is False
    since = part.check_missing_since if missing else None
    return {
        "at": part.checked_at,
        "passed": part.check_passed,
        "reason": part.check_reason.value,
        "detail": part.check_detail,
        "again_at": since and since + AGAIN_AFTER,
        "disclosure_found": part.disclosure_found,
    }


def _people(
    ad_request: AdRequest, messages: list[Message], changes: list[StateChange]
) -> Iterable[str]:
    yield from (offer.author for offer in ad_request.offers)
    yield from (message.author for message in messages)
    yield from (change.actor for change in changes)
    for part in ad_request.deliverables:
        yield from (row.author for row in part.submissions)


def _files(ad_request: AdRequest) -> Files:
    rows = files.files_of(FILES, [ad_request.id])[ad_request.id]
    return {row.id: files.describe(row) for row in rows}
