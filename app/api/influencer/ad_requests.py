"""The influencer's ad requests: applications, drafts, publications."""

from __future__ import annotations

from typing import Any

from app.ad_requests import service
from app.ad_requests.document_schemas import AdRequestRead
from app.ad_requests.inputs import ApplicationCreate, PublicationCreate, SubmissionCreate
from app.api.blueprint import commits
from app.api.influencer.blueprint import blueprint as bp
from app.api.limits import PROPOSALS, PUBLICATIONS, by_actor
from app.api.security import access, current_actor
from app.api.shared import ad_requests, ad_requests_acts
from app.core.actor import Role
from app.core.extensions import limiter

ad_requests.register(bp, Role.INFLUENCER)
ad_requests_acts.register(bp, Role.INFLUENCER)
ad_requests_acts.register_deliverable_act(
    bp,
    Role.INFLUENCER,
    "submissions",
    "submit_deliverable",
    "Hand in a draft for review.",
    SubmissionCreate,
    service.submit,
    creates=True,
)
ad_requests_acts.register_deliverable_act(
    bp,
    Role.INFLUENCER,
    "publications",
    "publish_deliverable",
    "Say where the approved content is live.",
    PublicationCreate,
    service.publish,
    creates=True,
    limit=PUBLICATIONS,
)


@bp.route("/campaigns/<string:campaign_id>/applications", methods=["POST"])
@access(Role.INFLUENCER, own="influencer")
@limiter.limit(PROPOSALS, key_func=by_actor)
@commits
@bp.arguments(ApplicationCreate)
@bp.response(201, AdRequestRead)
def apply_to_campaign(values: dict[str, Any], campaign_id: str) -> Any:
    """Apply to a campaign with an offer."""
    made = service.apply(current_actor(), campaign_id=campaign_id, **values)
    return ad_requests.created(Role.INFLUENCER, made)
