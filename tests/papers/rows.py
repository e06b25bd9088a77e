"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations

from papers.models import PaperPage, Stack
from tests.papers.made import make_placed, make_waiting


def row_urls(cast) -> dict[str, dict]:
    placed = PaperPage.objects.placed().first()
    if placed is None:
        placed = make_placed(pairing=cast.pairing, by=cast.mentee)
        make_waiting(by=cast.mentee)
    waiting = PaperPage.objects.waiting_for(cast.mentee).get()
    stack = Stack.objects.filter(created_by=cast.mentee).first()
    return {
        "papers:panel": {"pk": cast.pairing.pk},
        "papers:print_month": {"pk": cast.pairing.pk},
        "papers:stack": {"pk": stack.pk},
        "papers:page": {"pk": placed.pk},
        "papers:picture": {"pk": placed.pk, "size": "small"},
        "papers:assign": {"pk": waiting.pk},
        "papers:discard": {"pk": waiting.pk},
        "papers:withdraw": {"pk": placed.pk},
    }
