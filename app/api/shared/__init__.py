"""Actions that several roles have alike, as functions that register them on a blueprint."""
