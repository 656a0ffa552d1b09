"""Refusals of moderation."""

from app.core.errors import Conflict, Forbidden, RefusedTransition


class OwnAccount(Forbidden):
    type = "own-account"
    title = "Nobody judges their own account"


class AdminsFlagAdmins(Forbidden):
    type = "admins-flag-admins"
    title = "Only another admin flags an admin"


class LastAdmin(Conflict):
    type = "last-admin"
    title = "This is the last active admin"


class NotFlagged(RefusedTransition):
    type = "not-flagged"
    title = "There is no flag to lift"


class AnotherAdmin(Conflict):
    type = "another-admin"
    title = "Another admin decides this appeal"


class AppealClosed(Conflict):
    type = "appeal-closed"
    title = "This flag can no longer be appealed"


class AccountInUse(Conflict):
    """Agreements, deposits or money hang on the account alone; `active_agreements` (also
    those whose commission window is open), `open_deposits` and `money` say which."""

    type = "account-in-use"
    title = "Agreements or money still hang on this account"
