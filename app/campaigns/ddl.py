"""The index of the text search, which metadata cannot express.

The models attach the statements to the table; the migration runs the same ones.

It needs PostgreSQL's pg_trgm. Where the extension is not there and may not be made, the search
works without the index. SQLite has nothing alike that LIKE uses on a plain table.
"""

from __future__ import annotations

TABLE = "campaigns"
INDEX = "ix_campaigns_search_text_trgm"

POSTGRESQL = (
    """DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'pg_trgm is not available: campaigns are searched without an index';
END $$""",
    f"""DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin (search_text gin_trgm_ops);
  END IF;
END $$""",
)
