"""Runs contenders in turn and reports medians of wall and CPU time, and ratios to the first."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Measured:
    """Medians over the rounds, in microseconds a call; `ratio` is baseline / this, by CPU."""

    wall: float
    cpu: float
    ratio: float


def interleave(
    contenders: Mapping[str, Callable[[], object]], *, rounds: int = 7, calls: int = 100
) -> dict[str, Measured]:
    """Time every contender `rounds` times, in turn; the first is the baseline of the ratios.

    One round of warm-up is not counted. Ratios above 1 are faster than the baseline.
    """
    for contender in contenders.values():
        _timed(contender, max(1, calls // 5))
    wall: dict[str, list[float]] = {name: [] for name in contenders}
    cpu: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            seconds = _timed(contender, calls)
            wall[name].append(seconds[0])
            cpu[name].append(seconds[1])
    baseline = statistics.median(cpu[next(iter(contenders))])
    return {
        name: Measured(
            wall=round(statistics.median(wall[name]) / calls * 1e6, 1),
            cpu=round(statistics.median(cpu[name]) / calls * 1e6, 1),
            ratio=round(baseline / statistics.median(cpu[name]), 3),
        )
        for name in contenders
    }


def report(
    benchmark: str, measured: Mapping[str, Measured], bars: Mapping[str, float] | None = None
) -> None:
    """Print a table and keep it in results.json, beside what other benchmarks kept.

    `bars` are the ratios that contenders are to reach; a miss is printed as one.
    """
    print(f"\n{benchmark}\n{'':44}{'wall µs':>12}{'cpu µs':>12}{'ratio':>8}")
    for name, figures in measured.items():
        bar = (bars or {}).get(name)
        verdict = (
            "" if bar is None else f"  {'reaches' if figures.ratio >= bar else 'MISSES'} {bar}"
        )
        print(f"  {name:42}{figures.wall:12,.0f}{figures.cpu:12,.0f}{figures.ratio:8.2f}{verdict}")
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    kept[benchmark] = {name: asdict(figures) for name, figures in measured.items()}
    kept["machine"] = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "system": platform.system(),
    }
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


def _timed(contender: Callable[[], object], calls: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        contender()
    return time.perf_counter() - wall, time.process_time() - cpu
