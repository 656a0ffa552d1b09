"""Profiles that anyone may see."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import etag_of
from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.api.shared.directory import register
from app.core.actor import ANONYMOUS
from app.core.caching import cached
from app.identity import directory, shown
from app.identity.directory_schemas import InfluencerPublicRead, NicheList
from app.identity.profile_schemas import SponsorPublicRead
from app.identity.service import NICHES

register(bp, path="/public/influencers")


@bp.route("/public/influencers/<string:slug>", methods=["GET"])
@access()
@bp.response(200, InfluencerPublicRead)
def read_influencer(slug: str) -> Any:
    """The profile of an influencer."""
    row = directory.profile(slug)
    tag = etag_of(row.id, row.version, row.updated_at, row.rating_count, row.rating_sum)
    return shown.public_influencer(row), 200, {"ETag": tag}


@bp.route("/public/sponsors/<string:slug>", methods=["GET"])
@access()
@bp.response(200, SponsorPublicRead)
def read_sponsor(slug: str) -> Any:
    """The profile of a sponsor."""
    row = directory.sponsor(slug)
    found = shown.public_sponsor(row)
    tag = etag_of(row.id, row.version, row.updated_at, found["rating"], found["punctuality"])
    return found, 200, {"ETag": tag}


@bp.route("/public/niches", methods=["GET"])
@access()
@bp.response(200, NicheList)
def list_niches() -> dict[str, Any]:
    """Niches, and how many profiles each has."""
    # The counts are the same for everyone, so one entry serves all.
    return {"items": cached(NICHES, ANONYMOUS, {}, directory.niche_counts)}
