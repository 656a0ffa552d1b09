"""Profiles as they are shown: rows in, plain data for the wire out."""

from __future__ import annotations

from typing import Any

from app.identity.models import Influencer, SocialAccount, Sponsor


def money_of(amount: int | None, currency: str) -> dict[str, Any] | None:
    """Money on the wire, or None where no amount is stated."""
    return None if amount is None else {"amount": amount, "currency": currency}


def rating_of(total: int, count: int) -> dict[str, Any]:
    """Stars on the wire: the average is None as long as nobody rated."""
    return {"average": round(total / count, 2) if count else None, "count": count}


def picture_url(file_id: str | None) -> str | None:
    """Where anyone may load a profile's picture."""
    return f"/api/v1/public/files/{file_id}" if file_id else None


def own_sponsor(sponsor: Sponsor) -> dict[str, Any]:
    """A sponsor as its members see it."""
    return {
        **_sponsor(sponsor),
        "currency": sponsor.currency,
        "budget": money_of(sponsor.budget_amount, sponsor.currency),
        "time_zone": sponsor.time_zone,
        "consents_to_assignments": sponsor.consents_to_assignments,
        "logo_file_id": sponsor.logo_file_id,
        "version": sponsor.version,
    }


def public_sponsor(sponsor: Sponsor) -> dict[str, Any]:
    """A sponsor as anyone sees it."""
    return {**_sponsor(sponsor), "since": sponsor.created_at}


def own_influencer(influencer: Influencer) -> dict[str, Any]:
    """A profile (loaded with niches and accounts) as its owner sees it."""
    return {
        **_influencer(influencer),
        "currency": influencer.currency,
        "listed": influencer.listed,
        "photo_file_id": influencer.photo_file_id,
        "version": influencer.version,
    }


def public_influencer(influencer: Influencer) -> dict[str, Any]:
    """A profile (loaded with niches and accounts) as anyone sees it."""
    platforms = sorted({account.platform.value for account in influencer.accounts})
    return {**_influencer(influencer), "platforms": platforms, "since": influencer.created_at}


def social_account(account: SocialAccount) -> dict[str, Any]:
    """A social account as anyone sees it."""
    return {
        "id": account.id,
        "platform": account.platform.value,
        "handle": account.handle,
        "url": account.url,
        "followers": account.followers,
        "average_engagement": account.average_engagement,
        "audience_country": account.audience_country,
        "source": account.source,
        "verified": account.verified_at is not None,
    }


def _sponsor(sponsor: Sponsor) -> dict[str, Any]:
    return {
        "id": sponsor.id,
        "slug": sponsor.slug,
        "name": sponsor.name,
        "kind": sponsor.kind.value,
        "industry": sponsor.industry,
        "description": sponsor.description,
        "site": sponsor.site,
        "country": sponsor.country,
        "logo_url": picture_url(sponsor.logo_file_id),
        "rating": rating_of(sponsor.rating_sum, sponsor.rating_count),
        "punctuality": sponsor.punctuality,
    }


def _influencer(influencer: Influencer) -> dict[str, Any]:
    return {
        "id": influencer.id,
        "slug": influencer.slug,
        "name": influencer.name,
        "bio": influencer.bio,
        "niches": influencer.niches,
        "country": influencer.country,
        "language": influencer.language,
        "price": money_of(influencer.price_amount, influencer.currency),
        "available": influencer.available,
        "registered": influencer.user_id is not None,
        "photo_url": picture_url(influencer.photo_file_id),
        "reach": influencer.reach,
        "followers": influencer.followers,
        "engagement_rate": influencer.engagement_rate,
        "rating": rating_of(influencer.rating_sum, influencer.rating_count),
        "accounts": [social_account(account) for account in influencer.accounts],
    }
