"""All ad requests, assignments for sponsors, and the disputes that admins decide."""

from __future__ import annotations

from typing import Any

from app.ad_requests import content_approvals, dispute_cases, service
from app.ad_requests.document_schemas import AdRequestRead
from app.ad_requests.inputs import (
    ContentApprovals,
    ContentDecision,
    DisputeDecisionInput,
    DisputeQuery,
    OptionalReason,
    ProposalCreate,
    WaitingSubmissionQuery,
)
from app.ad_requests.schemas import DisputeCase, DisputePage, WaitingSubmissionPage
from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import access, current_actor
from app.api.shared import ad_requests, ad_requests_acts
from app.core.actor import Role
from app.core.bulk import BulkResults

ad_requests.register(bp, Role.ADMIN)
ad_requests_acts.register_act(
    bp,
    Role.ADMIN,
    "withdraw",
    "Take back an assignment that is still open.",
    OptionalReason,
    service.withdraw,
)


@bp.route("/campaigns/<string:campaign_id>/assignments", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(ProposalCreate)
@bp.response(201, AdRequestRead)
def assign_influencer(values: dict[str, Any], campaign_id: str) -> Any:
    """Assign an influencer to a sponsor's campaign; the sponsor consents unless it does always."""
    made = service.assign(current_actor(), campaign_id=campaign_id, **values)
    return ad_requests.created(Role.ADMIN, made)


@bp.route("/disputes", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(DisputeQuery, location="query")
@bp.response(200, DisputePage)
def list_disputes(query: dict[str, Any]) -> Any:
    """Disputes, the one that waits longest first."""
    page = query.pop("page")
    return dispute_cases.page(current_actor(), page, **query)


@bp.route("/disputes/<string:dispute_id>", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, DisputeCase)
def read_dispute(dispute_id: str) -> Any:
    """One dispute."""
    return dispute_cases.case(current_actor(), dispute_id)


@bp.route("/disputes/<string:dispute_id>/decide", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.arguments(DisputeDecisionInput)
@bp.response(200, DisputeCase)
def decide_dispute(values: dict[str, Any], dispute_id: str) -> Any:
    """Split the money of a disputed deliverable; this is final, and needs a fresh sign-in."""
    service.decide_dispute(current_actor(), dispute_id=dispute_id, **values)
    return dispute_cases.case(current_actor(), dispute_id)


@bp.route("/submissions", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(WaitingSubmissionQuery, location="query")
@bp.response(200, WaitingSubmissionPage)
def list_waiting_submissions(query: dict[str, Any]) -> Any:
    """Drafts that wait for an admin, the longest waiting first (a setting switches this on)."""
    return content_approvals.waiting(query["page"])


@bp.route("/submissions/<string:submission_id>/approve", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(ContentDecision)
@bp.response(200, AdRequestRead)
def approve_submission(values: dict[str, Any], submission_id: str) -> Any:
    """Clear a draft; its sponsor's review starts anew."""
    return _decided(submission_id, approve=True, **values)


@bp.route("/submissions/<string:submission_id>/return", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(ContentDecision)
@bp.response(200, AdRequestRead)
def return_submission(values: dict[str, Any], submission_id: str) -> Any:
    """Send a draft back to its author with a reason."""
    return _decided(submission_id, approve=False, **values)


@bp.route("/submissions/approvals", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(ContentApprovals)
@bp.response(200, BulkResults)
def decide_submissions(values: dict[str, Any]) -> Any:
    """Clear or send back many drafts; one that does not wait any more holds up no other."""
    results = content_approvals.decide_many(
        current_actor(),
        ids=values["ids"],
        approve=values["decision"] == "approve",
        reason=values["reason"],
    )
    return {"results": results}


def _decided(submission_id: str, *, approve: bool, reason: str) -> Any:
    return ad_requests.answer(
        content_approvals.decide(
            current_actor(), submission_id=submission_id, approve=approve, reason=reason
        )
    )
