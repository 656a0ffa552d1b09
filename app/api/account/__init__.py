"""Any signed-in user: me, sessions, notifications, files, keys, jobs."""
