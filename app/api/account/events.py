"""What an open page hears: server-sent events."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from app.api.account.blueprint import blueprint as bp
from app.api.security import SIGNED_IN, access, current_actor
from app.notifications import streams

LONGEST_ID = 32


@bp.route("/account/events", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.response(200, {"type": "string"}, content_type="text/event-stream")
def listen_to_events() -> Response:
    """Hear notifications, messages, job progress and live figures as they come.

    Send the id of the last event as Last-Event-ID to hear what was missed. When too many listen,
    the answer is 503 with Retry-After; when the user has two streams already, it is 429.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    last_id = request.headers.get("Last-Event-ID", "")
    known = last_id if last_id.isascii() and last_id.isprintable() else ""
    stream = streams.open_stream(
        current_actor(), known[:LONGEST_ID] or None, context=app.app_context
    )
    response = Response(stream, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    # The server may end without ever asking for the first event.
    response.call_on_close(stream.close)
    return response
