"""What both sides of an ad request do alike: answer, extend, cancel, dispute, rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema

from app.ad_requests import dispute_cases, service
from app.ad_requests.document_schemas import AdRequestRead
from app.ad_requests.inputs import (
    AcceptInput,
    CancelInput,
    CounterInput,
    DisputeAnswerInput,
    DisputeCreate,
    ExtendInput,
    OptionalReason,
    RatingCreate,
)
from app.ad_requests.models import AdRequest
from app.ad_requests.schemas import DisputeCase
from app.ad_requests.shapes import WRITERS
from app.api.blueprint import Blueprint, commits
from app.api.limits import by_actor
from app.api.security import access, current_actor
from app.api.shared.ad_requests import OWNER, answer, created
from app.core.actor import Role
from app.core.extensions import limiter

_ACTS: tuple[tuple[str, str, type[Schema], Callable[..., AdRequest]], ...] = (
    (
        "accept",
        "Accept the current offer, named by its hash; its money is held at once.",
        AcceptInput,
        service.accept,
    ),
    ("counter", "Make another offer; the other side answers it.", CounterInput, service.counter),
    ("reject", "Turn the other side's offer down.", OptionalReason, service.reject),
    ("withdraw", "Take back the own offer or proposal.", OptionalReason, service.withdraw),
    ("extend", "Give an answer or a review more time, once.", ExtendInput, service.extend),
    (
        "cancel",
        "Cancel a deliverable, or all that is not published; or ask the other side to agree.",
        CancelInput,
        service.cancel,
    ),
)


def register(bp: Blueprint, role: Role) -> None:
    """Put the acts of a side on the surface of `role`."""
    for name, summary, body, act in _ACTS:
        register_act(bp, role, name, summary, body, act)
    _register_disputes(bp, role)
    _register_ratings(bp, role)


def register_act(
    bp: Blueprint,
    role: Role,
    name: str,
    summary: str,
    body: type[Schema],
    act: Callable[..., AdRequest],
) -> None:
    """Add POST /ad-requests/{id}/`name`, which answers with the ad request."""

    def view(values: dict[str, Any], ad_request_id: str) -> Any:
        return answer(act(current_actor(), ad_request_id=ad_request_id, **values))

    view.__name__ = f"{name}_ad_request"
    view.__doc__ = summary
    _add(bp, role, f"/ad-requests/<string:ad_request_id>/{name}", body, view)


def register_deliverable_act(
    bp: Blueprint,
    role: Role,
    path: str,
    name: str,
    summary: str,
    body: type[Schema],
    act: Callable[..., AdRequest],
    *,
    creates: bool = False,
    limit: str = "",
) -> None:
    """Add POST /ad-requests/{id}/deliverables/{did}/`path`, which answers with the ad request;
    each user may so often (`limit`)."""

    def view(values: dict[str, Any], ad_request_id: str, deliverable_id: str) -> Any:
        ad_request = act(
            current_actor(),
            ad_request_id=ad_request_id,
            deliverable_id=deliverable_id,
            **values,
        )
        return created(role, ad_request) if creates else answer(ad_request)

    view.__name__ = name
    view.__doc__ = summary
    _add(bp, role, f"{DELIVERABLE}/{path}", body, view, 201 if creates else 200, limit)


DELIVERABLE = "/ad-requests/<string:ad_request_id>/deliverables/<string:deliverable_id>"


def _add(
    bp: Blueprint,
    role: Role,
    path: str,
    body: type[Schema],
    view: Callable[..., Any],
    status: int = 200,
    limit: str = "",
) -> None:
    guarded = commits(bp.arguments(body)(bp.response(status, AdRequestRead)(view)))
    if limit:
        guarded = limiter.limit(limit, key_func=by_actor)(guarded)
    members = WRITERS if role is Role.SPONSOR else ()
    guarded = access(role, own=OWNER, members=members)(guarded)
    bp.route(path, methods=["POST"])(guarded)


def _register_disputes(bp: Blueprint, role: Role) -> None:
    writes = access(role, own=OWNER, members=WRITERS if role is Role.SPONSOR else ())

    @bp.route(f"{DELIVERABLE}/dispute", methods=["POST"])
    @writes
    @commits
    @bp.arguments(DisputeCreate)
    @bp.response(201, DisputeCase)
    def dispute_deliverable(values: dict[str, Any], ad_request_id: str, deliverable_id: str) -> Any:
        """Ask an admin to decide; the money stays held until then."""
        row = service.dispute(
            current_actor(), ad_request_id=ad_request_id, deliverable_id=deliverable_id, **values
        )
        location = f"/api/v1/{role.value}/ad-requests/{ad_request_id}"
        return dispute_cases.case(current_actor(), row.id), 201, {"Location": location}

    register_deliverable_act(
        bp,
        role,
        "dispute/answer",
        "answer_dispute",
        "Tell the own side of a dispute that the other party opened.",
        DisputeAnswerInput,
        service.answer_dispute,
    )


def _register_ratings(bp: Blueprint, role: Role) -> None:
    @bp.route("/ad-requests/<string:ad_request_id>/ratings", methods=["POST"])
    @access(role, own=OWNER, members=WRITERS if role is Role.SPONSOR else ())
    @commits
    @bp.arguments(RatingCreate)
    @bp.response(201, AdRequestRead)
    def rate_ad_request(values: dict[str, Any], ad_request_id: str) -> Any:
        """Rate the other side; it shows once both sides have, or when the time is over."""
        return created(role, service.rate(current_actor(), ad_request_id=ad_request_id, **values))
