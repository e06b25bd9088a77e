"""An import of pairs taken back; refused where later work rests on a pair."""

from __future__ import annotations

import datetime as dt

import pytest

from activities.models import Session
from pairings.models import Pairing, PairingEvent
from rosters.kinds import Refused
from tests.factories import make_cadre, make_mentor
from tests.pairings.pair_rosters import row, run, undo


@pytest.fixture
def told(cast, tree):
    """Two imported pairs of 周师傅."""
    make_mentor(cadre=make_cadre(unit=tree.shangshu, name="周师傅", birth_month="1970-01"))
    for name in ("郑徒弟", "王徒弟"):
        make_cadre(unit=tree.shangshu, name=name)
    return run(cast.county, row(), row(帮带对象姓名="王徒弟"))


def names() -> set[str]:
    return {*Pairing.objects.values_list("mentee__name", flat=True)}


def test_undone_they_are_as_if_they_had_never_come(cast, told):
    events = PairingEvent.objects.exclude(pairing=cast.pairing)
    assert (names(), events.count()) == ({"马徒弟", "郑徒弟", "王徒弟"}, 8)
    assert undo(told) == 2
    assert (names(), events.count()) == ({"马徒弟"}, 0)


def test_a_later_move_forbids_it_and_nothing_is_undone(cast, told):
    Pairing.objects.get(mentee__name="王徒弟").move("suspend", by=cast.county, reason="借调")
    with pytest.raises(Refused) as refused:
        undo(told)
    assert refused.value.rows == [(0, 3, "该结对导入后又有变动。")]
    assert names() == {"马徒弟", "郑徒弟", "王徒弟"}
    assert undo(told, keep_blocked=True) == 1
    assert names() == {"马徒弟", "王徒弟"}


def test_a_record_forbids_it(cast, told):
    Session.objects.create(
        pairing=Pairing.objects.get(mentee__name="郑徒弟"),
        method="on_site",
        happened_on=dt.date(2026, 4, 1),
        topic="现场教学",
        created_by=cast.county,
    )
    with pytest.raises(Refused) as refused:
        undo(told)
    assert refused.value.rows == [(0, 2, "该结对已有：帮带记录。")]
