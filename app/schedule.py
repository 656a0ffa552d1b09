"""The whole beat table: one line a job, with its purpose."""

from __future__ import annotations

from datetime import timedelta

from app.core.jobs import Scheduled

SCHEDULE: tuple[Scheduled, ...] = (
    Scheduled(
        "attribution.consume_clicks", timedelta(seconds=15), "Counts the clicks of the logs."
    ),
    Scheduled(
        "attribution.check_links", timedelta(minutes=5), "Looks whether links still lead to a page."
    ),
    Scheduled(
        "brands.recheck_domains",
        timedelta(minutes=15),
        "Looks again, once a day, whether verified domains are still shown to be their sponsors'.",
    ),
    Scheduled("audit.chain", timedelta(minutes=1), "Gives new audit entries their place."),
    Scheduled(
        "ad_requests.enforce_deadlines",
        timedelta(minutes=1),
        "Expires, approves, completes, cancels, escalates and reminds what is due.",
    ),
    Scheduled("payments.mature", timedelta(minutes=1), "Ends the hold periods that are over."),
    Scheduled("payments.inbox", timedelta(minutes=1), "Tries gateway events again that wait."),
    Scheduled(
        "payments.look_up_deposits",
        timedelta(minutes=1),
        "Asks the gateways about deposits of which nothing was heard.",
    ),
    Scheduled(
        "payments.payouts",
        timedelta(minutes=1),
        "Sends or looks up again payouts of which nothing was heard, escalates overdue ones.",
    ),
    Scheduled(
        "payments.gateway_costs",
        timedelta(hours=1),
        "Books what Stripe charged, and the operator's own money there.",
    ),
    Scheduled(
        "payments.forget_details",
        timedelta(hours=1),
        "Drops the accounts of payout details that were replaced and that nothing needs.",
    ),
    Scheduled(
        "ad_requests.time_all_payments",
        timedelta(hours=1),
        "Lets the payments of a year ago leave the sponsors' days-to-pay.",
    ),
    Scheduled("files.expire_unused", timedelta(hours=1), "Drops uploads that nobody used."),
    Scheduled("core.forget_answers", timedelta(hours=1), "Drops kept answers after two days."),
    Scheduled("core.forget_done", timedelta(hours=1), "Drops work that was done a week ago."),
    Scheduled(
        "reporting.prove_ledger", timedelta(hours=1), "Proves the money and keeps the result."
    ),
    Scheduled("identity.forget_ended", timedelta(days=1), "Drops sign-ins that ended long ago."),
    Scheduled("notifications.forget_old", timedelta(days=1), "Drops old mails and news."),
)
