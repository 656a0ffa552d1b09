"""What a published post has reached: both sides state it, each corrects what is its own."""

from __future__ import annotations

from typing import Any

from app.ad_requests.shapes import WRITERS
from app.api.blueprint import Blueprint, commits
from app.api.security import access, current_actor
from app.api.shared.ad_requests import OWNER
from app.api.shared.ad_requests_acts import DELIVERABLE
from app.core.actor import Role
from app.statistics import service
from app.statistics.schemas import PostFiguresCreate, PostFiguresHistory

FIGURES = f"{DELIVERABLE}/figures"


def register(bp: Blueprint, role: Role) -> None:
    """Put the figures of posts on the surface of `role`; an admin only reads them."""

    @bp.route(FIGURES, methods=["GET"])
    @access(role, own=OWNER)
    @bp.response(200, PostFiguresHistory)
    def read_post_figures(ad_request_id: str, deliverable_id: str) -> Any:
        """All figures of a published post, the latest first, corrected ones too."""
        return _history(ad_request_id, deliverable_id)

    if role is not Role.ADMIN:
        _register_writing(bp, role)


def _register_writing(bp: Blueprint, role: Role) -> None:
    writes = access(role, own=OWNER, members=WRITERS if role is Role.SPONSOR else ())

    @bp.route(FIGURES, methods=["POST"])
    @writes
    @commits
    @bp.arguments(PostFiguresCreate)
    @bp.response(201, PostFiguresHistory)
    def state_post_figures(values: dict[str, Any], ad_request_id: str, deliverable_id: str) -> Any:
        """State what a published post has reached; the latest figures count."""
        service.state(
            current_actor(), ad_request_id=ad_request_id, deliverable_id=deliverable_id, **values
        )
        return _made(role, ad_request_id, deliverable_id)

    @bp.route(f"{FIGURES}/<string:figures_id>/corrections", methods=["POST"])
    @writes
    @commits
    @bp.arguments(PostFiguresCreate)
    @bp.response(201, PostFiguresHistory)
    def correct_post_figures(
        values: dict[str, Any], ad_request_id: str, deliverable_id: str, figures_id: str
    ) -> Any:
        """Correct figures that the own side stated; what stood there stays in the history."""
        service.correct(
            current_actor(),
            ad_request_id=ad_request_id,
            deliverable_id=deliverable_id,
            figures_id=figures_id,
            **values,
        )
        return _made(role, ad_request_id, deliverable_id)


def _history(ad_request_id: str, deliverable_id: str) -> Any:
    return service.history(
        current_actor(), ad_request_id=ad_request_id, deliverable_id=deliverable_id
    )


def _made(role: Role, ad_request_id: str, deliverable_id: str) -> Any:
    location = (
        f"/api/v1/{role.value}/ad-requests/{ad_request_id}/deliverables/{deliverable_id}/figures"
    )
    return _history(ad_request_id, deliverable_id), 201, {"Location": location}
