"""Refusals of identity."""

from app.core.errors import Conflict, DomainError


class WrongCredentials(DomainError):
    type = "wrong-credentials"
    title = "E-mail or password is wrong"
    status = 401


class OtpRequired(DomainError):
    type = "otp-required"
    title = "Enter the code of your authenticator"
    status = 401


class EmailTaken(Conflict):
    type = "email-taken"
    title = "There is an account with this e-mail"


class RefreshReused(DomainError):
    type = "refresh-reused"
    title = "This sign-in was used twice and has been ended everywhere"
    status = 401
