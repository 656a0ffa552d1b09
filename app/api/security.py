"""Who asks, and whether they may. Every view carries `access`; a test walks the URL map.

The access token proves a session, nothing more: user, session and role rows are read on every
request, so a flag, a role change or a sign-out works at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, g, request
from flask_jwt_extended import verify_jwt_in_request
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from jwt.exceptions import PyJWTError

from app.api.marks import docs_of, marked
from app.core.actor import ANONYMOUS, Actor, MemberRole, Role, UserStatus
from app.core.errors import Forbidden, NotFound, NotSignedIn
from app.core.extensions import db
from app.identity import sessions as identity
from app.identity import standing

F = TypeVar("F", bound=Callable[..., Any])

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
API_KEY_PREFIX = "Bearer ak_"
_SESSION_ID = re.compile(r"ses_[0-9a-z]{1,28}\Z")


class CsrfRefused(Forbidden):
    type = "csrf"
    title = "The request did not come from our page"


class AccountPending(Forbidden):
    type = "account-pending"
    title = "An admin has not approved this account yet"


class AccountSuspended(Forbidden):
    type = "account-suspended"
    title = "This account is suspended"


class TeamSuspended(Forbidden):
    type = "team-suspended"
    title = "Your team cannot act at the moment"


class ScopeRefused(Forbidden):
    type = "scope"
    title = "The scopes of this API key do not allow this"


class SecondFactorNeeded(Forbidden):
    type = "second-factor-needed"
    title = "Admins need a second factor here"


@dataclass(frozen=True)
class Access:
    """Who may call an operation. Empty `roles` means anyone, signed in or not.

    `own` names whose objects it reaches (documentation of the ownership query). `members` limits
    a sponsor's members to some roles. `pending` and `suspended` let those users in as well.
    `fresh` asks for a sign-in within the last minutes.
    """

    roles: tuple[str, ...]
    own: str | None = None
    members: tuple[str, ...] = ()
    pending: bool = False
    suspended: bool = False
    fresh: bool = False


def access(
    *roles: Role,
    own: str | None = None,
    members: tuple[MemberRole, ...] = (),
    pending: bool = False,
    suspended: bool | None = None,
    fresh: bool = False,
) -> Callable[[F], F]:
    """Guard a view. No roles means public. Reading is open to suspended users by default."""

    def decorate(view: F) -> F:
        rule = Access(
            roles=tuple(role.value for role in roles),
            own=own,
            members=tuple(member.value for member in members),
            pending=pending,
            suspended=bool(suspended),
            fresh=fresh,
        )

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.actor = _authenticate(rule)
            _authorize(rule, g.actor, reading_allowed=suspended is None)
            if any("\x00" in value for value in kwargs.values() if isinstance(value, str)):
                raise NotFound  # no id holds NUL, and PostgreSQL would not even look
            return view(*args, **kwargs)

        docs = docs_of(view)
        manual = dict(docs.get("manual_doc", {}))
        manual["x-access"] = {key: value for key, value in asdict(rule).items() if value} | {
            "roles": list(rule.roles) or ["anyone"]
        }
        manual["security"] = [{"cookie": []}, {"bearer": []}] if roles else []
        return marked(guarded, view, _access=rule, _apidoc={**docs, "manual_doc": manual})

    return decorate


SIGNED_IN = (Role.ADMIN, Role.SPONSOR, Role.INFLUENCER)


def current_actor() -> Actor:
    """Who asks; ANONYMOUS on public routes without a sign-in."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def _authenticate(rule: Access) -> Actor:
    header = request.environ.get("HTTP_AUTHORIZATION", "")
    if not header and "HTTP_COOKIE" not in request.environ:
        # Nothing that could prove anybody: most reads of the public.
        actor = _nobody(optional=not rule.roles)
    elif header.startswith(API_KEY_PREFIX):
        actor = identity.actor_of_api_key(header.removeprefix("Bearer "))
    else:
        actor = _actor_of_token(optional=not rule.roles)
    # The short read ends here; the use case opens its own transaction.
    if db.session.registry.has():
        db.session.rollback()
    return actor


def _actor_of_token(*, optional: bool) -> Actor:
    try:
        found = verify_jwt_in_request(optional=optional)
    except (JWTExtendedException, PyJWTError, ValueError, TypeError, KeyError) as error:
        if optional:
            # A public route with a stale cookie, or without the proof of our page, is anonymous.
            return ANONYMOUS
        if isinstance(error, CSRFError):
            raise CsrfRefused("Load the page again and repeat.") from None
        return _nobody(optional=False)
    if found is None:
        return ANONYMOUS
    _header, claims = found
    if claims.get("type") != "access" or "exp" not in claims:
        raise NotSignedIn("This is no access token.")
    if request.method not in SAFE_METHODS and "Authorization" not in request.headers:
        check_origin()
    session_id, user_id = claims.get("sid"), claims.get("sub")
    try:
        if not (isinstance(session_id, str) and _SESSION_ID.match(session_id)):
            raise NotSignedIn
        actor = identity.actor_of_session(session_id)
        if actor.user_id != user_id:
            raise NotSignedIn
    except NotSignedIn:
        if optional:
            return ANONYMOUS
        raise NotSignedIn("The sign-in has ended. Sign in and repeat.") from None
    return actor


def _nobody(*, optional: bool) -> Actor:
    if optional:
        return ANONYMOUS
    raise NotSignedIn("The sign-in is missing or has ended. Sign in and repeat.") from None


def check_origin() -> None:
    """Refuse a cookie request that a page of another origin sent. Raises CsrfRefused."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    ours = {request.host_url.rstrip("/"), current_app.config["ACCORD"].public_url}
    if origin not in ours and urlsplit(origin).netloc != request.host:
        raise CsrfRefused("The request came from another site.")


def _authorize(rule: Access, actor: Actor, *, reading_allowed: bool) -> None:
    if not rule.roles:
        return
    if actor.role is Role.ANONYMOUS:
        raise NotSignedIn("Sign in and repeat.")
    if actor.role.value not in rule.roles:
        raise Forbidden(f"This is for: {', '.join(rule.roles)}.")
    reading = request.method in SAFE_METHODS
    if actor.status is UserStatus.PENDING and not rule.pending:
        raise AccountPending("You can edit your profile until then.")
    if actor.status is UserStatus.SUSPENDED and not (
        rule.suspended or (reading and reading_allowed)
    ):
        raise AccountSuspended("You can read, appeal and withdraw what you have earned.")
    if not reading and not rule.suspended:
        _require_able_team(actor)
    if rule.members and actor.role is Role.SPONSOR and actor.member_role not in rule.members:
        raise Forbidden(f"Your team role does not allow this; it takes: {', '.join(rule.members)}.")
    if actor.scopes is not None and not _scope_allows(actor.scopes, reading):
        raise ScopeRefused("Use a key with the scope write.")
    if rule.fresh and not actor.fresh:
        raise Forbidden("Confirm your password first, then repeat.", needs="fresh-sign-in")
    if rule.pending:
        return
    settings = current_app.config["ACCORD"]
    if actor.is_admin and settings.require_admin_totp and not actor.two_factor:
        raise SecondFactorNeeded("Set up an authenticator in your account first.")
    if settings.require_email_verification and not actor.email_verified and not reading:
        raise Forbidden("Confirm your email address first; we sent you a link.")


def _require_able_team(actor: Actor) -> None:
    if actor.sponsor_id is None or actor.member_role is MemberRole.OWNER:
        return  # an owner who got this far may act
    able = standing.may_act(actor.sponsor_id)
    db.session.rollback()  # the use case opens its own transaction
    if not able:
        raise TeamSuspended(
            "Every owner of your team is suspended or closed. Nothing was changed; you can read "
            "until an admin has decided."
        )


def _scope_allows(scopes: frozenset[str], reading: bool) -> bool:
    return "write" in scopes or (reading and "read" in scopes)
