"""Settings that are unsafe in production keep the app from starting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from config import Settings


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"encryption_keys": ("not a key",)}, "ENCRYPTION_KEYS"),
        ({"encryption_keys": (Fernet.generate_key().decode(), "x" * 44)}, "ENCRYPTION_KEYS"),
        ({"access_token_minutes": 0}, "ACCESS_TOKEN_MINUTES"),
        ({"access_token_minutes": 100_000}, "ACCESS_TOKEN_MINUTES"),
        ({"refresh_token_days": 0}, "REFRESH_TOKEN_DAYS"),
        ({"web_threads": 1}, "WEB_THREADS"),
    ],
)
def test_a_setting_that_cannot_work_is_a_fault(tmp_path: Path, changed: dict[str, Any], named: str):
    settings = Settings.from_env({"ACCORD_HOME": str(tmp_path), "ACCORD_ENV": "development"})
    assert not [fault for fault in settings.problems() if fault.startswith(named)]
    unsafe = replace(settings, **changed)
    assert [fault for fault in unsafe.problems() if fault.startswith(named)]
