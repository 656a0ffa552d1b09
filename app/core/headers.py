"""Security headers of every answer, files included."""

from __future__ import annotations

from flask import Flask, Response, request

from config import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
}


_OF_THE_API = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_RANGE")


def init_headers(app: Flask, settings: Settings) -> None:
    """Set the headers on every response; API answers of a signed-in user are never stored."""
    always = dict(ALWAYS)
    if settings.cookie_secure:
        always["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    of_pages = [(name, name.lower(), value) for name, value in always.items()]
    of_answers = [(name, name.lower(), value) for name, value in (always | _OF_THE_API).items()]

    @app.after_request
    def _set(response: Response) -> Response:
        headers = response.headers
        answers = request.path.startswith("/api/")
        # One look at what is there: each look-up by name would go through all of them.
        present = {name.lower() for name, _ in headers}
        if answers and "vary" in present:
            response.vary.add("Cookie")
        for name, lower, value in of_answers if answers else of_pages:
            if lower not in present:
                headers.add(name, value)
        if answers and response.status_code == 200 and "etag" in present:
            _answer_conditions(response)
        return response


def _answer_conditions(response: Response) -> None:
    if any(name in request.environ for name in _CONDITIONS):
        response.make_conditional(request)
