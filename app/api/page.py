"""The built page: hashed files from WhiteNoise, index.html for every address of the page."""

from __future__ import annotations

import re
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, Response, send_file
from werkzeug.routing import PathConverter
from whitenoise import WhiteNoise

from app.api.security import access
from app.core.errors import NotFound
from app.core.headers import ALWAYS
from config import Settings

_HASHED = re.compile(r"^/assets/.+-[\w-]{8}\.\w+$")


class PagePath(PathConverter):
    """An address of the page: none of those that the API, files and links answer at.

    Those are left to the router, so that a wrong method there is 405 with the right ones.
    """

    regex = "(?!(?:api|assets|r)/|(?:healthz|readyz|metrics)$)" + PathConverter.regex


def init_page(app: Flask, settings: Settings) -> None:
    """Serve the built page around and behind the API."""
    dist: Path = settings.frontend_dist
    if dist.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=str(dist),
            index_file=False,
            max_age=0,
            immutable_file_test=lambda _path, url: bool(_HASHED.match(url)),
            add_headers_function=_add_headers,
        )

    @access()
    def page(path: str = "") -> Response:
        """The page's entry."""
        index = dist / "index.html"
        if not index.is_file():
            raise NotFound("The page is not built yet: run make run, or npm run build in frontend.")
        response = send_file(index, etag=True, max_age=0)
        response.headers["Cache-Control"] = "no-cache"
        return response

    app.url_map.converters["page"] = PagePath
    app.add_url_rule("/", "page", page)
    app.add_url_rule("/<page:path>", "page", page)


def _add_headers(headers: Headers, _path: str, url: str) -> None:
    for name, value in ALWAYS.items():
        headers[name] = value
    if url.endswith("service-worker.js"):
        headers["Cache-Control"] = "no-cache"
