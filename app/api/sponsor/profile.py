"""The organisation that the signed-in member acts for."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import check_if_match, commits, tagged
from app.api.security import access, current_actor
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import MemberRole, Role
from app.identity import profiles, shown
from app.identity.profile_schemas import SponsorProfileRead, SponsorProfileUpdate


@bp.route("/profile", methods=["GET"])
@access(Role.SPONSOR, own="sponsor", pending=True)
@bp.response(200, SponsorProfileRead)
def read_sponsor_profile() -> Any:
    """Your organisation."""
    sponsor = profiles.sponsor_of(current_actor())
    return shown.own_sponsor(sponsor), 200, tagged(sponsor)


@bp.route("/profile", methods=["PATCH"])
@access(Role.SPONSOR, own="sponsor", members=(MemberRole.OWNER, MemberRole.MANAGER), pending=True)
@commits
@bp.arguments(SponsorProfileUpdate)
@bp.response(200, SponsorProfileRead)
def update_sponsor_profile(values: dict[str, Any]) -> Any:
    """Change your organisation's profile."""
    actor = current_actor()
    sponsor = profiles.sponsor_of(actor, lock=True)
    check_if_match(sponsor)
    profiles.update_sponsor(actor, sponsor, **values)
    return shown.own_sponsor(sponsor), 200, tagged(sponsor)
