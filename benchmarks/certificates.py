"""A certificate: ours (a kept typst compiler), a new compiler each time, and the bytes alone."""

from __future__ import annotations

import hashlib

from benchmarks.timing import Row, compare
from certificates import rendering
from certificates.models import Certificate


def measure(size: str, *, rounds: int) -> list[Row]:
    facts = Certificate.objects.latest("pk").facts
    pdf = rendering.render(facts)

    def fresh() -> bytes:
        rendering._compiler.cache_clear()
        return rendering.render(facts)

    return compare(
        "A certificate (拜师帖) as PDF",
        size,
        {
            "Bangdai: typst, compiler kept": lambda: rendering.render(facts),
            "typst, a new compiler each time": fresh,
            "limit: the same bytes hashed and copied": lambda: (
                hashlib.sha256(pdf).digest(),
                bytearray(pdf),
            ),
        },
        rounds=rounds,
    )
