"""Links as both sides read them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import segno
from flask import Response

from app.api.blueprint import Blueprint, tagged
from app.api.security import access, current_actor
from app.attribution import links
from app.attribution.link_documents import documents
from app.attribution.link_models import TrackingLink
from app.attribution.link_schemas import (
    AdminLinkQuery,
    ClicksQuery,
    LinkClicks,
    LinkPage,
    LinkQuery,
    LinkRead,
    QrQuery,
    SponsorLinkQuery,
)
from app.core.actor import Role
from app.core.paging import Page
from app.statistics.link_figures import clicks_by_day, figures_of

_QUERIES = {Role.ADMIN: AdminLinkQuery, Role.SPONSOR: SponsorLinkQuery, Role.INFLUENCER: LinkQuery}
Answer = tuple[dict[str, Any], int, dict[str, str]]
_PICTURE = {"type": "string", "format": "binary"}
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def register(bp: Blueprint, role: Role) -> None:
    """Put the reading of links on the surface of `role`."""
    reads = access(role) if role is Role.ADMIN else access(role, own=role.value)

    @bp.route("/links", methods=["GET"])
    @reads
    @bp.arguments(_QUERIES[role], location="query")
    @bp.response(200, LinkPage)
    def list_links(query: dict[str, Any]) -> Any:
        """List tracking links, the newest first."""
        page = links.list_for(current_actor(), **query)
        return Page(_shown(page.items), page.next)

    @bp.route("/links/<string:link_id>", methods=["GET"])
    @reads
    @bp.response(200, LinkRead)
    def read_link(link_id: str) -> Any:
        """One link, with where it leads and what is added on the way."""
        return answer(links.get_for(current_actor(), link_id))

    @bp.route("/links/<string:link_id>/clicks", methods=["GET"])
    @reads
    @bp.arguments(ClicksQuery, location="query")
    @bp.response(200, LinkClicks)
    def read_link_clicks(query: dict[str, Any], link_id: str) -> Any:
        """The clicks of a link by day and by reason."""
        return clicks_by_day(links.get_for(current_actor(), link_id), **query)

    @bp.route("/links/<string:link_id>/qr", methods=["GET"])
    @reads
    @bp.arguments(QrQuery, location="query")
    @bp.response(200, _PICTURE, content_type=_TYPES["svg"])
    @bp.doc(responses={200: {"content": {_TYPES["png"]: {"schema": _PICTURE}}}})
    def draw_link(query: dict[str, Any], link_id: str) -> Response:
        """The QR code of a link, as SVG or PNG."""
        link = links.get_for(current_actor(), link_id)
        return _picture(links.address_of(link), link.code, query["format"])


def answer(link: TrackingLink, status: int = 200, **headers: str) -> Answer:
    """A link as both sides see it, with its ETag."""
    return _shown([link])[0], status, {**tagged(link), **headers}


def _shown(rows: Sequence[TrackingLink]) -> list[dict[str, Any]]:
    """Links with what they brought."""
    figures = figures_of(rows)
    return [{**shown, "figures": figures[shown["id"]]} for shown in documents(rows)]


def _picture(address: str, name: str, form: str) -> Response:
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind=form, scale=8, border=4)
    return Response(
        picture.getvalue(),
        content_type=_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )
