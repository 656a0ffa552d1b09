"""Stripe: Checkout for deposits, Connect transfers and payouts for withdrawals.

Each call carries an idempotency key of ours, a timeout and few retries. Payouts have a module of
their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import stripe

from app.payments.gateways import stripe_balance, stripe_events
from app.payments.gateways.base import (
    Checkout,
    DepositOrder,
    Event,
    GatewayFact,
    GatewayUnreachable,
    PaysBy,
    Refused,
)
from app.payments.gateways.stripe_calls import call, key_of, plain
from app.payments.gateways.stripe_money import to_stripe
from app.payments.gateways.stripe_payouts import StripePayouts

CONNECT_SECONDS = 5
READ_SECONDS = 10
RETRIES = 2
LARGEST_UNITS = 99_999_999


@lru_cache(maxsize=8)
def stripe_gateway(key: str, secrets: tuple[str, ...], api_base: str) -> StripeGateway:
    """The gateway of these settings, made once so that its connections are kept."""
    return StripeGateway(key, secrets, api_base)


class StripeGateway(StripePayouts):
    """`webhook_secrets` may be several: the endpoint for connected accounts has its own."""

    name = "stripe"
    outcomes: tuple[str, ...] = ()
    pays_by = PaysBy.PAGE
    patience: timedelta | None = timedelta(hours=1)

    def __init__(self, key: str, webhook_secrets: tuple[str, ...], api_base: str = "") -> None:
        self.webhook_secrets = webhook_secrets
        self.client = stripe.StripeClient(
            key,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
            max_network_retries=RETRIES,
            base_addresses={"api": api_base} if api_base else None,
        ).v1

    # --- deposits -------------------------------------------------------------------------------

    def delay(self, outcome: str | None) -> timedelta:
        """There is nothing to wait for."""
        return timedelta()

    def refusal(self, order: DepositOrder) -> str | None:
        """Stripe has a largest amount, and currencies of which it takes whole units only."""
        units = to_stripe(order.amount, order.currency)
        if units is None:
            return "Stripe takes only rounder amounts of this currency."
        if units > LARGEST_UNITS:
            return "Stripe takes no more than 999,999.99 at once: make several deposits."
        return None

    def instructions(self, order: DepositOrder) -> dict[str, str] | None:
        """None: it has a page."""
        return None

    def open_deposit(self, order: DepositOrder) -> Checkout:
        """A Checkout Session; asked for twice with one key, Stripe gives the same one."""
        ours = {"deposit_id": order.deposit_id}
        line = {
            "quantity": 1,
            "price_data": {
                "currency": order.currency.lower(),
                "unit_amount": to_stripe(order.amount, order.currency),
                "product_data": {"name": "Deposit into your wallet"},
            },
        }
        params: Any = {
            "mode": "payment",
            "line_items": [line],
            "client_reference_id": order.deposit_id,
            "metadata": ours,
            "payment_intent_data": {"metadata": ours},
            "success_url": order.return_url,
            "cancel_url": f"{order.return_url}&cancelled=1",
        }
        try:
            session = call(
                lambda: self.client.checkout.sessions.create(params, key_of(order.deposit_id))
            )
        except Refused as refusal:
            return Checkout(
                external_id=f"refused_{order.deposit_id}",
                facts=(stripe_events.deposit_refused(order, str(refusal)),),
            )
        return Checkout(external_id=session.id, pay_url=session.url)

    def find_deposit(self, order: DepositOrder) -> GatewayFact | None:
        """What became of its Checkout Session."""
        name = order.external_id
        if name is None or not name.startswith("cs_"):
            return None
        session = call(lambda: self.client.checkout.sessions.retrieve(name))
        return stripe_events.of_session(plain(session), event_id=f"look_{session.id}")

    # --- payees ---------------------------------------------------------------------------------

    def open_payee(self, payee_id: str, *, email: str, country: str) -> str:
        """An Express account whose payouts are made by us alone."""
        params: Any = {
            "type": "express",
            "country": country,
            "email": email,
            "capabilities": {"transfers": {"requested": True}},
            "settings": {"payouts": {"schedule": {"interval": "manual"}}},
            "metadata": {"payee_id": payee_id},
        }
        try:
            opened = call(lambda: self.client.accounts.create(params, key_of(f"payee:{payee_id}")))
        except GatewayUnreachable as error:
            if isinstance(error.__cause__, stripe.IdempotencyError):
                raise Refused(
                    "An account with another country or email address was opened a moment ago. "
                    "Choose the same as before, or repeat this in a day."
                ) from error
            raise
        return str(opened.id)

    def payee_link(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """Stripe's own pages for the account; a link works once and for minutes."""
        params: Any = {
            "account": account_id,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
        }
        return str(call(lambda: self.client.account_links.create(params)).url)

    def check_key(self) -> None:
        """Read our balance, only to see whether Stripe answers and takes the key.

        Raises Refused when it does not take it, GatewayUnreachable when it does not answer.
        """
        try:
            call(lambda: self.client.balance.retrieve())
        except GatewayUnreachable as error:
            if isinstance(error.__cause__, stripe.AuthenticationError):
                raise Refused("Stripe does not take this key.") from error
            raise

    def costs(self, since: datetime) -> list[GatewayFact]:
        """What Stripe charged, and what the operator paid in or took out, from `since` on: of
        every line of its balance that is not about a deposit or a payout of ours.

        Raises GatewayUnreachable.
        """
        params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        page = call(lambda: self.client.balance_transactions.list(params))
        lines = call(lambda: list(page.auto_paging_iter()))
        return [fact for line in lines for fact in stripe_balance.facts_of(plain(line))]

    # --- events ---------------------------------------------------------------------------------

    def read_event(self, headers: Mapping[str, str], body: bytes) -> Event:
        """What a webhook says. Raises BadSignature or MalformedEvent."""
        return stripe_events.read(self.webhook_secrets, headers, body)
