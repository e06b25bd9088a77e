"""An existing row for every address of this room that names one."""

from __future__ import annotations

import uuid

from activities.entering import keep
from activities.files import check
from tests.activities.making import (
    make_assignment,
    make_comment,
    make_matter,
    make_session,
    make_template,
    make_visit,
    photo,
)


def row_urls(cast) -> dict[str, dict]:
    visit = make_visit(pairing=cast.pairing)
    keep([check(photo())], visit, by=cast.mentee)
    pairing = {"pairing": cast.pairing.pk}
    set_once = make_assignment(pairing=cast.pairing, set_together=uuid.uuid4())
    assignment = {"pk": set_once.pk}
    template = {"pk": make_template(unit=cast.pairing.county, title=f"{uuid.uuid4()}").pk}
    session = make_session(pairing=cast.pairing)
    said = make_comment(on=visit, by=cast.mentee)
    return {
        "activities:months": {"pk": cast.pairing.pk},
        "activities:panel": {"pk": cast.pairing.pk},
        "activities:visit_create": pairing,
        "activities:visit_day": pairing,
        "activities:matters": {"pk": cast.pairing.pk},
        "activities:matter_close": {**pairing, "pk": make_matter(in_=visit).pk},
        "activities:session_create": pairing,
        "activities:assignment_create": pairing,
        "activities:visit_detail": {"pk": visit.pk},
        "activities:session_detail": {"pk": session.pk},
        "activities:assignment_detail": assignment,
        "activities:hand_in": assignment,
        "activities:review": assignment,
        "activities:desk_review": assignment,
        "activities:together": {"pk": set_once.set_together},
        "activities:template_edit": template,
        "activities:template_withdraw": template,
        "activities:comments": {"kind": "visit", "pk": visit.pk},
        "activities:withdraw_comment": {"pk": said.pk},
        "activities:pair_comments": {"pk": cast.pairing.pk},
        "activities:confirm": {"kind": "session", "pk": session.pk},
        "activities:file": {"pk": visit.files.get().pk},
    }
