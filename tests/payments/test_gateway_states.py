"""What the doctor says of each gateway: in use, reachable, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app.payments.gateways.state import GatewayState, gateway_states
from tests.payments.stripe_fake import SECRETS, StripeFake, Trouble
from tests.payments.stripe_world import _stripe_server as _stripe_server
from tests.payments.stripe_world import stripe_api as stripe_api
from tests.payments.stripe_world import with_stripe

BANK = (("name", "Accord GmbH"), ("iban", "DE89370400440532013000"))


@pytest.fixture(autouse=True)
def _own_settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # The app is that of other tests too.
    monkeypatch.setitem(app.config, "ACCORD", app.config["ACCORD"])


def state_of(app: Flask, name: str, **changes: object) -> GatewayState:
    app.config["ACCORD"] = replace(app.config["ACCORD"], **changes)
    [found] = [state for state in gateway_states() if state.name == name]
    return found


def use_stripe(app: Flask, fake: StripeFake) -> None:
    app.config["ACCORD"] = with_stripe(app.config["ACCORD"], fake)


def test_what_is_not_set_up_says_which_settings_it_needs(app):
    stripe, manual = state_of(app, "stripe"), state_of(app, "manual")
    assert (stripe.in_use, stripe.ok) == (manual.in_use, manual.ok) == (False, True)
    assert "STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET" in stripe.detail
    assert "MANUAL_BANK_DETAILS" in manual.detail
    half = state_of(app, "stripe", stripe_secret_key="sk_test_x")
    assert (half.in_use, half.ok) == (False, False)
    assert "STRIPE_WEBHOOK_SECRET is missing" in half.detail


def test_bank_transfers_show_where_they_go_without_the_whole_account(app):
    found = state_of(app, "manual", manual_bank_details=BANK)
    assert (found.in_use, found.ok) == (True, True)
    assert "Accord GmbH" in found.detail
    assert "…3000" in found.detail
    assert BANK[1][1] not in found.detail


def test_stripe_that_answers_says_so_and_what_is_missing(app, stripe_api):
    use_stripe(app, stripe_api)
    both = state_of(app, "stripe")
    assert (both.in_use, both.ok) == (True, True)
    assert "it answers" in both.detail
    assert "/api/v1/public/gateways/stripe/events" in both.detail
    assert "connected accounts" not in both.detail
    one = state_of(app, "stripe", stripe_webhook_secrets=SECRETS[:1])
    assert (one.ok, "connected accounts" in one.detail) == (True, True)


@pytest.mark.parametrize(("what", "said"), [("deny", "STRIPE_SECRET_KEY"), ("break", "answer")])
def test_stripe_that_refuses_the_key_or_is_away_is_wrong(app, stripe_api, what, said):
    use_stripe(app, stripe_api)
    stripe_api.troubles.append(Trouble("GET /v1/balance", what, times=3))
    found = state_of(app, "stripe")
    assert (found.in_use, found.ok) == (True, False)
    assert said in found.detail


def test_the_doctor_names_every_gateway_and_fails_with_one(app, stripe_api):
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    for name in ("sandbox", "stripe", "manual"):
        assert f"gateway {name}: " in said
    assert "off          gateway stripe" in said
    use_stripe(app, stripe_api)
    stripe_api.troubles.append(Trouble("GET /v1/balance", "deny"))
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "WRONG        gateway stripe: it refuses STRIPE_SECRET_KEY" in done.output


def test_the_doctor_says_when_nobody_can_pay(app):
    app.config["ACCORD"] = replace(app.config["ACCORD"], sandbox_gateway=False)
    assert "nobody can pay in" in app.test_cli_runner().invoke(args=["doctor"]).output
