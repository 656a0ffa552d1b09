"""Making an offer: the next revision of an ad request, completed, hashed and stored for good."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm.attributes import set_committed_value

from app.ad_requests import conditions, figures, terms
from app.ad_requests.errors import StaleOffer, TermsChanged, TooManyOffers
from app.ad_requests.figures import hours
from app.ad_requests.lifecycle import Party
from app.ad_requests.models import AdRequest, Offer
from app.ad_requests.terms import Terms
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.clock import now
from app.core.extensions import db
from app.payments import service as payments

MOST_OFFERS = 50


def completed(campaign: Campaign, wanted: Terms) -> Terms:
    """`wanted` with what it leaves out taken from the campaign. Raises Invalid by field."""
    return terms.complete(
        wanted,
        currency=campaign.currency,
        title=campaign.title,
        due_on=campaign.ends_on,
        usage_rights=campaign.usage_rights,
        today=now().astimezone(ZoneInfo(campaign.time_zone)).date(),
        publish_days=figures.PUBLISH_DAYS.get(),
    )


def add(actor: Actor, ad_request: AdRequest, campaign: Campaign, by: Party, wanted: Terms) -> Offer:
    """Store the next offer of an ad request that was got locked. Raises TooManyOffers."""
    number = len(ad_request.offers) + 1
    if number > MOST_OFFERS:
        raise TooManyOffers(
            f"There are {MOST_OFFERS} offers already. Accept or reject the current one. "
            "Nothing was changed."
        )
    platform_fee = payments.platform_fee(wanted.fee.amount)
    hold_days = conditions.offered(campaign)["hold_days"]
    offer = Offer(
        ad_request_id=ad_request.id,
        number=number,
        by=by,
        author=actor.label,
        currency=wanted.fee.currency,
        fee_amount=wanted.fee.amount,
        commission_basis_points=wanted.commission and wanted.commission.basis_points,
        commission_cap_amount=wanted.commission and wanted.commission.cap.amount,
        deliverables=terms.deliverables_as_json(wanted),
        usage_rights=wanted.usage_rights,
        exclusivity=wanted.exclusivity,
        message=wanted.message,
        platform_fee_amount=platform_fee,
        hold_days=hold_days,
        campaign_terms_version=campaign.terms_version,
        hash=terms.hash_of(
            wanted,
            ad_request_id=ad_request.id,
            number=number,
            by=by.value,
            platform_fee=platform_fee,
            hold_days=hold_days,
        ),
    )
    db.session.add(offer)
    db.session.flush()
    set_committed_value(ad_request, "offers", [*ad_request.offers, offer])
    return offer


def answer_by() -> datetime:
    """Until when an offer that is made now may be answered."""
    return now() + hours(figures.OFFER_HOURS)


def terms_changed(ad_request: AdRequest, campaign: Campaign) -> bool:
    """Whether the campaign's terms are others than those that the current offer was made under."""
    offer = ad_request.current_offer
    return offer is not None and offer.campaign_terms_version < campaign.terms_version


def require_present_terms(ad_request: AdRequest, campaign: Campaign) -> None:
    """Raise TermsChanged where the current offer was made under an earlier brief of the campaign,
    which was got locked."""
    if terms_changed(ad_request, campaign):
        raise TermsChanged(
            "What would hold is not what this offer was made under. Nothing was changed; read the "
            "brief, and make a new offer or wait for one."
        )


def require_current(ad_request: AdRequest, offer_hash: str) -> Offer:
    """The current offer, if `offer_hash` names it. Raises StaleOffer."""
    offer = ad_request.current_offer
    if offer is None or offer.hash != offer_hash:
        raise StaleOffer(
            "The terms that you saw are not the current ones. Nothing was changed; load the ad "
            "request again and read the current offer.",
            current_offer=offer and {"id": offer.id, "hash": offer.hash, "number": offer.number},
        )
    return offer
