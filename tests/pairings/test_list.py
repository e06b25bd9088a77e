"""The list of pairs: whose, in what order, narrowed by what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from pairings.models import Pairing
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date
LIST = "/pairings/"
# Session, user, grants, own register row; count, rows.
QUERIES = 6


def listed(client, **filters):
    response = client.get(LIST, filters)
    assert response.status_code == 200
    return [str(row) for row in response.context["page"].rows]


@pytest.fixture
def pairs(cast, tree):
    """Beside the cast's active pair: one in each other group, with terms that end apart."""
    village = make_mentor(cadre=make_cadre(unit=tree.liujiatang, name="老支书"), capacity=9)
    make_pairing(
        mentor=village,
        mentee=make_cadre(unit=tree.liujiatang, name="王小村", birth_month="1999-01"),
        state="proposed",
        to_on=D(2026, 12, 31),
    )
    for name, state in [("李待批", "agreed"), ("陈暂停", "suspended"), ("周出师", "completed")]:
        make_pairing(mentor=village, mentee=make_cadre(unit=tree.dipu, name=name), state=state)


def test_the_office_sees_the_newest_pair_first(cast, pairs, signed_in):
    assert listed(signed_in(cast.county)) == [
        "老支书 → 周出师",
        "老支书 → 陈暂停",
        "老支书 → 李待批",
        "老支书 → 王小村",
        "褚师傅 → 马徒弟",
    ]


@pytest.mark.parametrize(
    ("filters", "mentees"),
    [
        ({"state": "unconfirmed"}, ["王小村"]),
        ({"state": "approval"}, ["李待批"]),
        ({"state": "active"}, ["马徒弟"]),
        ({"state": "suspended"}, ["陈暂停"]),
        ({"state": "ended"}, ["周出师"]),
        ({"ends_before": "2026-12-31"}, ["王小村"]),
        ({"ends_before": "2026-12-30"}, []),
        ({"q": "王小"}, ["王小村"]),
        ({"q": "wxc"}, ["王小村"]),
        ({"q": "chushifu"}, ["马徒弟"]),
        ({"q": "老支书", "state": "approval"}, ["李待批"]),
        ({"state": "no such", "ends_before": "31.12.", "q": "马徒弟"}, ["马徒弟"]),
    ],
)
def test_filters_narrow_the_list_together(cast, pairs, signed_in, filters, mentees):
    expected = {str(p) for p in Pairing.objects.filter(mentee__name__in=mentees)}
    assert set(listed(signed_in(cast.county), **filters)) == expected
    assert len(expected) == len(mentees)


def test_a_unit_takes_its_whole_subtree_and_another_countys_unit_narrows_nothing(
    cast, pairs, tree, signed_in
):
    client = signed_in(cast.county)
    assert listed(client, unit=tree.shangshu.pk) == ["老支书 → 王小村", "褚师傅 → 马徒弟"]
    assert listed(client, unit=tree.liujiatang.pk) == ["老支书 → 王小村"]
    assert len(listed(client, unit=tree.deqing.pk)) == 5


def test_a_mentee_sees_the_own_pair_alone_and_is_offered_no_units(cast, pairs, signed_in):
    response = signed_in(cast.mentee).get(LIST)
    assert [str(row) for row in response.context["page"].rows] == ["褚师傅 → 马徒弟"]
    assert "我的结对" in response.text
    assert "units/options" not in response.text
    assert "登记结对" not in response.text


def test_the_other_county_sees_an_empty_list(cast, pairs, signed_in):
    response = signed_in(cast.other_county).get(LIST)
    assert response.context["page"].rows == []
    assert "还没有结对，请点击上方按钮登记。" in response.text
    assert "师傅" not in response.text


def test_an_empty_answer_to_a_filter_offers_the_way_back(cast, pairs, signed_in):
    response = signed_in(cast.county).get(LIST, {"q": "查无此人"})
    assert "没有符合条件的结对。" in response.text
    assert "显示全部" in response.text


def test_the_filters_stay_in_the_address_of_the_next_page(cast, tree, signed_in):
    for number in range(51):
        make_pairing(
            mentor=cast.mentor_row, mentee=make_cadre(unit=tree.shangshu, name=f"学员{number}")
        )
    client = signed_in(cast.county)
    first = client.get(LIST, {"state": "active", "q": "褚师傅"})
    rows = [row.pk for row in first.context["page"].rows]
    cursor = first.context["page"].next
    assert f"?state=active&amp;q=%E8%A4%9A%E5%B8%88%E5%82%85&amp;after={cursor}" in first.text
    second = client.get(LIST, {"state": "active", "q": "褚师傅", "after": cursor})
    rows += [row.pk for row in second.context["page"].rows]
    assert rows == list(Pairing.objects.order_by("-id").values_list("pk", flat=True))
    assert second.context["page"].next == ""


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    for extra in range(number - 1):
        make_pairing(
            mentor=cast.mentor_row,
            mentee=make_cadre(unit=tree.liujiatang, name=f"学员{extra}"),
            state="proposed",
        )
    client = signed_in(cast.county)
    with django_assert_num_queries(QUERIES):
        assert len(listed(client)) == number


def test_a_row_says_whom_it_waits_for_and_since_when(cast, signed_in):
    Pairing.objects.update(state="mentor_agreed")
    day = timezone.localdate() - dt.timedelta(days=3)
    cast.pairing.events.update(at=timezone.now() - dt.timedelta(days=3))
    text = "".join(signed_in(cast.county).get(LIST).text.split())
    said = f"自{day.month}月{day.day}日起，已3天"
    assert f'帮带对象<spanclass="text-body-secondarytext-nowrap">{said}</span>' in text
