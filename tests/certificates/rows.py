"""For the test of rows: an existing row for each address of this room that names one."""

from __future__ import annotations

from certificates import issuing


def row_urls(cast) -> dict[str, dict]:
    certificate = cast.pairing.certificates.first() or issuing.issue(cast.pairing, by=cast.county)
    return {
        "certificates:events": {"pk": cast.pairing.pk},
        "certificates:panel": {"pk": cast.pairing.pk},
        "certificates:issue": {"pk": cast.pairing.pk},
        "certificates:detail": {"pk": certificate.pk},
        "certificates:pdf": {"pk": certificate.pk},
        "certificates:void": {"pk": certificate.pk},
    }
