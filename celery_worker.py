"""Entry point of Celery: `celery -A celery_worker:celery_app worker`, and `… beat`."""

from __future__ import annotations

from celery.signals import worker_process_init
from kombu import Queue

from app.core.jobs import QUEUES, celery_app
from app.factory import create_server
from run import die_with_parent

flask_app = create_server()

# A worker without --queues serves them all.
celery_app.conf.task_queues = [Queue(name, routing_key=name) for name in QUEUES]


@worker_process_init.connect
def _end_with_the_worker(**_: object) -> None:
    """A pool process ends when its worker is killed, instead of waiting for work for ever."""
    die_with_parent()
