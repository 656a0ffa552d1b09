"""Let several processes do the same thing at the same moment, against the same services.

Building the app takes each process far longer than what most tests ask of it, so the processes are
kept for the next test on the same services, and end with the test run.
"""

from __future__ import annotations

import json
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


class Contender:
    """One process of `tests.services.contender`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.log = tempfile.NamedTemporaryFile(prefix="accord-contender-")  # noqa: SIM115 - closed by `stop`
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.contender"],
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
        assert line, Path(self.log.name).read_text(errors="replace")[-3000:]
        return line.rstrip("\n")

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


_kept: dict[tuple[tuple[str, str], ...], list[Contender]] = {}


def contend(
    environ: Mapping[str, str],
    target: str,
    arguments: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    processes: int = 2,
    times: int = 1,
    threads: int = 1,
) -> list[Any]:
    """What came of `target` (`module:function`), called `times` times in each process.

    `arguments` are those of every process, or a list with those of each. All start together, when
    each has built its app. The results of one process stand together, in its order.
    """
    each = [arguments] * processes if isinstance(arguments, Mapping) else list(arguments)
    contenders = _contenders(environ, len(each))
    order = {"target": target, "times": times, "threads": threads}
    try:
        for contender, own in zip(contenders, each, strict=True):
            contender.tell(json.dumps({**order, "arguments": dict(own)}))
        for contender in contenders:
            assert contender.hear() == "ready"
        for contender in contenders:
            contender.tell("go")
        return [result for contender in contenders for result in json.loads(contender.hear())]
    except BaseException:
        stop_contenders()  # the next test shall not hear what came of this one
        raise


def _contenders(environ: Mapping[str, str], count: int) -> list[Contender]:
    settings = {name: value for name, value in environ.items() if name != NO_SETTING}
    kept = _kept.setdefault(tuple(sorted(settings.items())), [])
    kept.extend(Contender(settings) for _ in range(count - len(kept)))
    return kept[:count]


def stop_contenders() -> None:
    """End every process that is kept."""
    for contenders in _kept.values():
        for contender in contenders:
            contender.stop()
    _kept.clear()
