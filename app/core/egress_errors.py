"""Why a request to the outside brought no answer; `reason` is the stable word for it."""

from __future__ import annotations


class EgressError(Exception):
    """Base of every failure; `reason` is what a program and a page read."""

    reason = "failed"


class RequestRefused(EgressError):
    """Nothing was sent: the address or the request is not allowed."""

    reason = "refused"


class UrlRefused(RequestRefused):
    """The URL is malformed, or has another scheme, a port or credentials that are not allowed."""

    reason = "url_refused"


class AddressRefused(RequestRefused):
    """The host is not on the public internet."""

    reason = "address_refused"


class TooManyRedirects(RequestRefused):
    reason = "too_many_redirects"


class NameNotFound(EgressError):
    reason = "name_not_found"


class ConnectionFailed(EgressError):
    """No connection, or one that broke off."""

    reason = "connection_failed"


class CertificateRefused(ConnectionFailed):
    """The certificate does not prove that the host is who it says."""

    reason = "certificate_refused"


class TimedOut(EgressError):
    reason = "timed_out"


class TooLarge(EgressError):
    reason = "too_large"


class UnreadableAnswer(EgressError):
    """The answer is not HTTP, or its body cannot be unpacked."""

    reason = "unreadable"
