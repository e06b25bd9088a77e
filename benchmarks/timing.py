"""Times several ways of doing one thing in turn, so that a drifting machine hits all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    what: str  # what a user would wait for
    size: str  # on how much
    way: str  # how it is done
    median: float  # milliseconds
    ratio: float  # of the first way's median


def compare(
    what: str, size: str, ways: dict[str, Callable[[], object]], *, rounds: int = 25
) -> list[Row]:
    """Each way `rounds` times in turn after two warm-ups; medians, and ratios to the first way."""
    for _ in range(2):
        for run in ways.values():
            run()
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, run in ways.items():
            began = time.perf_counter()
            run()
            times[way].append((time.perf_counter() - began) * 1000)
    medians = {way: statistics.median(measured) for way, measured in times.items()}
    first = next(iter(medians.values()))
    return [Row(what, size, way, median, median / first) for way, median in medians.items()]


def peak_megabytes() -> int:
    """The most memory of this process so far. Not by getrusage: what that gives begins with the
    peak of the process that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024
