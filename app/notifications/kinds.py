"""Everything that people are told, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of news. Its words are in `texts/<language>.json` under its name.

    `mail` is whether it comes by mail unless the user says otherwise; `always` that it comes by
    mail whatever the user says (it guards the account); `collapses` that a further one about the
    same thing renews the unread one instead of adding a line.
    """

    name: str
    mail: bool = True
    always: bool = False
    collapses: bool = False


_ALL = (
    # Mails that carry a signed link, or go where no inbox is.
    Kind("verify_email", always=True),
    Kind("password_reset", always=True),
    Kind("change_email", always=True),
    Kind("invitation", always=True),
    # The account
    Kind("email_changed", always=True),
    Kind("password_changed", always=True),
    Kind("second_factor_on", always=True),
    Kind("second_factor_off", always=True),
    Kind("api_key_made", always=True),
    Kind("account_approved", always=True),
    Kind("account_rejected", always=True),
    Kind("account_closed", always=True),
    Kind("member_joined"),
    # What waits for an admin
    Kind("account_waiting"),
    Kind("campaign_waiting"),
    Kind("appeal_made"),
    Kind("dispute_escalated"),
    Kind("withdrawal_waiting"),
    Kind("withdrawal_overdue"),
    Kind("money_rule_changed", always=True),
    # Campaigns
    Kind("campaign_published", mail=False),
    Kind("campaign_returned"),
    # Agreements
    Kind("offer_made"),
    Kind("application_made"),
    Kind("assignment_made"),
    Kind("offer_countered"),
    Kind("offer_extended", mail=False),
    Kind("offer_accepted"),
    Kind("offer_rejected"),
    Kind("offer_withdrawn"),
    Kind("offer_expired"),
    Kind("terms_changed"),
    Kind("deliverable_due"),
    Kind("submission_made"),
    Kind("changes_requested"),
    Kind("review_extended", mail=False),
    Kind("content_approved"),
    Kind("content_published"),
    Kind("live_check_failed"),
    Kind("deliverable_paid"),
    Kind("cancellation_requested"),
    Kind("deliverable_cancelled"),
    Kind("agreement_completed", mail=False),
    Kind("agreement_cancelled"),
    Kind("dispute_opened"),
    Kind("dispute_answered"),
    Kind("dispute_decided"),
    Kind("message_posted", collapses=True),
    Kind("ratings_revealed", mail=False),
    # Links and domains
    Kind("link_made", mail=False, collapses=True),
    Kind("link_broken"),
    Kind("link_works", mail=False),
    Kind("link_blocked"),
    Kind("link_restored", mail=False),
    Kind("domain_lost"),
    Kind("domain_lapsed"),
    # Money
    Kind("deposit_settled", mail=False),
    Kind("deposit_declined"),
    Kind("wallet_returned"),
    Kind("withdrawal_paid"),
    Kind("withdrawal_failed"),
    Kind("withdrawal_refused"),
    Kind("earnings_taken_back"),
    Kind("order_edited", mail=False, collapses=True),
    Kind("payout_details_changed", always=True),
    Kind("payout_details_removed", always=True),
    # Order
    Kind("flag_raised", always=True),
    Kind("flag_lifted"),
    Kind("flag_upheld", always=True),
    # Long work
    Kind("job_done", mail=False),
    Kind("job_failed", mail=False),
    Kind("report_ready"),
)

KINDS = {kind.name: kind for kind in _ALL}


def adjustable() -> tuple[str, ...]:
    """The kinds whose mails a user may switch on and off."""
    return tuple(kind.name for kind in _ALL if not kind.always)
