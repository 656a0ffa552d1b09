"""Triggers that keep the trail append-only; the migration and the tests run the same texts.

An entry is added without a place in the chain, given its place once, and never changed or removed.
"""

from __future__ import annotations

TABLE = "audit_entries"

_KEPT = ("id", "at", "actor", "actor_role", "action", "subject_type", "subject_id", "data")
_UNCHANGED = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _KEPT)

SQLITE = (
    """CREATE TRIGGER audit_entries_add BEFORE INSERT ON audit_entries
WHEN NEW.sequence IS NOT NULL OR NEW.digest IS NOT NULL
  OR EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit entries are added without a place, once'); END""",
    f"""CREATE TRIGGER {TABLE}_change BEFORE UPDATE ON {TABLE}
WHEN NOT (OLD.sequence IS NULL AND OLD.digest IS NULL
  AND NEW.sequence IS NOT NULL AND NEW.digest IS NOT NULL AND {_UNCHANGED})
BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END""",
    f"""CREATE TRIGGER {TABLE}_remove BEFORE DELETE ON {TABLE}
BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END""",
)

POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION audit_entries_append_only() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.sequence IS NOT NULL OR NEW.digest IS NOT NULL THEN
      RAISE EXCEPTION 'audit entries are added without a place, once';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.sequence IS NULL AND OLD.digest IS NULL
      AND NEW.sequence IS NOT NULL AND NEW.digest IS NOT NULL
      AND to_jsonb(NEW) - 'sequence' - 'digest' = to_jsonb(OLD) - 'sequence' - 'digest'
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only';
END $$ LANGUAGE plpgsql""",
    f"""CREATE TRIGGER {TABLE}_append_only BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION audit_entries_append_only()""",
    f"""CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_append_only()""",
)
