import datetime as dt

import pytest
from django.urls import reverse

from activities.entering import KINDS
from tests.activities.making import make_assignment, make_session, make_visit
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing

LIST = reverse("activities:list")
MAKERS = {"visit": make_visit, "session": make_session, "assignment": make_assignment}


@pytest.fixture
def elsewhere(tree):
    """A pair of another county, whose records could leak."""
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="曹邻县"))
    return make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name="王邻县"))


def shown(client, **query):
    return [row.pk for row in client.get(LIST, query).context["page"].rows]


@pytest.mark.parametrize("kind", KINDS)
def test_each_sees_the_records_of_the_subtree_or_the_own_pairs(cast, signed_in, elsewhere, kind):
    mine, other = MAKERS[kind](pairing=cast.pairing), MAKERS[kind](pairing=elsewhere)
    for user in (cast.mentor, cast.mentee, cast.township, cast.county, cast.viewer):
        assert shown(signed_in(user), kind=kind) == [mine.pk]
    assert shown(signed_in(cast.other_county), kind=kind) == [other.pk]
    for user in (cast.stranger, cast.sibling, cast.sysadmin, cast.secadmin, cast.auditor):
        assert shown(signed_in(user), kind=kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_asks_as_many_questions_for_three_rows_as_for_one(
    cast, signed_in, django_assert_num_queries, kind
):
    client = signed_in(cast.county)
    for count in (1, 2):
        for _ in range(count):
            MAKERS[kind](pairing=cast.pairing)
        with django_assert_num_queries(7 if kind == "assignment" else 8):
            assert client.get(LIST, {"kind": kind}).status_code == 200


def test_the_newest_day_comes_first(cast, signed_in):
    days = [dt.date(2026, 5, 1), dt.date(2026, 7, 1), dt.date(2026, 6, 1)]
    old, new, middle = [make_visit(pairing=cast.pairing, happened_on=day) for day in days]
    assert shown(signed_in(cast.mentee), kind="visit") == [new.pk, middle.pk, old.pk]


def test_days_include_both_ends(cast, signed_in):
    rows = [
        make_session(pairing=cast.pairing, happened_on=dt.date(2026, 5, day)) for day in (1, 2, 3)
    ]
    client = signed_in(cast.county)
    found = shown(client, kind="session", first="2026-05-02", last="2026-05-03")
    assert found == [rows[2].pk, rows[1].pk]


def test_method_state_unit_and_name_narrow(cast, tree, signed_in):
    case = make_session(pairing=cast.pairing, method="case")
    make_session(pairing=cast.pairing, method="practice")
    done = make_assignment(pairing=cast.pairing, state="accepted")
    late = make_assignment(pairing=cast.pairing, due_on=dt.date(2026, 4, 1))
    client = signed_in(cast.county)
    assert shown(client, kind="session", method="case") == [case.pk]
    assert shown(client, kind="assignment", state="accepted") == [done.pk]
    assert shown(client, kind="assignment", state="overdue") == [late.pk]
    assert shown(client, kind="assignment", unit=tree.dipu.pk) == []
    assert len(shown(client, kind="assignment", unit=tree.shangshu.pk)) == 2
    assert len(shown(client, kind="session", q="马徒")) == 2
    assert len(shown(client, kind="session", q="mtd")) == 2
    assert shown(client, kind="session", q="曹") == []


def test_a_unit_outside_the_scope_opens_nothing(cast, tree, signed_in, elsewhere):
    make_visit(pairing=elsewhere)
    response = signed_in(cast.county).get(LIST, {"kind": "visit", "unit": tree.deqing.pk})
    assert response.context["page"].rows == []
    assert "王邻县" not in response.text


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_list_says_what_to_do(cast, signed_in, kind):
    client = signed_in(cast.mentee)
    assert "两分钟即可记完" in client.get(LIST, {"kind": kind}).text
    assert "没有符合条件的记录。" in client.get(LIST, {"kind": kind, "q": "无此人"}).text


def test_the_page_beyond_the_first_is_reached_by_the_link(cast, signed_in):
    for _ in range(52):
        make_visit(pairing=cast.pairing)
    client = signed_in(cast.county)
    first = client.get(LIST, {"kind": "visit"}).context["page"]
    second = shown(client, kind="visit", after=first.next)
    assert (len(first.rows), len(second)) == (50, 2)
    assert {row.pk for row in first.rows} & set(second) == set()


def buttons(client):
    return [str(kind.action) for kind, _ in client.get(LIST).context["starts"]]


def test_each_has_the_buttons_of_the_own_side_the_main_one_first(cast, signed_in):
    assert buttons(signed_in(cast.mentee)) == ["记走访", "记帮带"]
    assert buttons(signed_in(cast.mentor)) == ["布置作业", "记帮带"]
    assert buttons(signed_in(cast.county)) == []
    assert "代录" in signed_in(cast.county).get(LIST).text
    assert "代录" not in signed_in(cast.viewer).get(LIST).text


def test_one_pair_goes_straight_to_the_form_and_two_are_asked_for(cast, tree, signed_in):
    start = reverse("activities:log_visit")
    straight = signed_in(cast.mentee).get(start)
    assert straight.url == reverse("activities:visit_create", args=[cast.pairing.pk])
    other = make_mentor(cadre=make_cadre(unit=tree.dipu, name="另一师傅"))
    make_pairing(mentor=other, mentee=cast.mentee_row, role="work")
    make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.dipu, name="暂停师傅")),
        mentee=cast.mentee_row,
        state="suspended",
        role="life",
    )
    text = signed_in(cast.mentee).get(start).text
    assert ("褚师傅" in text, "另一师傅" in text, "暂停师傅" in text) == (True, True, False)


def test_nobody_is_offered_a_pair_of_somebody_else(cast, signed_in):
    for user in (cast.stranger, cast.mentor, cast.viewer, cast.other_county, cast.sysadmin):
        response = signed_in(user).get(reverse("activities:log_visit"))
        assert response.status_code == 200
        assert "目前没有需要您录入记录的在帮结对。" in response.text
        assert "马徒弟" not in response.text
    assert signed_in(cast.mentee).get(reverse("activities:on_behalf")).status_code == 403
    assert "马徒弟" in signed_in(cast.township).get(reverse("activities:on_behalf")).text


def test_a_leader_who_is_also_a_mentee_sees_subtree_and_own_pair(cast, tree, signed_in, elsewhere):
    make_grant(user=cast.mentee, role="viewer", unit=tree.deqing)
    mine, theirs = make_visit(pairing=cast.pairing), make_visit(pairing=elsewhere)
    assert set(shown(signed_in(cast.mentee), kind="visit")) == {mine.pk, theirs.pk}
