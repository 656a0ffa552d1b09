"""Dashboards: made, changed, copied and deleted by a sponsor's team, read by it and by admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, func, insert, select
from sqlalchemy.orm import joinedload, selectinload

from app.audit.service import record
from app.campaigns import service as campaigns
from app.core.actor import Actor, Role
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.ids import new_id
from app.core.paging import Page, PageRequest, paginate
from app.identity import profiles
from app.reporting.dashboard_fields import problems
from app.reporting.dashboard_models import Dashboard, DashboardPanel
from app.reporting.dashboard_parts import Period, Scope
from app.reporting.errors import TooManyDashboards
from app.statistics.daily import day_in

MOST_DASHBOARDS = 200
_SORTS = {"updated_at": Dashboard.updated_at}
_PERIOD = ("last_days", "since", "until")


def list_for(
    actor: Actor,
    page: PageRequest,
    *,
    campaign_id: str | None = None,
    sponsor_id: str | None = None,
) -> Page[Dashboard]:
    """The dashboards that the actor may see, the latest change first; with `campaign_id` those of
    the campaign."""
    statement = _dashboards().where(*_seen_by(actor))
    if campaign_id is not None:
        statement = statement.where(Dashboard.campaign_id == campaign_id)
    if sponsor_id is not None:
        statement = statement.where(Dashboard.sponsor_id == sponsor_id)
    return paginate(statement, page, sorts=_SORTS, default="-updated_at", id_column=Dashboard.id)


def get_for(actor: Actor, dashboard_id: str, *, lock: bool = False) -> Dashboard:
    """A dashboard that the actor may see, with its panels. Raises NotFound."""
    statement = _dashboards().where(Dashboard.id == dashboard_id, *_seen_by(actor))
    if lock:
        statement = statement.with_for_update(of=Dashboard)
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def create(
    actor: Actor,
    *,
    name: str,
    campaign_id: str | None = None,
    panels: Sequence[Mapping[str, Any]] = (),
    **period: Any,
) -> Dashboard:
    """Keep a new dashboard, of one of the sponsor's campaigns or of all.

    Raises Invalid, TooManyDashboards, and NotFound for a campaign of somebody else.
    """
    sponsor = profiles.sponsor_of(actor, lock=True)
    _require_room(sponsor.id)
    if campaign_id is not None:
        campaigns.get_for(actor, campaign_id)
    row = Dashboard(
        id=new_id("dsh"),
        sponsor_id=sponsor.id,
        campaign_id=campaign_id,
        created_by=actor.label,
        name=name,
        **{key: period.get(key) for key in _PERIOD},
    )
    _require_period(row)
    db.session.add(row)
    db.session.flush()
    _put(row, [{**panel, "id": None} for panel in panels])
    return get_for(actor, row.id)


def change(actor: Actor, dashboard: Dashboard, **values: Any) -> Dashboard:
    """Change name, period or panels of a dashboard that was got locked.

    `panels` replace those that are there; one that names the id of such a one stays it. A period
    is given whole. Raises Invalid.
    """
    panels = values.pop("panels", None)
    if any(key in values for key in _PERIOD):
        values |= {key: values.get(key) for key in _PERIOD}
    for key, value in values.items():
        setattr(dashboard, key, value)
    _require_period(dashboard)
    dashboard.touch()
    db.session.flush()
    if panels is not None:
        _put(dashboard, panels)
    return get_for(actor, dashboard.id)


def duplicate(actor: Actor, *, dashboard_id: str, name: str) -> Dashboard:
    """Copy a dashboard under another name; its links are not copied. Raises as `create`."""
    source = get_for(actor, dashboard_id)
    names = ("title", "chart", "dimensions", "measures", "filters", "width", "height")
    return create(
        actor,
        name=name,
        campaign_id=source.campaign_id,
        panels=[{key: getattr(panel, key) for key in names} for panel in source.panels],
        **{key: getattr(source, key) for key in _PERIOD},
    )


def delete_for(actor: Actor, dashboard: Dashboard) -> None:
    """Delete a dashboard that was got locked; links to it lead nowhere from then on."""
    record(actor, "dashboard.deleted", subject_type="dashboard", subject_id=dashboard.id)
    db.session.delete(dashboard)
    db.session.flush()


def panel_of(dashboard: Dashboard, panel_id: str) -> DashboardPanel:
    """One of its panels. Raises NotFound."""
    for panel in dashboard.panels:
        if panel.id == panel_id:
            return panel
    raise NotFound


def scope_of(dashboard: Dashboard, filters: Mapping[str, Sequence[str | None]]) -> Scope:
    """What a panel with these filters counts on this dashboard, as of today."""
    return Scope(
        dashboard.sponsor_id,
        dashboard.campaign_id,
        period_of(dashboard),
        {key: tuple(values) for key, values in filters.items()},
    )


def period_of(dashboard: Dashboard) -> Period:
    """The days that it shows today, in the time zone of its campaign, else of the sponsor."""
    place = dashboard.campaign or dashboard.sponsor
    return days_of(
        place.time_zone,
        last_days=dashboard.last_days,
        since=dashboard.since,
        until=dashboard.until,
    )


def days_of(
    time_zone: str,
    *,
    last_days: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Period:
    """The days of a period as of today in that zone: the last ones, or from one to another."""
    if last_days is None:
        return Period(since, until)
    today = day_in(time_zone, now())
    return Period(today - timedelta(days=last_days - 1), today)


def require_fields(
    dimensions: Sequence[str], measures: Sequence[str], filtered: Sequence[str] = ()
) -> None:
    """Raise Invalid unless these fields can be shown together."""
    found = problems(dimensions, measures, filtered)
    if found:
        raise Invalid(**found)


def _dashboards() -> Select[Dashboard]:
    return select(Dashboard).options(
        joinedload(Dashboard.sponsor, innerjoin=True),
        joinedload(Dashboard.campaign),
        selectinload(Dashboard.panels),
    )


def _seen_by(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.role is Role.ADMIN:
        return []
    if actor.role is Role.SPONSOR and actor.sponsor_id:
        return [Dashboard.sponsor_id == actor.sponsor_id]
    return [false()]


def _put(dashboard: Dashboard, panels: Sequence[Mapping[str, Any]]) -> None:
    """Let these be the panels, in this order; ids of the ones before are kept."""
    own = select(DashboardPanel.id).where(DashboardPanel.dashboard_id == dashboard.id)
    known = set(db.session.scalars(own))
    rows = []
    for position, panel in enumerate(panels):
        require_fields(panel["dimensions"], panel["measures"], list(panel["filters"]))
        named = panel.get("id")
        # An id that is named twice, or belongs to another dashboard, is not this panel's.
        panel_id = named if named in known else new_id("pnl")
        known.discard(panel_id)
        rows.append({**panel, "id": panel_id, "dashboard_id": dashboard.id, "position": position})
    # Places are unique, so the old ones go before the new ones come.
    db.session.execute(
        delete(DashboardPanel)
        .where(DashboardPanel.dashboard_id == dashboard.id)
        .execution_options(synchronize_session=False)
    )
    if rows:
        db.session.execute(insert(DashboardPanel), rows)


def _require_room(sponsor_id: str) -> None:
    count = select(func.count()).where(Dashboard.sponsor_id == sponsor_id)
    if (db.session.scalar(count) or 0) >= MOST_DASHBOARDS:
        raise TooManyDashboards(f"Delete one of your {MOST_DASHBOARDS} dashboards first.")


def _require_period(row: Dashboard) -> None:
    if row.last_days is not None and (row.since or row.until):
        raise Invalid(last_days="Give either the last days, or from which day to which.")
    if row.since and row.until and row.until < row.since:
        raise Invalid(until="Give a day that is not before the first one.")
