"""Sign-up, sign-in, rotation and sign-out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app, jsonify, request
from flask_jwt_extended import (
    create_access_token,
    create_refresh_token,
    get_jwt,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from jwt.exceptions import PyJWTError

from app.api.blueprint import commits_itself
from app.api.limits import by_email, by_email_and_address, was_refused
from app.api.public.blueprint import blueprint as bp
from app.api.security import CsrfRefused, access, check_origin, current_actor
from app.attribution import click_ids, visitors
from app.core.actor import Role
from app.core.errors import NotSignedIn
from app.core.extensions import limiter
from app.core.transaction import unit_of_work
from app.identity import passwords, second_factor, service, sessions
from app.identity.schemas import LoginInput, MeRead, RegisterInput, SignInRead
from app.identity.sessions import SignIn


@bp.route("/auth/register", methods=["POST"])
@limiter.limit("60 per minute; 1000 per day")
@access()
@commits_itself
@bp.arguments(RegisterInput)
@bp.response(201, MeRead)
def register(values: dict[str, Any]) -> Any:
    """Sign up as a sponsor or an influencer. A sponsor waits for an admin's approval."""
    password_hash = passwords.hash_password(values["password"])
    user = unit_of_work(
        lambda: service.register(
            email=values["email"],
            password_hash=password_hash,
            role=Role(values["role"]),
            name=values["name"],
        )
    )
    return service.describe(service.get_user(user.id)), 201, {"Location": "/api/v1/me"}


@bp.route("/auth/login", methods=["POST"])
@limiter.limit("300 per minute")
@limiter.limit("60 per minute; 600 per hour", deduct_when=was_refused)
@limiter.limit(
    "20 per minute; 100 per hour; 300 per day",
    key_func=by_email_and_address,
    deduct_when=was_refused,
)
# So wide that wrong tries at a few places do not keep the owner out at another.
@limiter.limit(
    "300 per minute; 3000 per hour; 10000 per day", key_func=by_email, deduct_when=was_refused
)
@access()
@commits_itself
@bp.arguments(LoginInput)
@bp.response(200, SignInRead)
def login(values: dict[str, Any]) -> Response:
    """Sign in. Cookies for a browser; an access token in the answer for transport header.

    An account with an authenticator answers otp-required first; repeat the sign-in with its code.
    """
    check_origin()
    user = sessions.check_password(values["email"], values["password"])
    second_factor.check(user, values["otp"])
    rehash = (
        passwords.hash_password(values["password"])
        if passwords.needs_rehash(user.password_hash)
        else None
    )
    signed_in = sessions.open_session(
        user.id,
        user_agent=request.user_agent.string,
        address=request.remote_addr or "",
        lifetime=_refresh_lifetime(),
        rehash=rehash,
    )
    return _signed_in(signed_in, transport=values["transport"])


@bp.route("/auth/refresh", methods=["POST"])
@limiter.limit("120 per minute")
@access()
@commits_itself
@bp.response(200, SignInRead)
def refresh() -> Response:
    """Exchange the refresh cookie for the next pair of tokens."""
    check_origin()
    named = _named_by_refresh_cookie()
    if named is None:
        raise NotSignedIn("The sign-in is missing or has ended. Sign in and repeat.")
    session_id, refresh_id = named
    return _signed_in(sessions.rotate(session_id, refresh_id), transport="cookie")


@bp.route("/auth/logout", methods=["POST"])
@access()
@commits_itself
@bp.response(204)
def logout() -> Response:
    """End this session. Without a sign-in it only clears the cookies.

    A browser proves itself by either token, as the access token may have ended long ago.
    """
    check_origin()
    actor = current_actor()
    if actor.session_id is not None:
        session_id = actor.session_id
        unit_of_work(lambda: sessions.end_session(actor, session_id=session_id))
    elif (named := _named_by_refresh_cookie()) is not None:
        session_id = named[0]
        unit_of_work(lambda: sessions.end_proved_session(session_id))
    response = Response(status=204)
    unset_jwt_cookies(response)
    return response


def _named_by_refresh_cookie() -> tuple[str, str] | None:
    """The session and refresh id of the refresh cookie; None without a valid one.

    Raises CsrfRefused when the cookie comes without the proof of our page.
    """
    try:
        verify_jwt_in_request(refresh=True, locations=["cookies"])
        claims = get_jwt()
        return str(claims["sid"]), str(claims["rid"])
    except CSRFError:
        raise CsrfRefused("Load the page again and repeat.") from None
    except (JWTExtendedException, PyJWTError, KeyError, ValueError, TypeError):
        return None


def _signed_in(signed_in: SignIn, *, transport: str) -> Response:
    access_token = create_access_token(
        identity=signed_in.user_id, additional_claims={"sid": signed_in.session_id}
    )
    body: dict[str, Any] = {"user": service.describe(service.get_user(signed_in.user_id))}
    if transport == "header":
        return jsonify({"access_token": access_token, **body})
    response = jsonify(body)
    set_access_cookies(response, access_token)
    refresh_token = create_refresh_token(
        identity=signed_in.user_id,
        additional_claims={"sid": signed_in.session_id, "rid": signed_in.refresh_id},
    )
    set_refresh_cookies(response, refresh_token)
    _mark_team(response, body["user"])
    return response


def _mark_team(response: Response, user: dict[str, Any]) -> None:
    """Let the redirect know this browser, signed in or not: a team's own clicks do not count."""
    profile = user["profile"]
    if profile is None:
        return
    settings = current_app.config["ACCORD"]
    response.set_cookie(
        visitors.TEAM_COOKIE,
        visitors.team_mark(click_ids.key_of(settings.secret_key), profile["id"]),
        max_age=timedelta(days=365),
        path=visitors.PATH,
        secure=settings.cookie_secure,
        httponly=True,
        samesite="Lax",
    )


def _refresh_lifetime() -> timedelta:
    lifetime: timedelta = current_app.config["JWT_REFRESH_TOKEN_EXPIRES"]
    return lifetime
