"""The sponsor's team: members and invitations."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import commits
from app.api.limits import by_actor
from app.api.security import access, current_actor
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import MemberRole, Role
from app.core.extensions import limiter
from app.identity import team
from app.identity.models import SponsorMember
from app.identity.profile_schemas import (
    InvitationCreate,
    InvitationList,
    InvitationRead,
    TeamMemberList,
    TeamMemberRead,
    TeamMemberUpdate,
)


@bp.route("/team/members", methods=["GET"])
@access(Role.SPONSOR, own="sponsor", pending=True)
@bp.response(200, TeamMemberList)
def list_team_members() -> dict[str, Any]:
    """Who acts for your organisation."""
    return {"items": [_document(member) for member in team.members(current_actor())]}


@bp.route("/team/members/<string:member_id>", methods=["PATCH"])
@access(Role.SPONSOR, own="sponsor", members=(MemberRole.OWNER,))
@commits
@bp.arguments(TeamMemberUpdate)
@bp.response(200, TeamMemberRead)
def update_team_member(values: dict[str, Any], member_id: str) -> dict[str, Any]:
    """Give a member another role."""
    role = MemberRole(values["role"])
    return _document(team.change_role(current_actor(), member_id=member_id, role=role))


@bp.route("/team/members/<string:member_id>", methods=["DELETE"])
@access(Role.SPONSOR, own="sponsor", members=(MemberRole.OWNER,))
@commits
@bp.response(204)
def remove_team_member(member_id: str) -> None:
    """Take a member off the team. Their account is closed and their sessions end."""
    team.remove(current_actor(), member_id=member_id)


@bp.route("/team/invitations", methods=["GET"])
@access(Role.SPONSOR, own="sponsor", members=(MemberRole.OWNER,), pending=True)
@bp.response(200, InvitationList)
def list_team_invitations() -> dict[str, Any]:
    """Invitations that stand."""
    return {"items": team.invitations(current_actor())}


@bp.route("/team/invitations", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=(MemberRole.OWNER,))
@limiter.limit("30 per hour", key_func=by_actor)
@commits
@bp.arguments(InvitationCreate)
@bp.response(201, InvitationRead)
def create_team_invitation(values: dict[str, Any]) -> Any:
    """Invite someone by mail. Inviting them again replaces the earlier invitation."""
    invitation = team.invite(
        current_actor(), email=values["email"], role=MemberRole(values["role"])
    )
    location = f"/api/v1/sponsor/team/invitations/{invitation.id}"
    return invitation, 201, {"Location": location}


@bp.route("/team/invitations/<string:invitation_id>", methods=["DELETE"])
@access(Role.SPONSOR, own="sponsor", members=(MemberRole.OWNER,))
@commits
@bp.response(204)
def withdraw_team_invitation(invitation_id: str) -> None:
    """Take an invitation back. Its link stops working."""
    team.withdraw_invitation(current_actor(), invitation_id=invitation_id)


def _document(member: SponsorMember) -> dict[str, Any]:
    return {
        "id": member.id,
        "user_id": member.user_id,
        "name": member.user.name,
        "email": member.user.email,
        "role": member.role.value,
        "status": member.user.status.value,
        "since": member.created_at,
    }
