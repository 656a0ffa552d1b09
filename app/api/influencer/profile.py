"""The influencer's own profile and social accounts."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import check_if_match, commits, tagged
from app.api.influencer.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.core.actor import Role
from app.identity import profiles, shown
from app.identity.profile_schemas import (
    InfluencerProfileRead,
    InfluencerProfileUpdate,
    SocialAccountCreate,
    SocialAccountList,
    SocialAccountRead,
    SocialAccountUpdate,
)


@bp.route("/profile", methods=["GET"])
@access(Role.INFLUENCER, own="influencer", pending=True)
@bp.response(200, InfluencerProfileRead)
def read_influencer_profile() -> Any:
    """Your profile."""
    influencer = profiles.influencer_of(current_actor())
    return shown.own_influencer(influencer), 200, tagged(influencer)


@bp.route("/profile", methods=["PATCH"])
@access(Role.INFLUENCER, own="influencer", pending=True)
@commits
@bp.arguments(InfluencerProfileUpdate)
@bp.response(200, InfluencerProfileRead)
def update_influencer_profile(values: dict[str, Any]) -> Any:
    """Change your profile."""
    actor = current_actor()
    influencer = profiles.influencer_of(actor, lock=True)
    check_if_match(influencer)
    profiles.update_influencer(actor, influencer, **values)
    return shown.own_influencer(influencer), 200, tagged(influencer)


@bp.route("/profile/accounts", methods=["GET"])
@access(Role.INFLUENCER, own="influencer", pending=True)
@bp.response(200, SocialAccountList)
def list_social_accounts() -> dict[str, Any]:
    """Your social accounts."""
    accounts = profiles.accounts_of(current_actor())
    return {"items": [shown.social_account(account) for account in accounts]}


@bp.route("/profile/accounts", methods=["POST"])
@access(Role.INFLUENCER, own="influencer", pending=True)
@commits
@bp.arguments(SocialAccountCreate)
@bp.response(201, SocialAccountRead)
def add_social_account(values: dict[str, Any]) -> Any:
    """Add a social account. Its figures count as stated until they are measured."""
    account = profiles.add_account(current_actor(), **values)
    location = f"/api/v1/influencer/profile/accounts/{account.id}"
    return shown.social_account(account), 201, {"Location": location}


@bp.route("/profile/accounts/<string:account_id>", methods=["PATCH"])
@access(Role.INFLUENCER, own="influencer", pending=True)
@commits
@bp.arguments(SocialAccountUpdate)
@bp.response(200, SocialAccountRead)
def update_social_account(values: dict[str, Any], account_id: str) -> dict[str, Any]:
    """Change a social account."""
    account = profiles.update_account(current_actor(), account_id=account_id, **values)
    return shown.social_account(account)


@bp.route("/profile/accounts/<string:account_id>", methods=["DELETE"])
@access(Role.INFLUENCER, own="influencer", pending=True)
@commits
@bp.response(204)
def remove_social_account(account_id: str) -> None:
    """Take a social account off your profile."""
    profiles.remove_account(current_actor(), account_id=account_id)
