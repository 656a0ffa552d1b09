"""The sponsor's ad requests: invitations, applicants, reviews."""

from __future__ import annotations

from typing import Any

from app.ad_requests import applicants, service
from app.ad_requests.document_schemas import AdRequestRead
from app.ad_requests.inputs import AcceptManyInput, ApplicantQuery, NoteInput, ProposalCreate
from app.ad_requests.schemas import ApplicantPage
from app.ad_requests.shapes import WRITERS
from app.api.blueprint import commits, commits_itself
from app.api.limits import CHECKS, PROPOSALS, by_actor
from app.api.security import access, current_actor
from app.api.shared import ad_requests, ad_requests_acts
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Actor, Role
from app.core.bulk import BulkResults, done, refused
from app.core.errors import DomainError
from app.core.extensions import limiter
from app.core.transaction import unit_of_work

ad_requests.register(bp, Role.SPONSOR)
ad_requests_acts.register(bp, Role.SPONSOR)

for _path, _name, _summary, _act in (
    ("approve", "approve_deliverable", "Approve a draft; it may be published.", service.approve),
    (
        "request-changes",
        "request_deliverable_changes",
        "Send a draft back with what should change.",
        service.request_changes,
    ),
    (
        "confirm",
        "confirm_deliverable",
        "Complete a published deliverable; its money is released into the hold period.",
        service.confirm,
    ),
):
    ad_requests_acts.register_deliverable_act(
        bp, Role.SPONSOR, _path, _name, _summary, NoteInput, _act
    )


@bp.route(f"{ad_requests_acts.DELIVERABLE}/check", methods=["POST"])
@access(Role.SPONSOR, own=ad_requests.OWNER, members=WRITERS)
@limiter.limit(CHECKS, key_func=by_actor)
@commits
@bp.response(200, AdRequestRead)
def check_publication(ad_request_id: str, deliverable_id: str) -> Any:
    """Look at the published post now; what is found shows in `check` a moment later."""
    return ad_requests.answer(
        service.request_check(
            current_actor(), ad_request_id=ad_request_id, deliverable_id=deliverable_id
        )
    )


@bp.route("/campaigns/<string:campaign_id>/invitations", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=WRITERS)
@limiter.limit(PROPOSALS, key_func=by_actor)
@commits
@bp.arguments(ProposalCreate)
@bp.response(201, AdRequestRead)
def invite_influencer(values: dict[str, Any], campaign_id: str) -> Any:
    """Invite an influencer to a campaign with an offer."""
    made = service.invite(current_actor(), campaign_id=campaign_id, **values)
    return ad_requests.created(Role.SPONSOR, made)


@bp.route("/campaigns/<string:campaign_id>/applicants", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.arguments(ApplicantQuery, location="query")
@bp.response(200, ApplicantPage)
def list_applicants(query: dict[str, Any], campaign_id: str) -> Any:
    """The open proposals of a campaign side by side: figures, offer, and how each fits."""
    page = query.pop("page")
    return applicants.page(
        current_actor(), campaign_id, page, origin=query["origin"], ids=query["id"]
    )


@bp.route("/ad-requests/accept", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=WRITERS)
@commits_itself
@bp.arguments(AcceptManyInput)
@bp.response(200, BulkResults)
def accept_ad_requests(values: dict[str, Any]) -> Any:
    """Accept several offers; each succeeds or fails by itself."""
    actor = current_actor()
    return {"results": [_accept(actor, item["id"], item["offer_hash"]) for item in values["items"]]}


def _accept(actor: Actor, ad_request_id: str, offer_hash: str) -> dict[str, Any]:
    try:
        accepted = unit_of_work(
            lambda: service.accept(actor, ad_request_id=ad_request_id, offer_hash=offer_hash)
        )
    except DomainError as error:
        return refused(ad_request_id, error)
    return done(ad_request_id, accepted.status.value)
