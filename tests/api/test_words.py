"""The page has a word for everything that the server names: acts, things and settings."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.attribution.lifecycle import LinkEvent
from app.campaigns.lifecycle import CampaignEvent
from app.core.options import all_options
from app.identity import links
from app.identity.lifecycle import UserEvent
from app.payments.models import PaymentKind
from config import ROOT

WORDS = ROOT / "frontend" / "src" / "locales" / "en"
# What stands in the braces of an f-string that names an act.
VALUES = {
    "payment": [kind.value for kind in PaymentKind],
    "campaign": [event.value for event in CampaignEvent],
    "link": [event.value for event in LinkEvent],
    "flag": ["upheld", "lifted"],
    "user": [*(event.value for event in UserEvent), links.VERIFY, links.CHANGE],
}


def words(name: str) -> Any:
    return json.loads((WORDS / f"{name}.json").read_text())


def recorded(source: Path) -> Iterator[tuple[str, str]]:
    """What a module gives to the audit trail: `("action", …)` and `("type", …)`."""
    for call in ast.walk(ast.parse(source.read_text())):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", None) or getattr(call.func, "attr", "")
        if name.lstrip("_") not in (
            "record",
            "recorded",
            "record_own",
            "take_in",
            "keep_trace",
            "trace",
        ):
            continue
        for given in call.args:
            match given:
                case ast.Constant(value=str(text)) if "." in text:
                    yield "action", text
                case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
                    for value in VALUES[text.rstrip(".")]:
                        yield "action", f"{text}{value}"
        for keyword in call.keywords:
            if keyword.arg == "subject_type" and isinstance(keyword.value, ast.Constant):
                yield "type", str(keyword.value.value)


def test_the_audit_page_has_a_word_for_each_act_and_subject():
    found = {named for source in (ROOT / "app").rglob("*.py") for named in recorded(source)}
    assert len(found) > 60
    audit = words("audit")
    groups = {"action": audit["actions"], "type": audit["types"]}
    missing = [
        name
        for kind, name in sorted(found)
        if name.replace(".", "_").replace("-", "_") not in groups[kind]
    ]
    assert missing == []


def test_the_settings_page_has_words_for_each_setting_and_unit(app):
    settings = words("platform_settings")
    options = all_options()
    assert len(options) > 20
    for group in ("names", "purposes"):
        assert [one.name for one in options if one.name not in settings[group]] == []
    assert {one.unit.replace(" ", "_") for one in options} - {""} <= set(settings["units"])
