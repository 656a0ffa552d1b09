"""Links of the sponsor: made for agreements, changed, ended; their coupon codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.ad_requests.shapes import WRITERS
from app.api.blueprint import check_if_match, commits
from app.api.security import access, current_actor
from app.api.shared.links import answer, register
from app.api.sponsor.blueprint import blueprint as bp
from app.attribution import brand_links, coupons, links
from app.attribution.lifecycle import LinkEvent
from app.attribution.link_schemas import (
    BrandLinkCreate,
    CouponCreate,
    CouponUpdate,
    LinkCreate,
    LinkRead,
    LinkUpdate,
)
from app.core.actor import Role

LINK = "/links/<string:link_id>"
_writes = access(Role.SPONSOR, own="sponsor", members=WRITERS)

register(bp, Role.SPONSOR)


@bp.route("/ad-requests/<string:ad_request_id>/links", methods=["POST"])
@_writes
@commits
@bp.arguments(LinkCreate)
@bp.response(201, LinkRead)
def make_link(values: dict[str, Any], ad_request_id: str) -> Any:
    """Make a further link for an active agreement, to a page within the verified domains."""
    made = links.make(current_actor(), ad_request_id=ad_request_id, **values)
    link = links.get_for(current_actor(), made.id)
    return answer(link, 201, Location=f"/api/v1/sponsor/links/{link.id}")


@bp.route("/links", methods=["POST"])
@_writes
@commits
@bp.arguments(BrandLinkCreate)
@bp.response(201, LinkRead)
@bp.alt_response(200, schema=LinkRead, description="The link was there already.")
def make_brand_link(values: dict[str, Any]) -> Any:
    """The link of an influencer to a page of a brand, for no agreement: it is counted, and pays
    nothing. Asked for again, the same one is answered (200)."""
    made, is_new = brand_links.make(current_actor(), **values)
    link = links.get_for(current_actor(), made.id)
    return answer(link, 201 if is_new else 200, Location=f"/api/v1/sponsor/links/{link.id}")


@bp.route(LINK, methods=["PATCH"])
@_writes
@commits
@bp.arguments(LinkUpdate)
@bp.response(200, LinkRead)
def edit_link(values: dict[str, Any], link_id: str) -> Any:
    """Change where a link leads, what is added, or when it expires."""
    link = links.get_for(current_actor(), link_id, lock=True)
    check_if_match(link)
    return answer(links.edit(current_actor(), link, **values))


def _add_move(event: LinkEvent, summary: str) -> Callable[..., Any]:
    def view(link_id: str) -> Any:
        return answer(links.move(current_actor(), link_id=link_id, event=event))

    view.__name__ = f"{event.value}_link"
    view.__doc__ = summary
    guarded = _writes(commits(bp.response(200, LinkRead)(view)))
    return bp.route(f"{LINK}/{event.value}", methods=["POST"])(guarded)


_add_move(LinkEvent.PAUSE, "Let a link lead nowhere for a while.")
_add_move(LinkEvent.RESUME, "Let a paused link lead on.")
_add_move(LinkEvent.END, "End a link for good.")


@bp.route(f"{LINK}/coupons", methods=["POST"])
@_writes
@commits
@bp.arguments(CouponCreate)
@bp.response(201, LinkRead)
def add_coupon(values: dict[str, Any], link_id: str) -> Any:
    """Add a coupon code that counts for the link's influencer."""
    link = coupons.add(current_actor(), link_id=link_id, **values)
    return answer(link, 201, Location=f"/api/v1/sponsor/links/{link.id}")


@bp.route(f"{LINK}/coupons/<string:coupon_id>", methods=["PATCH"])
@_writes
@commits
@bp.arguments(CouponUpdate)
@bp.response(200, LinkRead)
def switch_coupon(values: dict[str, Any], link_id: str, coupon_id: str) -> Any:
    """Let a coupon code count, or no longer."""
    check_if_match(links.get_for(current_actor(), link_id, lock=True))
    link = coupons.switch(current_actor(), link_id=link_id, coupon_id=coupon_id, **values)
    return answer(link)
