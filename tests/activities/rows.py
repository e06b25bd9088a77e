"""An existing row for every address of this room that names one."""

from __future__ import annotations

from activities.entering import keep
from activities.files import check
from tests.activities.making import make_assignment, make_session, make_visit, photo


def row_urls(cast) -> dict[str, dict]:
    visit = make_visit(pairing=cast.pairing)
    keep([check(photo())], visit, by=cast.mentee)
    pairing = {"pairing": cast.pairing.pk}
    assignment = {"pk": make_assignment(pairing=cast.pairing).pk}
    return {
        "activities:months": {"pk": cast.pairing.pk},
        "activities:panel": {"pk": cast.pairing.pk},
        "activities:visit_create": pairing,
        "activities:session_create": pairing,
        "activities:assignment_create": pairing,
        "activities:visit_detail": {"pk": visit.pk},
        "activities:session_detail": {"pk": make_session(pairing=cast.pairing).pk},
        "activities:assignment_detail": assignment,
        "activities:hand_in": assignment,
        "activities:review": assignment,
        "activities:file": {"pk": visit.files.get().pk},
    }
