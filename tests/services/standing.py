"""Processes that stand by: each builds the app, says `ready`, and does what lines tell it.

Building the app takes a process far longer than what most tests ask of it. So the processes of a
module are kept for the next test on the same services, and end with the test run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from run import die_with_parent
from tests.services.processes import ROOT

# Names the test that runs: no setting.
NO_SETTING = "PYTEST_CURRENT_TEST"


class Standing:
    """One process of a module that is run as a program."""

    def __init__(self, module: str, environ: Mapping[str, str]) -> None:
        self.log = tempfile.NamedTemporaryFile(prefix="accord-standing-")  # noqa: SIM115 - closed by `stop`
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=dict(environ),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            preexec_fn=die_with_parent,
        )

    def tell(self, line: str) -> None:
        """Give it a line."""
        self._pipe(self.process.stdin).write(line + "\n")
        self._pipe(self.process.stdin).flush()

    def hear(self) -> str:
        """Its next line; fails with the end of its log when it has ended."""
        line = self._pipe(self.process.stdout).readline()
        assert line, self.complaints()
        return line.rstrip("\n")

    def complaints(self) -> str:
        """The end of its log."""
        return Path(self.log.name).read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """End it whatever it does."""
        self.process.kill()
        self.process.communicate()
        self.log.close()

    @staticmethod
    def _pipe(pipe: Any) -> TextIO:
        assert pipe is not None
        found: TextIO = pipe
        return found


_kept: dict[tuple[str, tuple[tuple[str, str], ...]], list[Standing]] = {}


def stand_by(module: str, environ: Mapping[str, str], count: int) -> list[Standing]:
    """So many processes of `module` (`python -m`) with these settings, ready."""
    settings = {name: value for name, value in environ.items() if name != NO_SETTING}
    kept = _kept.setdefault((module, tuple(sorted(settings.items()))), [])
    new = [Standing(module, settings) for _ in range(count - len(kept))]
    kept.extend(new)
    try:
        for each in new:
            assert each.hear() == "ready"
    except BaseException:
        dismiss()
        raise
    return kept[:count]


def exchange(processes: Sequence[Standing], lines: Sequence[str]) -> list[str]:
    """Give each of the first processes its line, and hear what each says to it."""
    asked = processes[: len(lines)]
    try:
        for process, line in zip(asked, lines, strict=True):
            process.tell(line)
        return [process.hear() for process in asked]
    except BaseException:
        dismiss()
        raise


def dismiss() -> None:
    """End every process that is kept, so that no test hears what came of an earlier one."""
    for processes in _kept.values():
        for each in processes:
            each.stop()
    _kept.clear()
