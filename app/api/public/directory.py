"""Profiles that anyone may see."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.kept import kept_answer
from app.api.public.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.api.shared.directory import register
from app.core.actor import ANONYMOUS
from app.core.caching import cached
from app.identity import directory, shown
from app.identity.directory_schemas import InfluencerPublicRead, NicheList
from app.identity.profile_schemas import SponsorPublicRead
from app.identity.service import DIRECTORY, NICHES, SPONSORS

_PROFILE = InfluencerPublicRead()
_SPONSOR = SponsorPublicRead()

register(bp, path="/public/influencers")


@bp.route("/public/influencers/<string:slug>", methods=["GET"])
@access()
@bp.response(200, InfluencerPublicRead)
def read_influencer(slug: str) -> Response:
    """The profile of an influencer."""

    def profile() -> dict[str, Any]:
        found: dict[str, Any] = _PROFILE.dump(shown.public_influencer(directory.profile(slug)))
        return found

    return kept_answer(DIRECTORY, current_actor(), {"profile": slug}, profile)


@bp.route("/public/sponsors/<string:slug>", methods=["GET"])
@access()
@bp.response(200, SponsorPublicRead)
def read_sponsor(slug: str) -> Response:
    """The profile of a sponsor."""

    def profile() -> dict[str, Any]:
        found: dict[str, Any] = _SPONSOR.dump(shown.public_sponsor(directory.sponsor(slug)))
        return found

    return kept_answer(SPONSORS, current_actor(), {"profile": slug}, profile)


@bp.route("/public/niches", methods=["GET"])
@access()
@bp.response(200, NicheList)
def list_niches() -> dict[str, Any]:
    """Niches, and how many profiles each has."""
    # The counts are the same for everyone, so one entry serves all.
    return {"items": cached(NICHES, ANONYMOUS, {}, directory.niche_counts)}
