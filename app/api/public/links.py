"""What a link is, for anyone who wants to know before clicking it."""

from __future__ import annotations

from typing import Any

from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.attribution import links
from app.attribution.link_documents import public_terms
from app.attribution.link_schemas import LinkTerms


@bp.route("/public/links/<string:link_code>", methods=["GET"])
@access()
@bp.response(200, LinkTerms)
def read_link_terms(link_code: str) -> Any:
    """Where a link leads, who is paid for it and what is kept, in plain words."""
    return public_terms(links.by_code(link_code))
