"""Initial schema

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Append-only tables and the text index: what the metadata cannot say.
UPGRADE = {
    "sqlite": [
        "CREATE TRIGGER offers_no_update BEFORE UPDATE ON offers BEGIN SELECT RAISE(ABORT, "
        "'offers are append-only'); END",
        "CREATE TRIGGER offers_no_delete BEFORE DELETE ON offers BEGIN SELECT RAISE(ABORT, "
        "'offers are append-only'); END",
        "CREATE TRIGGER offers_no_replace BEFORE INSERT ON offers WHEN EXISTS (SELECT 1 "
        "FROM offers WHERE id = NEW.id OR hash = NEW.hash OR (ad_request_id = "
        "NEW.ad_request_id AND number = NEW.number)) BEGIN SELECT RAISE(ABORT, 'offers are "
        "append-only'); END",
        "CREATE TRIGGER transfers_no_update BEFORE UPDATE ON transfers BEGIN SELECT "
        "RAISE(ABORT, 'transfers is append-only'); END",
        "CREATE TRIGGER transfers_no_delete BEFORE DELETE ON transfers BEGIN SELECT "
        "RAISE(ABORT, 'transfers is append-only'); END",
        "CREATE TRIGGER transfers_no_replace BEFORE INSERT ON transfers WHEN EXISTS "
        "(SELECT 1 FROM transfers WHERE id = NEW.id OR idempotency_key = "
        "NEW.idempotency_key OR reverses_id = NEW.reverses_id) BEGIN SELECT RAISE(ABORT, "
        "'transfers is append-only'); END",
        "CREATE TRIGGER gateway_entries_no_update BEFORE UPDATE ON gateway_entries BEGIN "
        "SELECT RAISE(ABORT, 'gateway_entries is append-only'); END",
        "CREATE TRIGGER gateway_entries_no_delete BEFORE DELETE ON gateway_entries BEGIN "
        "SELECT RAISE(ABORT, 'gateway_entries is append-only'); END",
        "CREATE TRIGGER gateway_entries_no_replace BEFORE INSERT ON gateway_entries WHEN "
        "EXISTS (SELECT 1 FROM gateway_entries WHERE id = NEW.id OR (gateway = NEW.gateway "
        "AND external_id = NEW.external_id)) BEGIN SELECT RAISE(ABORT, 'gateway_entries is "
        "append-only'); END",
        "CREATE TRIGGER audit_entries_add BEFORE INSERT ON audit_entries\n"
        "WHEN NEW.sequence IS NOT NULL OR NEW.digest IS NOT NULL\n"
        "  OR EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)\n"
        "BEGIN SELECT RAISE(ABORT, 'audit entries are added without a place, once'); END",
        "CREATE TRIGGER audit_entries_change BEFORE UPDATE ON audit_entries\n"
        "WHEN NOT (OLD.sequence IS NULL AND OLD.digest IS NULL\n"
        "  AND NEW.sequence IS NOT NULL AND NEW.digest IS NOT NULL AND NEW.id IS OLD.id "
        "AND NEW.at IS OLD.at AND NEW.actor IS OLD.actor AND NEW.actor_role IS "
        "OLD.actor_role AND NEW.action IS OLD.action AND NEW.subject_type IS "
        "OLD.subject_type AND NEW.subject_id IS OLD.subject_id AND NEW.data IS OLD.data)\n"
        "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
        "CREATE TRIGGER audit_entries_remove BEFORE DELETE ON audit_entries\n"
        "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION offers_append_only() RETURNS trigger LANGUAGE "
        "plpgsql AS $$ BEGIN RAISE EXCEPTION 'offers are append-only' USING ERRCODE = "
        "'restrict_violation'; END $$",
        "CREATE TRIGGER offers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "offers FOR EACH STATEMENT EXECUTE FUNCTION offers_append_only()",
        "CREATE OR REPLACE FUNCTION transfers_append_only() RETURNS trigger LANGUAGE "
        "plpgsql AS $$ BEGIN RAISE EXCEPTION 'transfers is append-only' USING ERRCODE "
        "= 'restrict_violation'; END $$",
        "CREATE TRIGGER transfers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "transfers FOR EACH STATEMENT EXECUTE FUNCTION transfers_append_only()",
        "CREATE OR REPLACE FUNCTION gateway_entries_append_only() RETURNS trigger "
        "LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'gateway_entries is append-only' "
        "USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER gateway_entries_append_only BEFORE UPDATE OR DELETE OR "
        "TRUNCATE ON gateway_entries FOR EACH STATEMENT EXECUTE FUNCTION "
        "gateway_entries_append_only()",
        "CREATE OR REPLACE FUNCTION audit_entries_append_only() RETURNS trigger AS $$\n"
        "BEGIN\n"
        "  IF TG_OP = 'INSERT' THEN\n"
        "    IF NEW.sequence IS NOT NULL OR NEW.digest IS NOT NULL THEN\n"
        "      RAISE EXCEPTION 'audit entries are added without a place, once';\n"
        "    END IF;\n"
        "    RETURN NEW;\n"
        "  END IF;\n"
        "  IF TG_OP = 'UPDATE' THEN\n"
        "    IF OLD.sequence IS NULL AND OLD.digest IS NULL\n"
        "      AND NEW.sequence IS NOT NULL AND NEW.digest IS NOT NULL\n"
        "      AND to_jsonb(NEW) - 'sequence' - 'digest' = to_jsonb(OLD) - 'sequence' "
        "- 'digest'\n"
        "    THEN\n"
        "      RETURN NEW;\n"
        "    END IF;\n"
        "  END IF;\n"
        "  RAISE EXCEPTION 'audit entries are append-only';\n"
        "END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER audit_entries_append_only BEFORE INSERT OR UPDATE OR DELETE ON "
        "audit_entries\n"
        "FOR EACH ROW EXECUTE FUNCTION audit_entries_append_only()",
        "CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_append_only()",
        "DO $$ BEGIN\n"
        "  CREATE EXTENSION IF NOT EXISTS pg_trgm;\n"
        "EXCEPTION WHEN OTHERS THEN\n"
        "  RAISE NOTICE 'pg_trgm is not available: campaigns are searched without an "
        "index';\n"
        "END $$",
        "DO $$ BEGIN\n"
        "  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN\n"
        "    CREATE INDEX IF NOT EXISTS ix_campaigns_search_text_trgm ON campaigns "
        "USING gin (search_text gin_trgm_ops);\n"
        "  END IF;\n"
        "END $$",
    ],
}
DOWNGRADE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS offers_no_update",
        "DROP TRIGGER IF EXISTS offers_no_delete",
        "DROP TRIGGER IF EXISTS offers_no_replace",
        "DROP TRIGGER IF EXISTS transfers_no_update",
        "DROP TRIGGER IF EXISTS transfers_no_delete",
        "DROP TRIGGER IF EXISTS transfers_no_replace",
        "DROP TRIGGER IF EXISTS gateway_entries_no_update",
        "DROP TRIGGER IF EXISTS gateway_entries_no_delete",
        "DROP TRIGGER IF EXISTS gateway_entries_no_replace",
        "DROP TRIGGER IF EXISTS audit_entries_add",
        "DROP TRIGGER IF EXISTS audit_entries_change",
        "DROP TRIGGER IF EXISTS audit_entries_remove",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS offers_append_only ON offers",
        "DROP FUNCTION IF EXISTS offers_append_only()",
        "DROP TRIGGER IF EXISTS transfers_append_only ON transfers",
        "DROP FUNCTION IF EXISTS transfers_append_only()",
        "DROP TRIGGER IF EXISTS gateway_entries_append_only ON gateway_entries",
        "DROP FUNCTION IF EXISTS gateway_entries_append_only()",
        "DROP TRIGGER IF EXISTS audit_entries_append_only ON audit_entries",
        "DROP TRIGGER IF EXISTS audit_entries_no_truncate ON audit_entries",
        "DROP FUNCTION IF EXISTS audit_entries_append_only()",
        "DROP INDEX IF EXISTS ix_campaigns_search_text_trgm",
    ],
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("actor_role", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("sequence", name=op.f("uq_audit_entries_sequence")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entries_action_at"), ["action", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_entries_actor_at"), ["actor", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_entries_at_id"), ["at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entries_subject_id_at"), ["subject_id", "at"], unique=False
        )

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("chained_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "flags",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "subject_type",
            sa.Enum(
                "user",
                "campaign",
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column(
            "effect",
            sa.Enum(
                "warn",
                "hide",
                "hold_money",
                "suspend",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "low",
                "medium",
                "high",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "appealed",
                "upheld",
                "lifted",
                name="flag_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=True),
        sa.Column("raised_by", sa.String(length=32), nullable=False),
        sa.Column("appeal_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_flags_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_flags_status_created_at_id"),
            ["status", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_flags_subject_type_subject_id_status"),
            ["subject_type", "subject_id", "status"],
            unique=False,
        )

    op.create_table(
        "gateway_entries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_gateway_entries_amount_moves")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_entries")),
        sa.UniqueConstraint(
            "gateway", "external_id", name=op.f("uq_gateway_entries_gateway_external_id")
        ),
    )
    with op.batch_alter_table("gateway_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gateway_entries_gateway_currency_at"),
            ["gateway", "currency", "at"],
            unique=False,
        )

    op.create_table(
        "gateway_events",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_events")),
        sa.UniqueConstraint(
            "gateway", "external_id", name=op.f("uq_gateway_events_gateway_external_id")
        ),
    )
    with op.batch_alter_table("gateway_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gateway_events_processed_at_received_at"),
            ["processed_at", "received_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_gateway_events_subject"), ["subject"], unique=False)

    op.create_table(
        "idempotency_records",
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "route", "key", name=op.f("pk_idempotency_records")),
    )
    with op.batch_alter_table("idempotency_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotency_records_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "job_windows",
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("window", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "window", name=op.f("pk_job_windows")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("queue", sa.String(length=24), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "done",
                "dead",
                name="job_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("doing", sa.String(length=200), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_jobs_progress_percent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_jobs_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_jobs_requested_by_id"), ["requested_by", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_jobs_status_created_at_id"), ["status", "created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_jobs_status_run_after"), ["status", "run_after"], unique=False
        )

    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("secret", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mails_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mails_to_address_created_at"), ["to_address", "created_at"], unique=False
        )

    op.create_table(
        "option_values",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_option_values")),
    )
    op.create_table(
        "state_changes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("actor_role", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_changes")),
    )
    with op.batch_alter_table("state_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_state_changes_subject_id_at"), ["subject_id", "at"], unique=False
        )

    op.create_table(
        "stored_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("attached_type", sa.String(length=40), nullable=True),
        sa.Column("attached_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(attached_type IS NULL) = (attached_id IS NULL)",
            name=op.f("ck_stored_files_attached_to_one_thing"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_files_size_floor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_stored_files_storage_key")),
    )
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stored_files_attached_type_attached_id"),
            ["attached_type", "attached_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stored_files_attached_type_created_at"),
            ["attached_type", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stored_files_owner_id_attached_type_created_at"),
            ["owner_id", "attached_type", "created_at"],
            unique=False,
        )

    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "sponsor",
                "influencer",
                "system",
                "anonymous",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "active",
                "suspended",
                "rejected",
                "closed",
                name="user_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("money_on_hold", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_used", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'sponsor', 'influencer')", name=op.f("ck_users_role_of_a_person")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_users_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_users_hidden"), ["hidden"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_users_role_status_created_at_id"),
            ["role", "status", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hint", sa.String(length=12), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_api_keys_user_id_created_at"), ["user_id", "created_at"], unique=False
        )

    op.create_table(
        "appeals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("flag_id", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "open",
                "appealed",
                "upheld",
                "lifted",
                name="appeal_outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_appeals_flag_id_flags"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_appeals_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("flag_id", name=op.f("uq_appeals_flag_id")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_made_by"), ["made_by"], unique=False)

    op.create_table(
        "auth_sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("refresh_id", sa.String(length=64), nullable=False),
        sa.Column("previous_refresh_id", sa.String(length=64), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_auth_sessions_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_sessions")),
    )
    with op.batch_alter_table("auth_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_auth_sessions_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_auth_sessions_user_id_revoked_at"),
            ["user_id", "revoked_at"],
            unique=False,
        )

    op.create_table(
        "influencers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_amount", sa.BigInteger(), nullable=True),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("reach", sa.BigInteger(), nullable=False),
        sa.Column("followers", sa.BigInteger(), nullable=False),
        sa.Column("engagement_rate", sa.Double(), nullable=True),
        sa.Column("photo_file_id", sa.String(length=32), nullable=True),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column(
            "rating",
            sa.Float(precision=53),
            sa.Computed(
                "CASE WHEN rating_count > 0 THEN CAST(rating_sum AS FLOAT) / rating_count ELSE 0 END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("followers >= 0", name=op.f("ck_influencers_followers_floor")),
        sa.CheckConstraint("price_amount >= 0", name=op.f("ck_influencers_price_amount_floor")),
        sa.CheckConstraint("reach >= 0", name=op.f("ck_influencers_reach_floor")),
        sa.ForeignKeyConstraint(
            ["photo_file_id"],
            ["stored_files.id"],
            name=op.f("fk_influencers_photo_file_id_stored_files"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_influencers_user_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_influencers")),
        sa.UniqueConstraint("slug", name=op.f("uq_influencers_slug")),
        sa.UniqueConstraint("user_id", name=op.f("uq_influencers_user_id")),
    )
    with op.batch_alter_table("influencers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_influencers_country_reach_id"), ["country", "reach", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_influencers_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_influencers_currency_price_amount_id"),
            ["currency", "price_amount", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_influencers_language_reach_id"),
            ["language", "reach", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_influencers_listed"), ["listed"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_influencers_name_key_id"), ["name_key", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_influencers_rating_id"), ["rating", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_influencers_reach_id"), ["reach", "id"], unique=False)

    op.create_table(
        "mail_preferences",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_mail_preferences_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_mail_preferences")),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_notifications_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_notifications_user_id_created_at_id"),
            ["user_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_notifications_user_id_read_at_created_at_id"),
            ["user_id", "read_at", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_recovery_codes_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_codes_user_id_code_hash")
        ),
    )
    op.create_table(
        "sponsors",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organisation",
                "individual",
                name="sponsor_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("industry", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("site", sa.String(length=2000), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("budget_amount", sa.BigInteger(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("consents_to_assignments", sa.Boolean(), nullable=False),
        sa.Column("logo_file_id", sa.String(length=32), nullable=True),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("budget_amount >= 0", name=op.f("ck_sponsors_budget_amount_floor")),
        sa.ForeignKeyConstraint(
            ["logo_file_id"],
            ["stored_files.id"],
            name=op.f("fk_sponsors_logo_file_id_stored_files"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsors")),
        sa.UniqueConstraint("slug", name=op.f("uq_sponsors_slug")),
    )
    with op.batch_alter_table("sponsors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sponsors_name_id"), ["name", "id"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cash",
                "sponsor_wallet",
                "escrow",
                "influencer_held",
                "influencer_available",
                "withdrawal_in_flight",
                "platform_fees",
                "clawback_receivable",
                name="account_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=True),
        sa.Column("influencer_id", sa.String(length=32), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('clawback_receivable', 'influencer_available', 'influencer_held', 'withdrawal_in_flight')) = (influencer_id IS NOT NULL)",
            name=op.f("ck_accounts_influencer_of_kind"),
        ),
        sa.CheckConstraint(
            "(kind IN ('escrow', 'sponsor_wallet')) = (sponsor_id IS NOT NULL)",
            name=op.f("ck_accounts_sponsor_of_kind"),
        ),
        sa.CheckConstraint(
            "owner_id = coalesce(sponsor_id, influencer_id, '')",
            name=op.f("ck_accounts_owner_is_its_row"),
        ),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_accounts_balance_floor")),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_accounts_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_accounts_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("id", "currency", name=op.f("uq_accounts_id_currency")),
        sa.UniqueConstraint(
            "kind",
            "owner_id",
            "currency",
            "reference",
            name=op.f("uq_accounts_kind_owner_id_currency_reference"),
        ),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_influencer_id_kind_currency"),
            ["influencer_id", "kind", "currency"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_accounts_sponsor_id_kind_currency"),
            ["sponsor_id", "kind", "currency"],
            unique=False,
        )
        batch_op.create_index(
            "uq_accounts_reference_escrow",
            ["reference"],
            unique=True,
            sqlite_where=sa.text("kind = 'escrow'"),
            postgresql_where=sa.text("kind = 'escrow'"),
        )

    op.create_table(
        "brands",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("site", sa.String(length=2000), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("needs_context", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_brands_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("sponsor_id", "name_key", name=op.f("uq_brands_sponsor_id_name_key")),
    )
    with op.batch_alter_table("brands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brands_name_key_id"), ["name_key", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_brands_sponsor_id_created_at_id"),
            ["sponsor_id", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "influencer_niches",
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("niche", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_influencer_niches_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("influencer_id", "niche", name=op.f("pk_influencer_niches")),
    )
    with op.batch_alter_table("influencer_niches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_influencer_niches_niche_influencer_id"),
            ["niche", "influencer_id"],
            unique=False,
        )

    op.create_table(
        "member_invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "manager",
                "finance",
                "viewer",
                name="member_role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("invited_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invited_by"],
            ["users.id"],
            name=op.f("fk_member_invitations_invited_by_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"],
            ["sponsors.id"],
            name=op.f("fk_member_invitations_sponsor_id_sponsors"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_invitations")),
        sa.UniqueConstraint(
            "sponsor_id", "email", name=op.f("uq_member_invitations_sponsor_id_email")
        ),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "deposit",
                "hold",
                "release",
                "commission",
                "refund",
                "fee",
                "withdrawal",
                "clawback",
                name="payment_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "held",
                "settled",
                "failed",
                name="payment_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=True),
        sa.Column("influencer_id", sa.String(length=32), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("milestone", sa.String(length=64), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount_positive")),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_payments_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_payments_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payments_influencer_id_created_at_id"),
            ["influencer_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payments_kind_status_created_at"),
            ["kind", "status", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payments_reference_created_at"),
            ["reference", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payments_sponsor_id_created_at_id"),
            ["sponsor_id", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "social_accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column(
            "platform",
            sa.Enum(
                "instagram",
                "youtube",
                "tiktok",
                "facebook",
                "x",
                "reddit",
                "mastodon",
                "bluesky",
                "blog",
                name="platform",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("handle", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("followers", sa.BigInteger(), nullable=False),
        sa.Column("average_engagement", sa.BigInteger(), nullable=True),
        sa.Column("authentic_engagement", sa.BigInteger(), nullable=True),
        sa.Column("audience_country", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "authentic_engagement >= 0", name=op.f("ck_social_accounts_authentic_engagement_floor")
        ),
        sa.CheckConstraint(
            "average_engagement >= 0", name=op.f("ck_social_accounts_average_engagement_floor")
        ),
        sa.CheckConstraint("followers >= 0", name=op.f("ck_social_accounts_followers_floor")),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_social_accounts_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_accounts")),
        sa.UniqueConstraint("platform", "handle", name=op.f("uq_social_accounts_platform_handle")),
    )
    with op.batch_alter_table("social_accounts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_social_accounts_influencer_id_platform"),
            ["influencer_id", "platform"],
            unique=False,
        )

    op.create_table(
        "sponsor_members",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "manager",
                "finance",
                "viewer",
                name="member_role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sponsor_id"],
            ["sponsors.id"],
            name=op.f("fk_sponsor_members_sponsor_id_sponsors"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_sponsor_members_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsor_members")),
        sa.UniqueConstraint("user_id", name=op.f("uq_sponsor_members_user_id")),
    )
    with op.batch_alter_table("sponsor_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sponsor_members_sponsor_id"), ["sponsor_id"], unique=False
        )

    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("brand_id", sa.String(length=32), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("title_key", sa.String(length=480), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "paused",
                "completed",
                "archived",
                name="campaign_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public",
                "private",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "approval",
            sa.Enum(
                "not_needed",
                "waiting",
                "approved",
                "returned",
                name="approval",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("approval_reason", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column(
            "listed",
            sa.Boolean(),
            sa.Computed(
                "status = 'published' AND visibility = 'public' AND NOT hidden AND NOT suspended",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("budget_amount", sa.BigInteger(), nullable=False),
        sa.Column("committed_amount", sa.BigInteger(), nullable=False),
        sa.Column("spent_amount", sa.BigInteger(), nullable=False),
        sa.Column("fee_from_amount", sa.BigInteger(), nullable=True),
        sa.Column("fee_to_amount", sa.BigInteger(), nullable=True),
        sa.Column("open_agreements", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("product_url", sa.String(length=2000), nullable=False),
        sa.Column("deliverables", sa.JSON(), nullable=False),
        sa.Column("usage_rights", sa.Text(), nullable=False),
        sa.Column("disclosure_rule", sa.Text(), nullable=False),
        sa.Column("disclosure_tags", sa.JSON(), nullable=False),
        sa.Column("hold_days", sa.Integer(), nullable=True),
        sa.Column("terms_version", sa.Integer(), nullable=False),
        sa.Column("influencers_wanted", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("platform_names", sa.String(length=200), nullable=False),
        sa.Column("min_reach", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("budget_amount > 0", name=op.f("ck_campaigns_budget_amount_positive")),
        sa.CheckConstraint(
            "committed_amount <= budget_amount", name=op.f("ck_campaigns_committed_within_budget")
        ),
        sa.CheckConstraint(
            "committed_amount >= 0", name=op.f("ck_campaigns_committed_amount_floor")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaigns_ends_after_it_starts")),
        sa.CheckConstraint("fee_from_amount >= 0", name=op.f("ck_campaigns_fee_from_amount_floor")),
        sa.CheckConstraint("fee_to_amount >= fee_from_amount", name=op.f("ck_campaigns_fee_range")),
        sa.CheckConstraint("hold_days BETWEEN 0 AND 90", name=op.f("ck_campaigns_hold_days_range")),
        sa.CheckConstraint("min_reach >= 0", name=op.f("ck_campaigns_min_reach_floor")),
        sa.CheckConstraint("open_agreements >= 0", name=op.f("ck_campaigns_open_agreements_floor")),
        sa.CheckConstraint(
            "spent_amount <= committed_amount", name=op.f("ck_campaigns_spent_within_committed")
        ),
        sa.CheckConstraint("spent_amount >= 0", name=op.f("ck_campaigns_spent_amount_floor")),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name=op.f("fk_campaigns_brand_id_brands")
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_campaigns_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaigns_approval_submitted_at_id"),
            ["approval", "submitted_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_campaigns_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_campaigns_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_listed_budget_amount_id"),
            ["listed", "budget_amount", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_listed_ends_on_id"), ["listed", "ends_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_listed_published_at_id"),
            ["listed", "published_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_sponsor_id_budget_amount_id"),
            ["sponsor_id", "budget_amount", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_sponsor_id_created_at_id"),
            ["sponsor_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_sponsor_id_ends_on_id"),
            ["sponsor_id", "ends_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_sponsor_id_status_created_at_id"),
            ["sponsor_id", "status", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_sponsor_id_title_key_id"),
            ["sponsor_id", "title_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_campaigns_status_created_at_id"),
            ["status", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "deposits",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("pay_url", sa.String(length=2000), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "settled",
                "declined",
                name="deposit_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_deposits_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_deposits_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
        sa.UniqueConstraint("gateway", "external_id", name=op.f("uq_deposits_gateway_external_id")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_deposits_payment_id")),
    )
    with op.batch_alter_table("deposits", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deposits_sponsor_id_created_at_id"),
            ["sponsor_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_deposits_status_created_at"), ["status", "created_at"], unique=False
        )

    op.create_table(
        "maturities",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_maturities_amount_positive")),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_maturities_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_maturities_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maturities")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_maturities_payment_id")),
    )
    with op.batch_alter_table("maturities", schema=None) as batch_op:
        batch_op.create_index(
            "ix_maturities_due_at_waiting",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("matured_at IS NULL"),
            postgresql_where=sa.text("matured_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_maturities_influencer_id_matured_at_due_at"),
            ["influencer_id", "matured_at", "due_at"],
            unique=False,
        )

    op.create_table(
        "products",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("brand_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("price_amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(price_amount IS NULL) = (currency IS NULL)",
            name=op.f("ck_products_price_has_a_currency"),
        ),
        sa.CheckConstraint("price_amount > 0", name=op.f("ck_products_price_amount_positive")),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_products_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("brand_id", "name_key", name=op.f("uq_products_brand_id_name_key")),
    )
    op.create_table(
        "transfers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("debit_account_id", sa.String(length=32), nullable=False),
        sa.Column("credit_account_id", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "deposit",
                "hold",
                "release",
                "commission",
                "mature",
                "refund",
                "platform_fee",
                "withdraw",
                "payout",
                "payout_failed",
                "clawback",
                "clawback_owed",
                "clawback_repaid",
                "reversal",
                name="transfer_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=True),
        sa.Column("idempotency_key", sa.String(length=160), nullable=False),
        sa.Column("reverses_id", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfers_amount_positive")),
        sa.CheckConstraint(
            "debit_account_id <> credit_account_id", name=op.f("ck_transfers_two_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["credit_account_id", "currency"],
            ["accounts.id", "accounts.currency"],
            name=op.f("fk_transfers_credit_account_id_currency_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["debit_account_id", "currency"],
            ["accounts.id", "accounts.currency"],
            name=op.f("fk_transfers_debit_account_id_currency_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_transfers_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["transfers.id"], name=op.f("fk_transfers_reverses_id_transfers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_transfers_idempotency_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_transfers_reverses_id")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_at_id"), ["at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_transfers_credit_account_id_at"),
            ["credit_account_id", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_transfers_debit_account_id_at"), ["debit_account_id", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_transfers_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_transfers_reference_at"), ["reference", "at"], unique=False
        )

    op.create_table(
        "withdrawals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "awaiting_approval",
                "queued",
                "sending",
                "unknown",
                "paid",
                "failed",
                name="withdrawal_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("requested_by", sa.String(length=32), nullable=False),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_withdrawals_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_withdrawals_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint(
            "gateway", "external_id", name=op.f("uq_withdrawals_gateway_external_id")
        ),
        sa.UniqueConstraint("payment_id", name=op.f("uq_withdrawals_payment_id")),
    )
    with op.batch_alter_table("withdrawals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_withdrawals_influencer_id_created_at_id"),
            ["influencer_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_withdrawals_status_created_at"), ["status", "created_at"], unique=False
        )

    op.create_table(
        "ad_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "invitation",
                "application",
                "assignment",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "chosen_by",
            sa.Enum(
                "applied",
                "hand_picked",
                "search",
                "recommendation",
                "score_run",
                "line_up",
                name="chosen_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("chosen_ref", sa.String(length=64), nullable=True),
        sa.Column("started_by", sa.String(length=32), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "negotiating",
                "active",
                "completed",
                "cancelled",
                "rejected",
                "withdrawn",
                "expired",
                name="ad_request_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("awaits_consent", sa.Boolean(), nullable=False),
        sa.Column("current_offer_id", sa.String(length=32), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_extended", sa.Boolean(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "due",
                "in_review",
                "approved",
                "published",
                "disputed",
                "completed",
                "cancelled",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("next_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_for_sponsor", sa.Boolean(), nullable=False),
        sa.Column("waits_for_influencer", sa.Boolean(), nullable=False),
        sa.Column("waits_for_admin", sa.Boolean(), nullable=False),
        sa.Column("accepted_offer_id", sa.String(length=32), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=True),
        sa.Column("ratings_close_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratings_revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("escrow_account_id", sa.String(length=32), nullable=True),
        sa.Column("commission_basis_points", sa.Integer(), nullable=True),
        sa.Column("fee_amount", sa.BigInteger(), nullable=False),
        sa.Column("commission_cap_amount", sa.BigInteger(), nullable=False),
        sa.Column("platform_fee_amount", sa.BigInteger(), nullable=False),
        sa.Column("held_amount", sa.BigInteger(), nullable=False),
        sa.Column("released_amount", sa.BigInteger(), nullable=False),
        sa.Column("refunded_amount", sa.BigInteger(), nullable=False),
        sa.Column("platform_charged_amount", sa.BigInteger(), nullable=False),
        sa.Column("commission_paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "commission_basis_points BETWEEN 1 AND 10000",
            name=op.f("ck_ad_requests_commission_rate"),
        ),
        sa.CheckConstraint(
            "commission_cap_amount >= 0", name=op.f("ck_ad_requests_commission_cap_amount_floor")
        ),
        sa.CheckConstraint(
            "commission_paid_amount <= commission_cap_amount",
            name=op.f("ck_ad_requests_commission_within_cap"),
        ),
        sa.CheckConstraint(
            "commission_paid_amount >= 0", name=op.f("ck_ad_requests_commission_paid_amount_floor")
        ),
        sa.CheckConstraint("fee_amount >= 0", name=op.f("ck_ad_requests_fee_amount_floor")),
        sa.CheckConstraint(
            "held_amount = fee_amount + commission_cap_amount + platform_fee_amount",
            name=op.f("ck_ad_requests_held_is_its_parts"),
        ),
        sa.CheckConstraint("held_amount >= 0", name=op.f("ck_ad_requests_held_amount_floor")),
        sa.CheckConstraint(
            "platform_charged_amount >= 0",
            name=op.f("ck_ad_requests_platform_charged_amount_floor"),
        ),
        sa.CheckConstraint(
            "platform_fee_amount >= 0", name=op.f("ck_ad_requests_platform_fee_amount_floor")
        ),
        sa.CheckConstraint(
            "refunded_amount >= 0", name=op.f("ck_ad_requests_refunded_amount_floor")
        ),
        sa.CheckConstraint(
            "released_amount + refunded_amount + platform_charged_amount <= held_amount",
            name=op.f("ck_ad_requests_paid_out_within_held"),
        ),
        sa.CheckConstraint(
            "released_amount >= 0", name=op.f("ck_ad_requests_released_amount_floor")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_ad_requests_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["escrow_account_id"],
            ["accounts.id"],
            name=op.f("fk_ad_requests_escrow_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_ad_requests_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_ad_requests_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_requests")),
    )
    with op.batch_alter_table("ad_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ad_requests_campaign_id_status_created_at_id"),
            ["campaign_id", "status", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_influencer_id_created_at_id"),
            ["influencer_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_influencer_id_next_deadline_id"),
            ["influencer_id", "next_deadline", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_influencer_id_status_created_at_id"),
            ["influencer_id", "status", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_ratings_close_at_id"),
            ["ratings_close_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_sponsor_id_created_at_id"),
            ["sponsor_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_sponsor_id_next_deadline_id"),
            ["sponsor_id", "next_deadline", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_sponsor_id_status_created_at_id"),
            ["sponsor_id", "status", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_status_answer_by_id"),
            ["status", "answer_by", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ad_requests_status_created_at_id"),
            ["status", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_ad_requests_campaign_id_influencer_id_live",
            ["campaign_id", "influencer_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'negotiating', 'active')"),
            postgresql_where=sa.text("status IN ('proposed', 'negotiating', 'active')"),
        )

    op.create_table(
        "brand_terms",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("brand_id", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.String(length=32), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "alias",
                "keyword",
                "exclusion",
                name="term_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=240), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_brand_terms_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_brand_terms_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_terms")),
    )
    with op.batch_alter_table("brand_terms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_brand_terms_brand_id_kind"), ["brand_id", "kind"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_brand_terms_product_id"), ["product_id"], unique=False)

    op.create_table(
        "campaign_countries",
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("country_key", sa.String(length=240), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_countries_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "country_key", name=op.f("pk_campaign_countries")),
    )
    with op.batch_alter_table("campaign_countries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_countries_country_key_campaign_id"),
            ["country_key", "campaign_id"],
            unique=False,
        )

    op.create_table(
        "campaign_niches",
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("niche", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_niches_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "niche", name=op.f("pk_campaign_niches")),
    )
    with op.batch_alter_table("campaign_niches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_niches_niche_campaign_id"),
            ["niche", "campaign_id"],
            unique=False,
        )

    op.create_table(
        "campaign_phases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_campaign_phases_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_phases_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_phases")),
    )
    with op.batch_alter_table("campaign_phases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_phases_campaign_id_starts_on"),
            ["campaign_id", "starts_on"],
            unique=False,
        )

    op.create_table(
        "campaign_products",
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_products_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_campaign_products_product_id_products")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "product_id", name=op.f("pk_campaign_products")),
    )
    with op.batch_alter_table("campaign_products", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_products_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "deliverables",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ad_request_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("platform_fee_amount", sa.BigInteger(), nullable=False),
        sa.Column("released_amount", sa.BigInteger(), nullable=False),
        sa.Column("refunded_amount", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("publish_by", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "due",
                "in_review",
                "approved",
                "published",
                "disputed",
                "completed",
                "cancelled",
                name="deliverable_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_extended", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_passed", sa.Boolean(), nullable=True),
        sa.Column("check_detail", sa.String(length=300), nullable=True),
        sa.Column("disclosure_found", sa.Boolean(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "cancel_requested_by",
            sa.Enum(
                "sponsor",
                "influencer",
                "admin",
                "system",
                name="cancel_requested_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("cancel_request_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_deliverables_amount_floor")),
        sa.CheckConstraint(
            "platform_fee_amount >= 0", name=op.f("ck_deliverables_platform_fee_amount_floor")
        ),
        sa.CheckConstraint(
            "refunded_amount >= 0", name=op.f("ck_deliverables_refunded_amount_floor")
        ),
        sa.CheckConstraint(
            "released_amount + refunded_amount <= amount",
            name=op.f("ck_deliverables_paid_within_amount"),
        ),
        sa.CheckConstraint(
            "released_amount >= 0", name=op.f("ck_deliverables_released_amount_floor")
        ),
        sa.CheckConstraint("share BETWEEN 1 AND 100", name=op.f("ck_deliverables_share_percent")),
        sa.ForeignKeyConstraint(
            ["ad_request_id"],
            ["ad_requests.id"],
            name=op.f("fk_deliverables_ad_request_id_ad_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverables")),
        sa.UniqueConstraint(
            "ad_request_id", "position", name=op.f("uq_deliverables_ad_request_id_position")
        ),
    )
    with op.batch_alter_table("deliverables", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliverables_remind_at_id"), ["remind_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deliverables_status_act_at_id"), ["status", "act_at", "id"], unique=False
        )

    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ad_request_id", sa.String(length=32), nullable=False),
        sa.Column(
            "by",
            sa.Enum(
                "sponsor",
                "influencer",
                "admin",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ad_request_id"],
            ["ad_requests.id"],
            name=op.f("fk_messages_ad_request_id_ad_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_messages_ad_request_id_created_at_id"),
            ["ad_request_id", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ad_request_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "by",
            sa.Enum(
                "sponsor",
                "influencer",
                "admin",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("fee_amount", sa.BigInteger(), nullable=False),
        sa.Column("commission_basis_points", sa.Integer(), nullable=True),
        sa.Column("commission_cap_amount", sa.BigInteger(), nullable=True),
        sa.Column("deliverables", sa.JSON(), nullable=False),
        sa.Column("usage_rights", sa.Text(), nullable=False),
        sa.Column("exclusivity", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("campaign_terms_version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(commission_basis_points IS NULL) = (commission_cap_amount IS NULL)",
            name=op.f("ck_offers_commission_has_rate_and_cap"),
        ),
        sa.CheckConstraint(
            "commission_basis_points BETWEEN 1 AND 10000", name=op.f("ck_offers_commission_rate")
        ),
        sa.CheckConstraint(
            "commission_cap_amount > 0", name=op.f("ck_offers_commission_cap_positive")
        ),
        sa.CheckConstraint("fee_amount > 0", name=op.f("ck_offers_fee_amount_positive")),
        sa.CheckConstraint("number > 0", name=op.f("ck_offers_number_positive")),
        sa.ForeignKeyConstraint(
            ["ad_request_id"], ["ad_requests.id"], name=op.f("fk_offers_ad_request_id_ad_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("ad_request_id", "number", name=op.f("uq_offers_ad_request_id_number")),
        sa.UniqueConstraint("hash", name=op.f("uq_offers_hash")),
    )
    op.create_table(
        "ratings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ad_request_id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column(
            "by",
            sa.Enum(
                "sponsor",
                "influencer",
                "admin",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_ratings_stars")),
        sa.ForeignKeyConstraint(
            ["ad_request_id"], ["ad_requests.id"], name=op.f("fk_ratings_ad_request_id_ad_requests")
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"], ["influencers.id"], name=op.f("fk_ratings_influencer_id_influencers")
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_ratings_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("ad_request_id", "by", name=op.f("uq_ratings_ad_request_id_by")),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ratings_influencer_id_by_created_at"),
            ["influencer_id", "by", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ratings_sponsor_id_by_created_at"),
            ["sponsor_id", "by", "created_at"],
            unique=False,
        )

    op.create_table(
        "disputes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deliverable_id", sa.String(length=32), nullable=False),
        sa.Column(
            "opened_by",
            sa.Enum(
                "sponsor",
                "influencer",
                "admin",
                "system",
                name="opened_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column(
            "was",
            sa.Enum(
                "due",
                "in_review",
                "approved",
                "published",
                "disputed",
                "completed",
                "cancelled",
                name="was",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("file_ids", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_file_ids", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalate_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_influencer_percent", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "to_influencer_percent BETWEEN 0 AND 100", name=op.f("ck_disputes_percent")
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverables.id"],
            name=op.f("fk_disputes_deliverable_id_deliverables"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disputes_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_disputes_decided_at_created_at_id"),
            ["decided_at", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_disputes_decided_at_escalate_at_id"),
            ["decided_at", "escalate_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_disputes_deliverable_id"), ["deliverable_id"], unique=False
        )
        batch_op.create_index(
            "uq_disputes_deliverable_id_undecided",
            ["deliverable_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "submissions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deliverable_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("file_ids", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('approved', 'changes_requested')", name=op.f("ck_submissions_answer_known")
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverables.id"],
            name=op.f("fk_submissions_deliverable_id_deliverables"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "deliverable_id", "number", name=op.f("uq_submissions_deliverable_id_number")
        ),
    )
    for statement in UPGRADE[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    """Take back."""
    for statement in DOWNGRADE[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace("%", "%%")))
    op.drop_table("submissions")
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_disputes_deliverable_id_undecided",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_disputes_deliverable_id"))
        batch_op.drop_index(batch_op.f("ix_disputes_decided_at_escalate_at_id"))
        batch_op.drop_index(batch_op.f("ix_disputes_decided_at_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_disputes_created_at_id"))

    op.drop_table("disputes")
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratings_sponsor_id_by_created_at"))
        batch_op.drop_index(batch_op.f("ix_ratings_influencer_id_by_created_at"))

    op.drop_table("ratings")
    op.drop_table("offers")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_ad_request_id_created_at_id"))

    op.drop_table("messages")
    with op.batch_alter_table("deliverables", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliverables_status_act_at_id"))
        batch_op.drop_index(batch_op.f("ix_deliverables_remind_at_id"))

    op.drop_table("deliverables")
    with op.batch_alter_table("campaign_products", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_products_product_id"))

    op.drop_table("campaign_products")
    with op.batch_alter_table("campaign_phases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_phases_campaign_id_starts_on"))

    op.drop_table("campaign_phases")
    with op.batch_alter_table("campaign_niches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_niches_niche_campaign_id"))

    op.drop_table("campaign_niches")
    with op.batch_alter_table("campaign_countries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_countries_country_key_campaign_id"))

    op.drop_table("campaign_countries")
    with op.batch_alter_table("brand_terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brand_terms_product_id"))
        batch_op.drop_index(batch_op.f("ix_brand_terms_brand_id_kind"))

    op.drop_table("brand_terms")
    with op.batch_alter_table("ad_requests", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ad_requests_campaign_id_influencer_id_live",
            sqlite_where=sa.text("status IN ('proposed', 'negotiating', 'active')"),
            postgresql_where=sa.text("status IN ('proposed', 'negotiating', 'active')"),
        )
        batch_op.drop_index(batch_op.f("ix_ad_requests_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_status_answer_by_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_sponsor_id_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_sponsor_id_next_deadline_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_sponsor_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_ratings_close_at_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_influencer_id_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_influencer_id_next_deadline_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_influencer_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_ad_requests_campaign_id_status_created_at_id"))

    op.drop_table("ad_requests")
    with op.batch_alter_table("withdrawals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawals_status_created_at"))
        batch_op.drop_index(batch_op.f("ix_withdrawals_influencer_id_created_at_id"))

    op.drop_table("withdrawals")
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfers_reference_at"))
        batch_op.drop_index(batch_op.f("ix_transfers_payment_id"))
        batch_op.drop_index(batch_op.f("ix_transfers_debit_account_id_at"))
        batch_op.drop_index(batch_op.f("ix_transfers_credit_account_id_at"))
        batch_op.drop_index(batch_op.f("ix_transfers_at_id"))

    op.drop_table("transfers")
    op.drop_table("products")
    with op.batch_alter_table("maturities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_maturities_influencer_id_matured_at_due_at"))
        batch_op.drop_index(
            "ix_maturities_due_at_waiting",
            sqlite_where=sa.text("matured_at IS NULL"),
            postgresql_where=sa.text("matured_at IS NULL"),
        )

    op.drop_table("maturities")
    with op.batch_alter_table("deposits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deposits_status_created_at"))
        batch_op.drop_index(batch_op.f("ix_deposits_sponsor_id_created_at_id"))

    op.drop_table("deposits")
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaigns_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_sponsor_id_title_key_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_sponsor_id_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_sponsor_id_ends_on_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_sponsor_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_sponsor_id_budget_amount_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_listed_published_at_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_listed_ends_on_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_listed_budget_amount_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_brand_id"))
        batch_op.drop_index(batch_op.f("ix_campaigns_approval_submitted_at_id"))

    op.drop_table("campaigns")
    with op.batch_alter_table("sponsor_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sponsor_members_sponsor_id"))

    op.drop_table("sponsor_members")
    with op.batch_alter_table("social_accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_social_accounts_influencer_id_platform"))

    op.drop_table("social_accounts")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payments_sponsor_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_payments_reference_created_at"))
        batch_op.drop_index(batch_op.f("ix_payments_kind_status_created_at"))
        batch_op.drop_index(batch_op.f("ix_payments_influencer_id_created_at_id"))

    op.drop_table("payments")
    op.drop_table("member_invitations")
    with op.batch_alter_table("influencer_niches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_influencer_niches_niche_influencer_id"))

    op.drop_table("influencer_niches")
    with op.batch_alter_table("brands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brands_sponsor_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_brands_name_key_id"))

    op.drop_table("brands")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_accounts_reference_escrow",
            sqlite_where=sa.text("kind = 'escrow'"),
            postgresql_where=sa.text("kind = 'escrow'"),
        )
        batch_op.drop_index(batch_op.f("ix_accounts_sponsor_id_kind_currency"))
        batch_op.drop_index(batch_op.f("ix_accounts_influencer_id_kind_currency"))

    op.drop_table("accounts")
    with op.batch_alter_table("sponsors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sponsors_name_id"))

    op.drop_table("sponsors")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_user_id_read_at_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_notifications_user_id_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_notifications_created_at"))

    op.drop_table("notifications")
    op.drop_table("mail_preferences")
    with op.batch_alter_table("influencers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_influencers_reach_id"))
        batch_op.drop_index(batch_op.f("ix_influencers_rating_id"))
        batch_op.drop_index(batch_op.f("ix_influencers_name_key_id"))
        batch_op.drop_index(batch_op.f("ix_influencers_listed"))
        batch_op.drop_index(batch_op.f("ix_influencers_language_reach_id"))
        batch_op.drop_index(batch_op.f("ix_influencers_currency_price_amount_id"))
        batch_op.drop_index(batch_op.f("ix_influencers_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_influencers_country_reach_id"))

    op.drop_table("influencers")
    with op.batch_alter_table("auth_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auth_sessions_user_id_revoked_at"))
        batch_op.drop_index(batch_op.f("ix_auth_sessions_expires_at"))

    op.drop_table("auth_sessions")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeals_made_by"))

    op.drop_table("appeals")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_keys_user_id_created_at"))

    op.drop_table("api_keys")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_role_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_users_hidden"))
        batch_op.drop_index(batch_op.f("ix_users_created_at_id"))

    op.drop_table("users")
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_files_owner_id_attached_type_created_at"))
        batch_op.drop_index(batch_op.f("ix_stored_files_attached_type_created_at"))
        batch_op.drop_index(batch_op.f("ix_stored_files_attached_type_attached_id"))

    op.drop_table("stored_files")
    with op.batch_alter_table("state_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_state_changes_subject_id_at"))

    op.drop_table("state_changes")
    op.drop_table("option_values")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mails_to_address_created_at"))
        batch_op.drop_index(batch_op.f("ix_mails_created_at_id"))

    op.drop_table("mails")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_status_run_after"))
        batch_op.drop_index(batch_op.f("ix_jobs_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_jobs_requested_by_id"))
        batch_op.drop_index(batch_op.f("ix_jobs_created_at_id"))

    op.drop_table("jobs")
    op.drop_table("job_windows")
    with op.batch_alter_table("idempotency_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_records_created_at"))

    op.drop_table("idempotency_records")
    with op.batch_alter_table("gateway_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gateway_events_subject"))
        batch_op.drop_index(batch_op.f("ix_gateway_events_processed_at_received_at"))

    op.drop_table("gateway_events")
    with op.batch_alter_table("gateway_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gateway_entries_gateway_currency_at"))

    op.drop_table("gateway_entries")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flags_subject_type_subject_id_status"))
        batch_op.drop_index(batch_op.f("ix_flags_status_created_at_id"))
        batch_op.drop_index(batch_op.f("ix_flags_created_at_id"))

    op.drop_table("flags")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_subject_id_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_at_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_action_at"))

    op.drop_table("audit_entries")
