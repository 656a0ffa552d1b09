"""What the metadata cannot say: tables whose rows are never changed or removed.

`append_only(table)` gives the statements for each dialect; the models attach them to their tables
and the migrations run the same lists.
"""

from __future__ import annotations

from sqlalchemy import DDL, MetaData, event

LEDGER_TABLES = ("transfers", "gateway_entries")
DOCUMENT_TABLES = ("invoices", "invoice_lines")
APPEND_ONLY_TABLES = (*LEDGER_TABLES, *DOCUMENT_TABLES)

# What an INSERT OR REPLACE of SQLite would silently remove: rows with the same unique values.
_SAME_KEYS = {
    "transfers": "SELECT 1 FROM transfers WHERE id = NEW.id"
    " OR idempotency_key = NEW.idempotency_key OR reverses_id = NEW.reverses_id",
    "gateway_entries": "SELECT 1 FROM gateway_entries WHERE id = NEW.id"
    " OR (gateway = NEW.gateway AND external_id = NEW.external_id)",
    "invoices": "SELECT 1 FROM invoices WHERE id = NEW.id"
    " OR (sponsor_id = NEW.sponsor_id AND series = NEW.series AND number = NEW.number)",
    "invoice_lines": "SELECT 1 FROM invoice_lines WHERE id = NEW.id"
    " OR payment_id = NEW.payment_id"
    " OR (invoice_id = NEW.invoice_id AND position = NEW.position)",
}


def append_only(table: str) -> dict[str, list[str]]:
    """The statements, by dialect, after which rows of `table` can only be added."""
    return {"sqlite": _sqlite(table), "postgresql": _postgresql(table)}


def attach(metadata: MetaData, tables: tuple[str, ...]) -> None:
    """Let each of `tables` be made append-only when it is created."""
    for table in tables:
        for dialect, statements in append_only(table).items():
            for statement in statements:
                event.listen(
                    metadata.tables[table],
                    "after_create",
                    DDL(statement).execute_if(dialect=dialect),
                )


def drop_append_only(table: str) -> dict[str, list[str]]:
    """The statements that take `append_only` back."""
    return {
        "sqlite": [
            f"DROP TRIGGER IF EXISTS {table}_no_{change}"
            for change in ("update", "delete", "replace")
        ],
        "postgresql": [
            f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
            f"DROP FUNCTION IF EXISTS {table}_append_only()",
        ],
    }


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
        f" WHEN EXISTS ({_SAME_KEYS[table]}) {refuse}",
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} is append-only'"
        " USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]
