"""Saying wishes: whom somebody sees, in what order, saved whole, for how long."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from accounts.models import User
from cadres.merging import merge
from cadres.models import MenteeCategory
from mentors.models import Strength
from programmes import wishing
from programmes.models import PlannedPair, Preference, Programme, Side
from programmes.states import State
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing, make_user
from tests.programmes.made import DAY, TODAY, make_collecting, make_programme, make_wish


@pytest.fixture
def programme(cast, tree):
    return make_collecting(unit=tree.anji, title="安吉结对", most_wishes=2)


@pytest.fixture
def others(cast, tree):
    """Two mentors more in the county and one outside; a mentee more, one exempt by nothing."""
    return {
        name: make_mentor(cadre=make_cadre(unit=unit, name=name))
        for name, unit in [
            ("甲导师", tree.dipu), ("乙导师", tree.liujiatang), ("邻县导师", tree.deqing),
        ]
    }  # fmt: skip


def page_of_mentee(programme, cast):
    return f"/programmes/{programme.pk}/wishes/mentee/{cast.mentee_row.pk}/"


def page_of_mentor(programme, cast):
    return f"/programmes/{programme.pk}/wishes/mentor/{cast.mentor_row.cadre_id}/"


def names(response):
    return [face.name for face in response.context["page"].rows]


def live(programme):
    rows = Preference.objects.live().filter(programme=programme).order_by("side", "nth")
    return [(row.side, row.nth, str(row.mentor), str(row.mentee)) for row in rows]


def test_a_mentee_sees_the_mentors_of_the_programme_and_what_choosing_needs(
    cast, tree, programme, others, signed_in
):
    shifu = cast.mentor_row.cadre
    shifu.phone, shifu.birth_month, shifu.id_tail = "13905721234", "1966-05", "7788"
    shifu.save()
    strength = Strength.objects.first() or Strength.objects.create(name="矛盾调解")
    cast.mentor_row.strengths.add(strength)
    response = signed_in(cast.mentee).get(page_of_mentee(programme, cast))
    assert response.status_code == 200
    assert names(response) == ["褚师傅", "甲导师", "乙导师"]
    face = response.context["page"].rows[0]
    assert (face.unit, face.post, face.category, face.strengths, face.free) == (
        "上墅乡", "干部", str(cast.mentor_row.category), (strength.name,), 1,
    )  # fmt: skip
    for secret in ("邻县导师", "1234", "1390572", "1966", "7788"):
        assert secret not in response.text


def test_a_mentor_sees_the_mentees_who_should_be_paired(cast, tree, programme, signed_in):
    learner = make_cadre(unit=tree.dipu, name="李新人", birth_month="1999-11", phone="13905725678")
    make_mentee(cadre=learner, category=MenteeCategory.objects.last())
    make_mentee(cadre=make_cadre(unit=tree.deqing, name="邻县徒弟"))
    make_mentee(cadre=make_cadre(unit=tree.dipu, name="已销号"), to_on=TODAY - DAY)
    response = signed_in(cast.mentor).get(page_of_mentor(programme, cast))
    assert names(response) == ["李新人", "马徒弟"]
    face = response.context["page"].rows[0]
    assert (face.unit, face.category) == ("递铺街道", str(MenteeCategory.objects.last()))
    for secret in ("邻县徒弟", "已销号", "5678", "1999"):
        assert secret not in response.text


def test_nobody_is_found_by_a_telephone_number(cast, programme, others, signed_in):
    cadre = others["甲导师"].cadre
    cadre.phone = "13905724321"
    cadre.save()
    client = signed_in(cast.mentee)

    def found(text):
        return names(client.post(page_of_mentee(programme, cast), {"do": "find", "q": text}))

    assert found("4321") == found("13905724321") == []
    assert found("甲导") == found("jds") == found("递铺") == ["甲导师"]


def test_buttons_change_the_page_and_nothing_is_saved_before_saving(
    cast, programme, others, signed_in
):
    client, page = signed_in(cast.mentee), page_of_mentee(programme, cast)
    a, b = others["甲导师"].pk, others["乙导师"].pk

    def press(do, *chosen):
        response = client.post(page, {"do": do, "chosen": [str(pk) for pk in chosen]})
        return response, [face.name for face in response.context["chosen"]]

    assert press(f"add:{a}")[1] == ["甲导师"]
    assert press(f"add:{b}", a)[1] == ["甲导师", "乙导师"]
    assert press(f"up:{b}", a, b)[1] == ["乙导师", "甲导师"]
    assert press(f"up:{a}", a, b)[1] == ["甲导师", "乙导师"]
    assert press(f"down:{a}", a, b)[1] == ["乙导师", "甲导师"]
    assert press(f"drop:{a}", a, b)[1] == ["乙导师"]
    # Two wishes a person: a third is not taken.
    full, chosen = press(f"add:{cast.mentor_row.pk}", a, b)
    assert chosen == ["甲导师", "乙导师"]
    assert "已选满" in full.text
    assert "尚未保存" in full.text
    assert Preference.objects.count() == 0


def test_a_list_is_saved_whole_and_what_stood_before_is_kept_as_withdrawn(
    cast, programme, others, signed_in
):
    client, page = signed_in(cast.mentee), page_of_mentee(programme, cast)
    a, b = str(others["甲导师"].pk), str(others["乙导师"].pk)
    assert client.post(page, {"do": "save", "chosen": [a, b]}).status_code == 302
    assert client.post(page, {"do": "save", "chosen": [b, a]}).status_code == 302
    assert live(programme) == [
        ("mentee", 1, "乙导师", "马徒弟"), ("mentee", 2, "甲导师", "马徒弟"),
    ]  # fmt: skip
    assert Preference.objects.count() == 4
    assert client.post(page, {"do": "save", "chosen": [b, a]}).status_code == 302
    assert Preference.objects.count() == 4
    row = Preference.objects.live().first()
    assert (row.is_on_behalf, row.created_by) == (False, cast.mentee)
    shown = client.get(page)
    assert [face.name for face in shown.context["chosen"]] == ["乙导师", "甲导师"]
    assert client.post(page, {"do": "withdraw", "chosen": [b, a]}).status_code == 302
    assert live(programme) == []
    assert Preference.objects.count() == 4


def test_who_takes_no_part_cannot_be_named_and_no_name_comes_back(
    cast, tree, programme, others, signed_in
):
    client, page = signed_in(cast.mentee), page_of_mentee(programme, cast)
    outside = str(others["邻县导师"].pk)
    shown = client.post(page, {"do": f"add:{outside}"})
    assert shown.status_code == 200
    assert "邻县导师" not in shown.text
    saved = client.post(page, {"do": "save", "chosen": [outside]})
    assert saved.status_code == 422
    assert "邻县导师" not in saved.text
    assert "已不在本批次范围内" in saved.text
    inside = str(others["甲导师"].pk)
    for chosen in ([inside, inside], [inside, str(others["乙导师"].pk), str(cast.mentor_row.pk)]):
        assert client.post(page, {"do": "save", "chosen": chosen}).status_code == 422
    assert Preference.objects.count() == 0


def test_nobody_is_offered_to_oneself(cast, programme, signed_in):
    make_mentee(cadre=cast.mentor_row.cadre)
    page = f"/programmes/{programme.pk}/wishes/mentee/{cast.mentor_row.cadre_id}/"
    assert names(signed_in(cast.mentor).get(page)) == []


@pytest.mark.parametrize(
    ("state", "first", "last", "sentence"),
    [
        (State.COLLECTING, TODAY + DAY, TODAY + 2 * DAY, "意向填报自"),
        (State.COLLECTING, TODAY - 2 * DAY, TODAY - DAY, "意向填报已于"),
        (State.MATCHING, TODAY - DAY, TODAY + DAY, "本批次目前不接受意向填报。"),
    ],
)
def test_outside_of_the_window_no_wish_is_taken_and_names_are_not_shown(
    cast, programme, others, signed_in, state, first, last, sentence
):
    Programme.objects.update(state=state, wishes_from_on=first, wishes_to_on=last)
    make_wish(programme=programme, side=Side.MENTEE, mentor=cast.mentor_row, mentee=cast.mentee_row)
    client, page = signed_in(cast.mentee), page_of_mentee(programme, cast)
    seen = client.get(page)
    assert (seen.status_code, sentence in seen.text) == (200, True)
    assert "褚师傅" in seen.text
    assert "甲导师" not in seen.text
    for do in ("save", "withdraw", "find", f"add:{others['甲导师'].pk}"):
        refused = client.post(page, {"do": do, "chosen": [str(others["甲导师"].pk)]})
        assert (refused.status_code, sentence in refused.text) == (409, True)
        assert "甲导师" not in refused.text
    assert live(programme) == [("mentee", 1, "褚师傅", "马徒弟")]


def test_a_draft_shows_nothing_to_its_people(cast, tree, signed_in):
    draft = make_programme(unit=tree.anji, wishes_from_on=TODAY, wishes_to_on=TODAY)
    assert signed_in(cast.mentee).get(page_of_mentee(draft, cast)).status_code == 404


def test_the_office_enters_wishes_for_an_elder_and_it_is_kept_who_did(
    cast, tree, programme, signed_in
):
    client, page = signed_in(cast.county), page_of_mentor(programme, cast)
    assert "您正在代褚师傅填报" in client.get(page).text
    assert client.post(page, {"do": "save", "chosen": [str(cast.mentee_row.pk)]}).status_code == 302
    row = Preference.objects.get()
    assert (row.side, row.is_on_behalf, row.created_by) == ("mentor", True, cast.county)
    shown = signed_in(cast.mentor).get(page)
    assert "代录" in shown.text
    assert "安吉组织部" in shown.text


def test_strangers_and_people_of_another_programme_find_no_page(
    cast, tree, programme, others, signed_in
):
    user = make_user(username="linxian", name="邻县新人")
    newcomer = make_cadre(unit=tree.deqing, name="邻县新人", user=user)
    make_mentee(cadre=newcomer)
    elsewhere = make_collecting(unit=tree.deqing, title="德清结对")
    pages = [page_of_mentee(programme, cast), page_of_mentor(programme, cast)]
    own = f"/programmes/{programme.pk}/wishes/mentee/{newcomer.pk}/"
    for nosy in (
        user, cast.stranger, cast.other_county, cast.viewer, cast.township, cast.sysadmin,
    ):  # fmt: skip
        client = signed_in(nosy)
        for page in [*pages, own]:
            for response in (client.get(page), client.post(page, {"do": "find"})):
                assert response.status_code == 404
    # The two of a pair do not see one another's wishes either, nor the side they are not on.
    assert signed_in(cast.mentee).get(pages[1]).status_code == 404
    assert signed_in(cast.mentor).get(pages[0]).status_code == 404
    wrong_side = f"/programmes/{programme.pk}/wishes/mentor/{cast.mentee_row.pk}/"
    assert signed_in(cast.mentee).get(wrong_side).status_code == 404
    nonsense = f"/programmes/{programme.pk}/wishes/x/{cast.mentee_row.pk}/"
    assert signed_in(cast.mentee).get(nonsense).status_code == 404
    assert names(
        signed_in(user).get(f"/programmes/{elsewhere.pk}/wishes/mentee/{newcomer.pk}/")
    ) == ["邻县导师"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_queries_for_one_row_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    programme = make_collecting(unit=tree.anji, most_wishes=3)
    for extra in range(number):
        mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"导师{extra}"))
        make_wish(
            programme=programme, side=Side.MENTEE, mentor=mentor, mentee=cast.mentee_row,
            nth=extra + 1,
        )  # fmt: skip
    client = signed_in(cast.mentee)
    with django_assert_num_queries(15):
        response = client.get(page_of_mentee(programme, cast))
    assert len(response.context["chosen"]) == number


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_tabs_that_save_at_once_one_list_stands_whole(cast, tree):
    programme = make_collecting(unit=tree.anji, most_wishes=3)
    mentors = [make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"导师{n}")).pk for n in range(6)]
    lists = [mentors[:3], mentors[3:], [mentors[5], mentors[0]], [mentors[2]]]
    gate, faults = threading.Barrier(len(lists)), []

    def save(wanted):
        wisher = wishing.wisher_of(programme, Side.MENTEE, cast.mentee_row.pk, TODAY)
        user = User.objects.get(pk=cast.mentee.pk)
        gate.wait()
        try:
            wishing.say(wisher, wanted, by=user)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[wanted]) for wanted in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    rows = Preference.objects.live().order_by("nth")
    assert list(rows.values_list("mentor_id", flat=True)) in lists
    assert [row.nth for row in rows] == list(range(1, len(rows) + 1))
    assert Preference.objects.count() == sum(map(len, lists))


def test_mutual_wishes_are_those_of_both_that_stand(cast, tree, programme, others):
    two = {"programme": programme, "mentor": cast.mentor_row, "mentee": cast.mentee_row}
    mentee_wish = make_wish(side=Side.MENTEE, **two)
    assert wishing.mutual(programme) == set()
    make_wish(side=Side.MENTOR, **two)
    make_wish(
        programme=programme, side=Side.MENTEE, mentor=others["甲导师"], mentee=cast.mentee_row,
        nth=2,
    )  # fmt: skip
    assert wishing.mutual(programme) == {(cast.mentor_row.pk, cast.mentee_row.pk)}
    mentee_wish.withdrawn_at = mentee_wish.said_at
    mentee_wish.save()
    assert wishing.mutual(programme) == set()


def test_the_home_page_names_the_programme_with_its_last_day(cast, tree, programme, signed_in):
    day = TODAY + DAY
    last = f"{day.year}年{day.month}月{day.day}日"
    for user, page in (
        (cast.mentor, page_of_mentor(programme, cast)),
        (cast.mentee, page_of_mentee(programme, cast)),
    ):
        text = signed_in(user).get("/").text
        assert f"“安吉结对”可填报意向，截至{last}。" in text
        assert page in text
    make_wish(programme=programme, side=Side.MENTEE, mentor=cast.mentor_row, mentee=cast.mentee_row)
    text = signed_in(cast.mentee).get("/").text
    assert f"“安吉结对”：您的意向已保存，{last}前可以修改。" in text
    for user in (cast.county, cast.stranger, cast.viewer):
        assert "安吉结对" not in signed_in(user).get("/").text
    Programme.objects.update(wishes_to_on=TODAY - DAY)
    assert "安吉结对" not in signed_in(cast.mentee).get("/").text


def test_a_mentor_with_a_pair_alone_is_not_asked(cast, tree, signed_in):
    """Whoever is on notice or suspended, or off the register, takes no part."""
    make_collecting(unit=tree.deqing, title="德清结对")
    user = make_user(username="off", name="已离")
    cadre = make_cadre(unit=tree.deqing, name="已离", user=user)
    make_mentee(cadre=cadre, to_on=TODAY - DAY)
    make_pairing(mentor=make_mentor(cadre=make_cadre(unit=tree.deqing)), mentee=cadre)
    assert "德清结对" not in signed_in(user).get("/").text
    nobody = f"/programmes/{uuid.uuid4()}/wishes/mentee/{cadre.pk}/"
    assert signed_in(user).get(nobody).status_code == 404


def test_wishes_and_rows_of_a_list_follow_a_merge_of_two_records(cast, tree, programme, others):
    second = make_cadre(unit=tree.dipu, name="马徒弟", birth_month="1998-07")
    two = {"programme": programme, "mentor": others["甲导师"], "mentee": second}
    said = make_wish(side=Side.MENTEE, **two)
    planned = PlannedPair.objects.create(**two)
    merge(cast.mentee_row, second, take=frozenset(), reason="重复", by=cast.county, key=None)
    said.refresh_from_db()
    planned.refresh_from_db()
    assert (said.mentee, planned.mentee) == (cast.mentee_row, cast.mentee_row)
