"""Flask without what no request here needs, so that none pays for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SessionInterface, SessionMixin


class Application(Flask):
    """A Flask without cookie sessions (sign-ins are rows) and without asynchronous views."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session_interface = _NoSession()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """`func` as it is: looking each time whether it is a coroutine costs more than routing."""
        return func

    def make_default_options_response(self) -> Response:
        """What the path itself allows: `/users/approvals` also fits `/users/<id>`, whose methods
        are not its own."""
        response = super().make_default_options_response()
        rule = request.url_rule
        if rule is not None:
            own = [one for one in self.url_map.iter_rules() if one.rule == rule.rule]
            response.allow.clear()
            response.allow.update(method for one in own for method in (one.methods or ()))
        return response


class _NoSession(SessionInterface):
    """One session that holds nothing and refuses to."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return self._none

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Never reached: null sessions are not saved."""
