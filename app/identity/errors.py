"""Refusals of identity."""

from app.core.errors import Conflict, DomainError, Forbidden


class WrongCredentials(DomainError):
    type = "wrong-credentials"
    title = "Email or password is wrong"
    status = 401


class OtpRequired(DomainError):
    type = "otp-required"
    title = "Enter the code of your authenticator"
    status = 401


class WrongOtp(DomainError):
    type = "wrong-otp"
    title = "This code is not right"
    status = 401


class SecondFactorState(Conflict):
    type = "second-factor-state"
    title = "The second factor is not in the state for this"


class AlreadyVerified(Conflict):
    type = "already-verified"
    title = "This address is confirmed already"


class LastOwner(Conflict):
    type = "last-owner"
    title = "A team keeps at least one owner"


class MemberFlagged(Conflict):
    type = "member-flagged"
    title = "A flag on this member's account is in force"


class AccountTaken(Conflict):
    type = "account-taken"
    title = "Another profile has this social account"


class TooManyKept(Conflict):
    type = "too-many"
    title = "There are too many of these already"


class ViewNameTaken(Conflict):
    type = "view-name-taken"
    title = "You have a view with this name on this list"


class EmailTaken(Conflict):
    type = "email-taken"
    title = "There is an account with this email"


class RefreshReused(DomainError):
    type = "refresh-reused"
    title = "This sign-in was used twice and has been ended everywhere"
    status = 401


class AccountBarred(Forbidden):
    type = "account-barred"
    title = "Your account is suspended or closed"
