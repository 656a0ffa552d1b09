"""Reading ad requests, alike for both sides and the admins; messages between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response

from app.ad_requests import documents, listing, records, service, turn_list
from app.ad_requests.document_schemas import AdRequestRead, OfferDiff
from app.ad_requests.exchange_schemas import HistoryPage, MessagePage, MessageRead
from app.ad_requests.inputs import (
    AdminAdRequestFilters,
    AdminAdRequestQuery,
    AdRequestFilters,
    AdRequestQuery,
    MessageCreate,
    OfferDiffQuery,
    TurnQuery,
)
from app.ad_requests.models import AdRequest
from app.ad_requests.schemas import AdRequestPage, TurnPage
from app.ad_requests.shapes import WRITERS
from app.api.blueprint import Blueprint, commits, tagged
from app.api.export import Columns, at, csv_file
from app.api.limits import EXPORTS, MESSAGES, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.core.paging import Page, PageRequest
from app.core.schemas import PageQuery
from app.core.spreadsheet import decimal

OWNER = "party"


def register(bp: Blueprint, role: Role) -> None:
    """Put what every reader of ad requests has on the surface of `role`."""
    _register_lists(bp, role)
    _register_export(bp, role)
    _register_records(bp, role)
    _register_messages(bp, role)


def answer(ad_request: AdRequest | str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """An ad request as the one who asks sees it, with its ETag."""
    ad_request_id = ad_request if isinstance(ad_request, str) else ad_request.id
    row, document = documents.document(current_actor(), ad_request_id)
    return document, 200, tagged(row)


def created(role: Role, ad_request: AdRequest) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The same with 201 and where it is found."""
    document, _, headers = answer(ad_request)
    location = f"/api/v1/{role.value}/ad-requests/{ad_request.id}"
    return document, 201, {"Location": location, **headers}


def _register_lists(bp: Blueprint, role: Role) -> None:
    query_schema = AdminAdRequestQuery if role is Role.ADMIN else AdRequestQuery

    @bp.route("/ad-requests", methods=["GET"])
    @access(role, own=OWNER)
    @bp.arguments(query_schema, location="query")
    @bp.response(200, AdRequestPage)
    def list_ad_requests(query: dict[str, Any]) -> Response:
        """List ad requests, the newest first."""
        page = query.pop("page")
        body = listing.page(current_actor(), listing.Filters(**query), page)
        return Response(orjson.dumps(body), content_type="application/json")

    @bp.route("/turns", methods=["GET"])
    @access(role, own=OWNER)
    @bp.arguments(TurnQuery, location="query")
    @bp.response(200, TurnPage)
    def list_turns(query: dict[str, Any]) -> Any:
        """What waits for whom, until when, and what happens by itself then."""
        page = query.pop("page")
        return turn_list.page(current_actor(), page, **query)


def _amount(*path: str) -> Callable[[Any], Any]:
    def found(row: Any) -> Any:
        money = at(*path)(row)
        return None if money is None else decimal(money["amount"], money["currency"])

    return found


_COLUMNS: Columns = {
    "id": at("id"),
    "campaign": at("campaign", "title"),
    "campaign_id": at("campaign", "id"),
    "sponsor": at("sponsor", "name"),
    "sponsor_id": at("sponsor", "id"),
    "influencer": at("influencer", "name"),
    "influencer_id": at("influencer", "id"),
    "origin": at("origin"),
    "status": at("status"),
    "stage": at("stage"),
    "waits_for": at("waits_for"),
    "next_deadline": at("next_deadline"),
    "currency": at("held", "currency"),
    "fee": _amount("current_offer", "fee"),
    "commission_percent": at("current_offer", "commission", "rate"),
    "commission_cap": _amount("current_offer", "commission", "cap"),
    "held": _amount("held"),
    "released": _amount("released"),
    "created_at": at("created_at"),
    "accepted_at": at("accepted_at"),
    "closed_at": at("closed_at"),
}


def _register_export(bp: Blueprint, role: Role) -> None:
    filters = AdminAdRequestFilters if role is Role.ADMIN else AdRequestFilters

    @bp.route("/ad-requests.csv", methods=["GET"])
    @access(role, own=OWNER)
    @limiter.limit(EXPORTS, key_func=by_actor)
    @bp.arguments(filters, location="query")
    @bp.response(200, {"type": "string"}, content_type="text/csv")
    def export_ad_requests(query: dict[str, Any]) -> Response:
        """The same ad requests as CSV, the oldest first; amounts in units of their currency."""
        actor, wanted = current_actor(), listing.Filters(**query)

        def read(request: PageRequest) -> Page[Any]:
            found = listing.page(actor, wanted, request)
            return Page(found["items"], found["next"])

        return csv_file("ad-requests", _COLUMNS, read)


def _register_records(bp: Blueprint, role: Role) -> None:
    @bp.route("/ad-requests/<string:ad_request_id>", methods=["GET"])
    @access(role, own=OWNER)
    @bp.response(200, AdRequestRead)
    def read_ad_request(ad_request_id: str) -> Any:
        """One ad request with everything."""
        return answer(ad_request_id)

    @bp.route("/ad-requests/<string:ad_request_id>/history", methods=["GET"])
    @access(role, own=OWNER)
    @bp.arguments(PageQuery, location="query")
    @bp.response(200, HistoryPage)
    def list_ad_request_history(query: dict[str, Any], ad_request_id: str) -> Any:
        """The steps of an ad request and its deliverables, the oldest first."""
        return records.history_page(current_actor(), ad_request_id, query["page"])

    @bp.route("/ad-requests/<string:ad_request_id>/offers/diff", methods=["GET"])
    @access(role, own=OWNER)
    @bp.arguments(OfferDiffQuery, location="query")
    @bp.response(200, OfferDiff)
    def compare_offers(query: dict[str, Any], ad_request_id: str) -> Any:
        """What differs between two offers, field by field."""
        return records.offer_diff(current_actor(), ad_request_id, **query)


def _register_messages(bp: Blueprint, role: Role) -> None:
    @bp.route("/ad-requests/<string:ad_request_id>/messages", methods=["GET"])
    @access(role, own=OWNER)
    @bp.arguments(PageQuery, location="query")
    @bp.response(200, MessagePage)
    def list_messages(query: dict[str, Any], ad_request_id: str) -> Any:
        """Messages, the newest first."""
        return records.message_page(current_actor(), ad_request_id, query["page"])

    @bp.route("/ad-requests/<string:ad_request_id>/messages", methods=["POST"])
    @access(role, own=OWNER, members=WRITERS if role is Role.SPONSOR else ())
    @limiter.limit(MESSAGES, key_func=by_actor)
    @commits
    @bp.arguments(MessageCreate)
    @bp.response(201, MessageRead)
    def post_message(values: dict[str, Any], ad_request_id: str) -> Any:
        """Write to the other side."""
        row = service.post_message(current_actor(), ad_request_id=ad_request_id, **values)
        location = f"/api/v1/{role.value}/ad-requests/{ad_request_id}/messages"
        return records.message(current_actor(), row), 201, {"Location": location}
