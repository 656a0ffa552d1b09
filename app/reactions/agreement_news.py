"""How the two sides of an agreement are told: `agreement(kind, to=…)` makes a handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from app.ad_requests.events import (
    AdRequestProposed,
    AgreementFact,
    DeliverableDueSoon,
    DeliverableFact,
    MessagePosted,
    OfferCountered,
)
from app.ad_requests.models import AdRequest, Deliverable
from app.campaigns.models import Campaign
from app.core.actor import MemberRole
from app.core.clock import now
from app.core.events import Handler
from app.core.extensions import db
from app.identity import people
from app.identity.models import Influencer, Sponsor
from app.notifications import live
from app.notifications.models import Notification
from app.notifications.service import notify

Side = Literal["sponsor", "influencer"]
To = Literal["sponsor", "influencer", "other", "both", "admins"]

# Who of a sponsor hears of its agreements; viewers and finance look when they want to.
DECIDING = (MemberRole.OWNER, MemberRole.MANAGER)
SIDES: tuple[Side, ...] = ("sponsor", "influencer")
# What one side may do again and again by itself: one mail of each an hour between the same two.
_REPEATABLE = {"offer_made", "application_made", "assignment_made", "offer_withdrawn"}
_MAIL_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class _Names:
    campaign: str
    sponsor: str
    influencer: str


def agreement(
    kind: str, *, to: To, more: Callable[[Any], Mapping[str, Any]] | None = None
) -> Handler:
    """A handler that tells of an agreement's fact.

    `other` is the side that did not do it, both when an admin or the platform did. The words get
    campaign, sponsor, influencer, the `other` side's name, the deliverable, and whatever of the
    fact itself is a text, a moment or an amount; `more` adds to that.
    """

    def tell(fact: AgreementFact) -> None:
        told(fact, kind, to=to, more=dict(more(fact)) if more else {})

    return tell


def told(fact: AgreementFact, kind: str, *, to: To, more: Mapping[str, Any] | None = None) -> None:
    """Tell one side, both or the admins of `fact` as `kind`."""
    names = _names(fact)
    params = {
        "campaign": names.campaign,
        "sponsor": names.sponsor,
        "influencer": names.influencer,
        "deliverable": _deliverable(fact),
        **_shown(fact),
        **(more or {}),
    }
    if to == "admins":
        link = f"/admin/ad-requests/{fact.ad_request_id}"
        notify(people.admins(), kind, subject_id=fact.ad_request_id, params=params, link=link)
        return
    for side in _sides(fact, to):
        other = names.sponsor if side == "influencer" else names.influencer
        users = users_of(fact, side)
        notify(
            users,
            kind,
            subject_id=fact.ad_request_id,
            params={**params, "other": other},
            link=f"/{side}/ad-requests/{fact.ad_request_id}",
            mail=not (kind in _REPEATABLE and _just_told(fact, kind, users)),
        )


def _just_told(fact: AgreementFact, kind: str, user_ids: list[str]) -> bool:
    """Whether one of them was told of the same between the same two a moment ago."""
    found = (
        select(Notification.id)
        .join(AdRequest, AdRequest.id == Notification.subject_id)
        .where(
            Notification.user_id.in_(user_ids),
            Notification.created_at > now() - _MAIL_AGAIN_AFTER,
            Notification.kind == kind,
            AdRequest.sponsor_id == fact.sponsor_id,
            AdRequest.influencer_id == fact.influencer_id,
        )
        .limit(1)
    )
    return db.session.scalar(found) is not None


def users_of(fact: AgreementFact, side: Side) -> list[str]:
    """The users who act for a side."""
    if side == "sponsor":
        return people.members(fact.sponsor_id, DECIDING)
    return people.behind(fact.influencer_id)


def proposed(fact: AdRequestProposed) -> None:
    """Tell whoever answers first."""
    kinds = {
        ("application", "sponsor"): "application_made",
        ("assignment", "sponsor"): "assignment_made",
    }
    to: Side = "sponsor" if fact.waits_for == "sponsor" else "influencer"
    told(fact, kinds.get((fact.origin, to), "offer_made"), to=to)


def countered(fact: OfferCountered) -> None:
    """Tell whoever answers the further offer."""
    told(fact, "offer_countered", to="sponsor" if fact.waits_for == "sponsor" else "influencer")


def due_soon(fact: DeliverableDueSoon) -> None:
    """Remind the side whose turn it is."""
    to: Side = "sponsor" if fact.status in ("in_review", "published") else "influencer"
    told(fact, "deliverable_due", to=to)


def message(fact: MessagePosted) -> None:
    """Tell the other side, and let every open conversation of both load it."""
    told(fact, "message_posted", to="other")
    data = {"ad_request_id": fact.ad_request_id, "message_id": fact.message_id}
    for side in SIDES:
        live.push(users_of(fact, side), "message", data)


def _sides(fact: AgreementFact, to: To) -> tuple[Side, ...]:
    if to in SIDES:
        return (to,)
    if to == "other" and fact.by in SIDES:
        return tuple(side for side in SIDES if side != fact.by)
    return SIDES


def _names(fact: AgreementFact) -> _Names:
    row = db.session.execute(
        select(Campaign.title, Sponsor.name, Influencer.name)
        .join(Sponsor, Sponsor.id == Campaign.sponsor_id)
        .join(Influencer, Influencer.id == fact.influencer_id)
        .where(Campaign.id == fact.campaign_id)
    ).one()
    return _Names(*row)


def _deliverable(fact: AgreementFact) -> str:
    if not isinstance(fact, DeliverableFact):
        return ""
    title = db.session.scalar(
        select(Deliverable.title).where(Deliverable.id == fact.deliverable_id)
    )
    return title or ""


def _shown(fact: AgreementFact) -> dict[str, Any]:
    """What of the fact itself may stand in words."""
    values = {field.name: getattr(fact, field.name) for field in fields(fact)}
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name.endswith("_id") or name in ("by", "currency"):
            continue
        if name in ("amount", "held_amount"):
            money = {"amount": value, "currency": values["currency"]}
            shown["held" if name == "held_amount" else name] = money
        elif isinstance(value, datetime):
            shown[name] = {"at": value.isoformat()}
        elif name == "to_influencer_percent":
            shown["percent"] = value
        else:
            shown[name] = value
    return shown
