"""Gateways are set up whole or not at all, and test money stays out of production."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.payments.gateways.registry import gateways
from app.payments.gateways.stripe_money import from_stripe, to_stripe
from config import ConfigurationError, Settings

BANK = "name=Accord GmbH; iban=DE89370400440532013000; bic=COBADEFFXXX"


@pytest.fixture
def environ(tmp_path) -> dict[str, str]:
    return {"ACCORD_HOME": str(tmp_path)}


@pytest.mark.parametrize("env", ["development", "test", "production"])
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"),
        ("STRIPE_WEBHOOK_SECRET", "STRIPE_SECRET_KEY"),
    ],
)
def test_one_secret_of_stripe_without_the_other_refuses_to_start(environ, env, given, missing):
    with pytest.raises(ConfigurationError, match=f"{missing} is missing"):
        Settings.from_env({**environ, "ACCORD_ENV": env, given: "x"})


def test_both_secrets_start_and_the_second_may_be_several(environ):
    settings = Settings.from_env(
        {**environ, "STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_a, whsec_b"}
    )
    assert settings.stripe_webhook_secrets == ("whsec_a", "whsec_b")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"SANDBOX_GATEWAY": "true"}, "SANDBOX_GATEWAY is on"),
        ({"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "w"}, "of the test mode"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:9"}, "STRIPE_API_BASE is set"),
    ],
)
def test_production_refuses_test_money(environ, changes, line):
    with pytest.raises(ConfigurationError, match=line):
        Settings.from_env({**environ, "ACCORD_ENV": "production", **changes})


@pytest.mark.parametrize(
    "details",
    ["name=A", "iban=DE89", "name=; iban=DE89", "nonsense", "name=A; iban=B; colour=red"],
)
def test_bank_details_that_cannot_be_read_refuse_to_start(environ, details):
    with pytest.raises(ConfigurationError, match="MANUAL_BANK_DETAILS cannot be read"):
        Settings.from_env({**environ, "MANUAL_BANK_DETAILS": details})


def test_the_gateways_in_use_are_those_that_are_set_up(environ, settings, make_app):
    found = Settings.from_env({**environ, "MANUAL_BANK_DETAILS": BANK})
    assert dict(found.manual_bank_details)["name"] == "Accord GmbH"
    cases = {
        ("sandbox",): settings,
        ("sandbox", "manual"): replace(settings, manual_bank_details=found.manual_bank_details),
        ("stripe",): replace(
            settings,
            sandbox_gateway=False,
            stripe_secret_key="sk_test_x",
            stripe_webhook_secrets=("w",),
        ),
        (): replace(settings, sandbox_gateway=False, stripe_secret_key="sk_test_x"),
    }
    for names, chosen in cases.items():
        with make_app(chosen).app_context():
            assert tuple(gateways()) == names


# --- Stripe's amounts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        (12_500, "EUR", 12_500),
        (500, "JPY", 500),
        (50_000, "VND", 50_000),
        (500, "ISK", 50_000),
        (500, "UGX", 50_000),
        (12_340, "KWD", 12_340),
        (12_345, "KWD", None),
    ],
)
def test_stripe_writes_amounts_in_its_own_units(amount, currency, units):
    assert to_stripe(amount, currency) == units
    if units is not None:
        assert from_stripe(units, currency) == amount


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "VND", "ISK", "UGX", "KWD", "MGA"])
@pytest.mark.parametrize("amount", [1, 7, 10, 99, 100, 12_340, 10**12])
def test_what_stripe_can_say_comes_back_as_it_went(currency, amount):
    units = to_stripe(amount, currency)
    assert units is None or from_stripe(units, currency) == amount
