"""`python -m benchmarks.papers`: pages of paper printed and read a second.

A stack of pages as an office's scanner gives them (one PDF, JPEG of quality 60, 200 dpi, some
upside down), read as the worker does without the database: drawn by pdfium, the code found, the
page and its small picture encoded. Beside it the limit: the same pictures decoded and encoded by
Pillow alone, once each. One process, no network; the median of some rounds, interleaved.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable

import django


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.papers", description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    os.environ.setdefault("SECRET_KEY", "of a benchmark")
    os.environ.setdefault("ID_DIGEST_KEY", "of a benchmark")
    django.setup()
    from benchmarks.paper_stacks import limit, printed, read, scanned, seconds, stack_of

    pages = options.pages
    scans = scanned(pages)
    stack = stack_of(scans)
    kinds: dict[str, Callable[[], int]] = {
        "printed": lambda: printed(pages),
        "read, upright and kept": lambda: read(stack, pages),
        "limit: decoded and encoded by Pillow": lambda: limit(scans),
    }
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for _round in range(options.rounds):
        for name, work in kinds.items():
            times[name].append(seconds(work, pages))
    print(f"{pages} pages, {len(stack) / 1e6:.1f} MB as one PDF, {options.rounds} rounds")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:>40}: {pages / median:6.1f} pages a second ({median:.2f} s)")


if __name__ == "__main__":
    main()
