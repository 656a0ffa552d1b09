"""Where a sponsor's orders come from, and by which rates other currencies are counted."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import commits, commits_itself
from app.api.limits import by_actor
from app.api.security import access, current_actor
from app.api.sponsor.blueprint import blueprint as bp
from app.attribution import exchange_rates, order_sources
from app.attribution.models import OrderSource
from app.attribution.order_facts import OrderSourceKind
from app.attribution.order_inputs import (
    ExchangeRatesInput,
    OrderSourceCreate,
    OrderSourceRotate,
)
from app.attribution.order_schemas import (
    ExchangeRateList,
    OrderSourceList,
    OrderSourceMadeRead,
)
from app.core.actor import MemberRole, Role
from app.core.extensions import limiter
from app.core.settings import settings
from app.core.transaction import unit_of_work

KEEPERS = (MemberRole.OWNER, MemberRole.MANAGER)
PAYERS = (*KEEPERS, MemberRole.FINANCE)
_SHOWN_ONCE = {"Cache-Control": "no-store"}


@bp.route("/order-sources", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.response(200, OrderSourceList)
def list_order_sources() -> dict[str, Any]:
    """The ways by which orders of the sponsor's shop come in."""
    return {"items": [_shown(row) for row in order_sources.sources_of(current_actor())]}


# These open their units themselves: the secret is in the answer, and answers of `commits` may be
# kept.
@bp.route("/order-sources", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=KEEPERS, fresh=True)
@limiter.limit("20 per minute", key_func=by_actor)
@commits_itself
@bp.arguments(OrderSourceCreate)
@bp.response(201, OrderSourceMadeRead)
def create_order_source(values: dict[str, Any]) -> Any:
    """Open a way for orders. Its secret is shown this one time."""
    actor = current_actor()
    row, secret = unit_of_work(lambda: order_sources.add(actor, **values))
    location = f"/api/v1/sponsor/order-sources/{row.id}"
    return {**_shown(row), "secret": secret}, 201, {"Location": location, **_SHOWN_ONCE}


@bp.route("/order-sources/<string:source_id>/rotate", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=KEEPERS, fresh=True)
@limiter.limit("20 per minute", key_func=by_actor)
@commits_itself
@bp.arguments(OrderSourceRotate)
@bp.response(200, OrderSourceMadeRead)
def rotate_order_source(values: dict[str, Any], source_id: str) -> Any:
    """Put a new secret in the place of the present one, which is taken for 24 hours more."""
    actor = current_actor()
    row, secret = unit_of_work(lambda: order_sources.rotate(actor, source_id=source_id, **values))
    return {**_shown(row), "secret": secret}, 200, _SHOWN_ONCE


@bp.route("/order-sources/<string:source_id>", methods=["DELETE"])
@access(Role.SPONSOR, own="sponsor", members=KEEPERS)
@commits
@bp.response(204)
def remove_order_source(source_id: str) -> None:
    """Take no more orders by this way; those that came stay."""
    order_sources.remove(current_actor(), source_id=source_id)


@bp.route("/exchange-rates", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.response(200, ExchangeRateList)
def list_exchange_rates() -> dict[str, Any]:
    """The rates by which orders in another currency than their campaign's are counted."""
    return {"items": exchange_rates.rates_of(current_actor())}


@bp.route("/exchange-rates", methods=["PUT"])
@access(Role.SPONSOR, own="sponsor", members=PAYERS)
@limiter.limit("30 per minute", key_func=by_actor)
@commits
@bp.arguments(ExchangeRatesInput)
@bp.response(200, ExchangeRateList)
def state_exchange_rates(values: dict[str, Any]) -> dict[str, Any]:
    """State all rates anew. Orders that waited for one are counted soon; others keep theirs."""
    return {"items": exchange_rates.state(current_actor(), **values)}


def _shown(row: OrderSource) -> dict[str, Any]:
    address = f"{settings().public_url}/api/v1/public/orders/{row.sponsor_id}"
    if row.kind is not OrderSourceKind.ACCORD:
        address += f"/{row.kind.value}"
    return {
        "id": row.id,
        "kind": row.kind,
        "address": address,
        "hint": row.hint,
        "created_at": row.created_at,
        "rotated_at": row.rotated_at,
        "previous_until": row.previous_until,
        "refused_at": row.refused_at,
        "refused_reason": row.refused_reason,
    }
