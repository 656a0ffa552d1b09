"""Facts of moderation. `subject_type` is `user` or `campaign`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FlagRaised:
    flag_id: str
    subject_type: str
    subject_id: str
    effect: str
    reason: str


@dataclass(frozen=True)
class FlagLifted:
    flag_id: str
    subject_type: str
    subject_id: str
    reason: str | None


@dataclass(frozen=True)
class FlagUpheld:
    """An admin looked again and the flag stays; `appealed` when an appeal asked for it."""

    flag_id: str
    subject_type: str
    subject_id: str
    reason: str | None
    appealed: bool


@dataclass(frozen=True)
class AppealMade:
    appeal_id: str
    flag_id: str
    made_by: str


@dataclass(frozen=True)
class MoneyRuleChanged:
    """An admin changed a setting that money has to keep to."""

    name: str
    before: str
    after: str
    changed_by: str


@dataclass(frozen=True)
class AccountClosed:
    """An admin closed an account for good."""

    user_id: str
    reason: str | None
