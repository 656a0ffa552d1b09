"""A campaign's report as a file: CSV for spreadsheets, a PDF for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from babel.numbers import format_decimal, format_percent

from app.core.actor import Actor
from app.core.extensions import db
from app.core.spreadsheet import csv_lines, decimal
from app.payments import papers
from app.payments.readers import reader_of
from app.reporting.campaign_report import SENTIMENTS

_COUNTS = (
    *("influencers", "posts", "figured", "views", "reactions", "comments", "shares"),
    *("interactions", "clicks", "orders"),
)
_RATES = (
    *("engagement_rate", "engagement_base", "click_per_interaction", "conversion_per_click"),
    *("roi", "orders_per_influencer"),
)
_MONEY = (
    *("revenue", "refunds", "spend", "cost_per_click", "cost_per_order"),
    "revenue_per_influencer",
)
HEADER = (
    *("row", "name", "from", "to", "chosen_by"),
    *_COUNTS,
    *SENTIMENTS,
    *_RATES,
    *_MONEY,
    "currency",
)


def as_csv(report: dict[str, Any]) -> Iterator[str]:
    """One line for each phase, what lies outside, the whole, each way of choosing, influencer and
    day. Rates are fractions, amounts in major units."""
    return csv_lines(HEADER, list(_lines(report)))


def as_pdf(report: dict[str, Any], actor: Actor) -> bytes:
    """The report on paper, in the reader's language and by the reader's rules."""
    reader = reader_of(actor)
    content = _Paper(report, reader).content()
    # Setting it takes a while: nothing is held meanwhile.
    db.session.expunge_all()
    db.session.rollback()
    return papers.pdf("campaign_report", reader, content)


def file_name(report: dict[str, Any], ending: str) -> str:
    """What a saved report is called."""
    return f"report-{report['campaign']['id']}-{report['computed_at']:%Y-%m-%d}.{ending}"


def _lines(report: dict[str, Any]) -> Iterator[list[Any]]:
    campaign = report["campaign"]
    for phase in report["phases"]:
        days = (phase["starts_on"], phase["ends_on"])
        yield _line(report, "phase", phase["name"], phase["figures"], days, phase["chosen_by"])
    if report["outside"] is not None:
        yield _line(report, "outside", "", report["outside"])
    days = (campaign["starts_on"], campaign["ends_on"])
    yield _line(report, "total", campaign["title"], report["total"], days)
    for choice in report["choices"]:
        yield _line(report, "choice", "", choice["figures"], chosen_by=[choice["chosen_by"]])
    for row in report["influencers"]:
        name, chosen = row["influencer"]["name"], [row["chosen_by"] or ""]
        yield _line(report, "influencer", name, row["total"], chosen_by=chosen)
    for day in report["days"]:
        yield _line(report, "day", "", day, (day["day"], day["day"]))


def _line(
    report: dict[str, Any],
    row: str,
    name: str,
    figures: dict[str, Any],
    days: tuple[Any, Any] = (None, None),
    chosen_by: list[str] | None = None,
) -> list[Any]:
    sentiment = figures.get("sentiment", {})
    return [
        row,
        name,
        *days,
        ", ".join(chosen_by or ()),
        *(figures.get(count) for count in _COUNTS),
        *(sentiment.get(one, {}).get("count") for one in SENTIMENTS),
        *(figures.get(rate) for rate in _RATES),
        *(_major(figures.get(amount)) for amount in _MONEY),
        report["campaign"]["currency"],
    ]


def _major(money: dict[str, Any] | None) -> Any:
    return None if money is None else decimal(money["amount"], money["currency"])


NONE = "–"
# The lines of the paper's table, in the order of the page.
_PAPER = {
    "interactions": ("posts", "reactions", "comments", "shares", "interactions"),
    "comments": SENTIMENTS,
    "orders": ("clicks", "click_per_interaction", "orders", "conversion_per_click"),
    "money": ("revenue", "refunds", "spend", "cost_per_click", "cost_per_order", "roi"),
    "efficiency": ("orders_per_influencer", "revenue_per_influencer"),
}
_PERCENT = {"click_per_interaction", "conversion_per_click", "roi"}


class _Paper:
    """The report as texts for the template."""

    def __init__(self, report: dict[str, Any], reader: papers.Reader) -> None:
        self.report = report
        self.reader = reader
        self.money: Callable[[int], str] = papers.amount_in(reader, report["campaign"]["currency"])
        self.locale = papers.locale_of(reader)

    def content(self) -> dict[str, Any]:
        report, campaign = self.report, self.report["campaign"]
        columns = [
            {"name": phase["name"], "days": self.days(phase), "figures": phase["figures"]}
            for phase in report["phases"]
        ]
        if report["outside"] is not None:
            columns.append({"name": None, "days": "", "figures": report["outside"]})
        whole = {"name": "", "days": "", "figures": report["total"]}
        return {
            "campaign": campaign["title"],
            "period": self.days(campaign),
            "time_zone": campaign["time_zone"],
            "currency": campaign["currency"],
            "as_of": papers.moment_in(self.reader, report["computed_at"]),
            "columns": [{"name": c["name"], "days": c["days"]} for c in columns],
            "groups": [
                {
                    "name": group,
                    "lines": [
                        {
                            "name": name,
                            "cells": [self.cell(name, c["figures"]) for c in (*columns, whole)],
                        }
                        for name in names
                    ],
                }
                for group, names in _PAPER.items()
            ],
            "influencers": [self.influencer(row) for row in report["influencers"]],
            "posts": [
                {
                    "name": post["influencer"]["name"],
                    "title": post["title"],
                    "interactions": self.number(post["interactions"]),
                    "rate": self.percent(post["engagement_rate"]),
                }
                for post in report["best_posts"]
            ],
            "sources": [
                {"figure": line["figure"], "kind": line["kind"], "source": line["source"]}
                for line in report["sources"]
            ],
            "unconfirmed": report["unconfirmed_orders"],
        }

    def days(self, what: dict[str, Any]) -> str:
        first, last = (papers.day_in(self.reader, what[name]) for name in ("starts_on", "ends_on"))
        return f"{first} – {last}"

    def influencer(self, row: dict[str, Any]) -> dict[str, str]:
        figures = row["total"]
        return {
            "name": row["influencer"]["name"],
            **{name: self.number(figures[name]) for name in ("interactions", "clicks", "orders")},
            **{name: self.amount(figures[name]) for name in ("revenue", "cost_per_order")},
        }

    def cell(self, name: str, figures: dict[str, Any]) -> str:
        if name in SENTIMENTS:
            return self.percent(figures["sentiment"][name]["share"])
        value = figures[name]
        if isinstance(value, dict):
            return self.amount(value)
        return self.percent(value) if name in _PERCENT else self.number(value)

    def amount(self, money: dict[str, Any] | None) -> str:
        return NONE if money is None else self.money(money["amount"])

    def number(self, value: float | None) -> str:
        if value is None:
            return NONE
        return str(
            format_decimal(
                value, "#,##0.00" if isinstance(value, float) else "#,##0", locale=self.locale
            )
        )

    def percent(self, value: float | None) -> str:
        if value is None:
            return NONE
        return str(format_percent(value, "#,##0.00 %", locale=self.locale))
