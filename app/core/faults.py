"""Named points between two writes, at which a test may let the process die.

Outside the tests a point does nothing: only ACCORD_ENV=test reads ACCORD_FAULT.
"""

from __future__ import annotations

import os
import signal

from app.core.settings import settings


def point(name: str) -> None:
    """Die here, at once and without a word, if this is the point that the settings name."""
    if settings().fault == name:
        os.kill(os.getpid(), signal.SIGKILL)
