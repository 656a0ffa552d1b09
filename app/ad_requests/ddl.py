"""What the metadata cannot say: an offer is never changed or removed once it was made.

The models attach the statements to the table; the migration runs the same lists.
"""

from __future__ import annotations

TABLE = "offers"

_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{TABLE} are append-only'); END"
# What an INSERT OR REPLACE of SQLite would silently remove: rows with the same unique values.
_TAKEN = (
    "id = NEW.id OR hash = NEW.hash OR (ad_request_id = NEW.ad_request_id AND number = NEW.number)"
)

APPEND_ONLY: dict[str, list[str]] = {
    "sqlite": [
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {_REFUSE}",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {_REFUSE}",
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE}"  # noqa: S608
        f" WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {_TAKEN}) {_REFUSE}",
    ],
    "postgresql": [
        f"CREATE OR REPLACE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{TABLE} are append-only'"
        " USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only()",
    ],
}

DROP_APPEND_ONLY: dict[str, list[str]] = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {TABLE}_no_{change}" for change in ("update", "delete", "replace")
    ],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS {TABLE}_append_only ON {TABLE}",
        f"DROP FUNCTION IF EXISTS {TABLE}_append_only()",
    ],
}
