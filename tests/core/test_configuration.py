"""Settings that are unsafe in production keep the app from starting."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from config import ROOT, Settings


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


class Asked(dict[str, str]):
    """An environment that remembers which variables were asked for."""

    def __init__(self, home: Path) -> None:
        super().__init__(ACCORD_HOME=str(home))
        self.names: set[str] = {"ACCORD_HOME"}

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


def test_every_setting_stands_in_the_readme(tmp_path: Path):
    environ = Asked(tmp_path)
    Settings.from_env(environ)
    table = [line for line in (ROOT / "README.md").read_text().splitlines() if line[:3] == "| `"]
    described = {name for line in table for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])}
    assert environ.names - described == set()
    assert all(len(line.split("|")) == 5 and line.split("|")[3].strip() for line in table)


def test_every_field_of_the_settings_is_read_from_the_environment():
    source = inspect.getsource(Settings.from_env)
    unread = [field.name for field in fields(Settings) if f"{field.name}=" not in source]
    assert unread == []
