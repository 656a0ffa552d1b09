"""Real services for the tests: databases, broker, mail and a Celery worker.

Each is started once a pytest process, when a test first asks for it, and ends with that process.
`TEST_DATABASE_URL` and `TEST_REDIS_URL` name servers to use instead of the embedded ones.
"""
