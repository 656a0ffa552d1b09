"""Security headers: on every answer, once, and never over what an answer says itself."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from app.core.headers import ALWAYS


@pytest.mark.parametrize("path", ["/api/v1/public/niches", "/api/v1/nothing", "/healthz"])
def test_every_answer_has_each_header_once(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    for name, value in ALWAYS.items():
        assert headers.getlist(name) == [value]
    ours = path.startswith("/api/")
    assert headers.getlist("Cache-Control") == (["private, no-cache"] if ours else [])
    assert ("Cookie" in headers.get("Vary", "")) is ours


def test_what_an_answer_says_itself_stands(app: Flask) -> None:
    with app.test_request_context("/api/v1/public/niches"):
        given = {
            "content-security-policy": "sandbox",
            "vary": "Accept",
            "cache-control": "no-store",
        }
        headers = app.process_response(Response(headers=given)).headers
    assert headers.getlist("Content-Security-Policy") == ["sandbox"]
    assert headers.getlist("Cache-Control") == ["no-store"]
    assert headers.getlist("X-Frame-Options") == ["DENY"]
    assert headers["Vary"].lower().startswith("accept, cookie")
