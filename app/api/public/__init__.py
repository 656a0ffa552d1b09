"""Anyone."""
