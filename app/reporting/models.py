"""The tables of reporting: dashboards, and what was found when the money was proven."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base, UtcDateTime, id_column
from app.reporting.dashboard_models import Dashboard, DashboardPanel, DashboardShare

__all__ = ["Dashboard", "DashboardPanel", "DashboardShare", "LedgerProof"]


class LedgerProof(Base):
    """One run of the whole proof; `broken` names the checks that did not hold."""

    __tablename__ = "ledger_proofs"
    __table_args__ = (Index(None, "at", "id"),)

    id: Mapped[str] = id_column("prf")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    broken: Mapped[list[str]] = mapped_column(JSON)
