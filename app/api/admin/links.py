"""Links of all sponsors; an admin may block one, and let it lead on."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import access, current_actor
from app.api.shared.links import answer, register
from app.attribution import link_blocks
from app.attribution.link_schemas import LinkDecision, LinkRead
from app.core.actor import Role

register(bp, Role.ADMIN)


@bp.route("/links/<string:link_id>/block", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(LinkDecision)
@bp.response(200, LinkRead)
def block_link(values: dict[str, Any], link_id: str) -> Any:
    """Let a link lead nowhere; its sponsor and influencer are told why."""
    return answer(link_blocks.block(current_actor(), link_id=link_id, **values))


@bp.route("/links/<string:link_id>/restore", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(LinkDecision)
@bp.response(200, LinkRead)
def restore_link(values: dict[str, Any], link_id: str) -> Any:
    """Let a blocked link do again what its status says."""
    return answer(link_blocks.restore(current_actor(), link_id=link_id, **values))
