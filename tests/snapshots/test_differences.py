"""The question asked again: each difference has its reason, and what came later makes none."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.models import MenteeCategory
from cadres.registering import correct
from pairings.models import Pairing
from pairings.reversing import reverse
from snapshots.differences import figures_changed, parts
from stats.shapes import Base
from tests.activities.making import make_visit
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing
from tests.snapshots.made import sealed
from units import tree as unit_tree

D = dt.date
AS_OF = D(2026, 6, 30)
QUERIES = 24


def changes(snapshot):
    """Of the total line: the change by the title of the figure."""
    return {each.title: each.change for each in figures_changed(snapshot) if each.is_total}


def told(snapshot, user, base):
    """What is said of the rows of a base: name, then, now, reasons."""
    rows = [row for part in parts(snapshot, user) if part.base is base for row in part.rows]
    return [(row.name, row.then, row.now, [str(each.said) for each in row.why]) for row in rows]


@pytest.fixture
def snapshot(cast):
    # Without an agreed term nobody calls the pair silent.
    Pairing.objects.filter(pk=cast.pairing.pk).update(from_on=D(2026, 3, 1), to_on=None)
    cast.pairing.events.update(on=D(2026, 3, 1))
    return sealed(cast.pairing.county, AS_OF, by=cast.county)


def test_nothing_differs_at_once(cast, snapshot):
    assert (figures_changed(snapshot), parts(snapshot, cast.county)) == ([], [])


def test_what_happens_after_the_day_changes_no_figure(cast, tree, snapshot):
    make_visit(pairing=cast.pairing, happened_on=D(2026, 7, 3))
    detail = Pairing.objects.for_detail().get(pk=cast.pairing.pk)
    detail.move("suspend", by=cast.county, reason="借调")
    cast.pairing.mentee.move_to(tree.dipu, on=D(2026, 7, 1))
    assert (figures_changed(snapshot), parts(snapshot, cast.county)) == ([], [])


def test_a_record_entered_late_is_named_with_its_reason(cast, snapshot):
    make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
    assert changes(snapshot) == {"走访：走访合计": 1}
    assert told(snapshot, cast.county, Base.VISITS) == [
        (str(cast.pairing), "未计入", "上墅乡：走访合计", ["封存后补录的记录"])
    ]


def moved(cast, verb, **given):
    pairing = Pairing.objects.for_detail().get(pk=cast.pairing.pk)
    return pairing.move(verb, by=cast.county, **given)


def terminate(cast):
    return moved(cast, "terminate", reason="调离", document="无", on=D(2026, 6, 1))


def test_a_pair_that_was_ended_with_effect_from_before_goes_out(cast, snapshot):
    terminate(cast)
    [(name, then, now, why)] = told(snapshot, cast.county, Base.PAIRS)
    assert (name, why) == (str(cast.pairing), ["终止"])
    kind = "走出校门新进机关的乡镇干部"
    assert then == f"上墅乡：在帮带结对数、其中帮带中、{kind}"
    assert now == "上墅乡：累计已终止、终止、未注明"
    assert changes(snapshot) == {
        "帮带对象人数：帮带对象合计": -1,
        f"帮带对象人数：{kind}": -1,
        "帮带对象名册：未结对": 1,
        "占应结对人数：已结对": -1,
        "结对数·按截至日期状态：在帮带结对数": -1,
        "结对数·按截至日期状态：其中帮带中": -1,
        "结对数·按截至日期状态：累计已终止": 1,
        "结对数·统计期内变动：终止": 1,
        "结对数·统计期内终止（按原因）：未注明": 1,
        f"在帮带结对数·按帮带对象类别：{kind}": -1,
        "占帮带对象比例：35岁及以下": -1,
        "帮带对象人数·性别：男": -1,
        "帮带对象人数·年龄：30岁及以下": -1,
        "帮带对象人数·学历：未填写": -1,
        "帮带对象人数·政治面貌：未填写": -1,
        "帮带对象人数·人员类别：未填写": -1,
    }


def test_a_step_taken_back_is_a_reason_too(cast, snapshot):
    event = terminate(cast)
    later = sealed(cast.pairing.county, AS_OF, by=cast.county)
    fresh = Pairing.objects.for_detail().get(pk=cast.pairing.pk)
    reverse(fresh, event=event.pk, by=cast.county, reason="点错了")
    [(_name, _then, _now, why)] = told(later, cast.county, Base.PAIRS)
    assert why == ["撤销上一步操作"]
    assert figures_changed(snapshot) == []


def test_a_corrected_birth_month_changes_the_share(cast, snapshot):
    person = cast.pairing.mentee
    person.birth_month = "1970-01"
    correct(person, fields=["birth_month"], by=cast.county)
    [(name, then, now, why)] = told(snapshot, cast.county, Base.PEOPLE)
    assert (name, why) == ("马徒弟（上墅乡）", ["更正信息（出生年月）"])
    assert (then, now) == ("上墅乡：35岁及以下、30岁及以下", "上墅乡：56岁及以上")


def test_a_mentee_entered_late_comes_in(cast, tree, snapshot):
    person = make_cadre(unit=tree.dipu, name="后补")
    make_mentee(cadre=person, category=MenteeCategory.objects.first())
    assert [row[0] for row in told(snapshot, cast.county, Base.REGISTERED)] == ["后补（递铺街道）"]
    [(_name, then, now, why)] = told(snapshot, cast.county, Base.PEOPLE)
    assert (then, why) == ("未计入", ["封存后补录的人员"])
    assert now.startswith("递铺街道：")


def test_a_pair_registered_late_with_an_earlier_first_day(cast, tree, snapshot):
    mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name="老导师"))
    made = make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.dipu, name="新徒弟"))
    made.events.update(on=D(2026, 5, 1))
    [(name, then, _now, why)] = told(snapshot, cast.county, Base.PAIRS)
    assert (name, then, why[0]) == (str(made), "未计入", "封存后补录的结对")


def test_a_unit_that_moved_as_of_an_earlier_day_is_the_reason(cast, tree, snapshot):
    person = make_cadre(unit=tree.liujiatang, name="村干部")
    before = sealed(tree.anji, AS_OF, by=cast.county)
    unit_tree.move(tree.liujiatang, tree.dipu, on=D(2026, 6, 1), by=cast.county)
    [(name, then, now, why)] = told(before, cast.county, Base.PEOPLE)
    assert name == f"{person.name}（刘家塘村）"
    assert (then.split("：")[0], now.split("：")[0]) == ("上墅乡", "递铺街道")
    assert why == ["刘家塘村：调整隶属"]


def test_who_left_the_area_is_counted_without_a_name_and_without_reasons(cast, tree, snapshot):
    cast.pairing.mentee.move_to(tree.yuyue, on=D(2026, 6, 1), by=cast.county)
    rows = told(snapshot, cast.county, Base.PEOPLE)
    assert [(row[0], row[2], row[3]) for row in rows] == [("已不在您的管辖范围内", "未计入", [])]


def test_the_questions_are_as_many_for_many_rows_as_for_few(
    cast, tree, snapshot, django_assert_num_queries
):
    for number in (1, 30):
        for _ in range(number):
            make_visit(pairing=cast.pairing, happened_on=D(2026, 6, 3))
        parts(snapshot, cast.county)  # grants and codes are read once a request
        with django_assert_num_queries(QUERIES):
            parts(snapshot, cast.county)
