"""`python -m benchmarks.alone WAY`: one export in a process of its own.

Prints the milliseconds that it took and the megabytes at its peak; the database is there already.
"""

from __future__ import annotations

import sys
import time

import django


def main() -> None:
    django.setup()
    from benchmarks.exports import WAYS, warm_up
    from benchmarks.timing import peak_megabytes

    warm_up()
    began = time.perf_counter()
    WAYS[sys.argv[1]][1]()
    taken = (time.perf_counter() - began) * 1000
    sys.stdout.write(f"{taken:.1f} {peak_megabytes()}\n")


if __name__ == "__main__":
    main()
