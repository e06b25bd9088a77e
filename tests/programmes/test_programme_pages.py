"""The pages of programmes: made, seen, changed while prepared, copied, each for its readers."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from programmes.models import Programme, ProgrammeEvent
from programmes.states import State
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing
from tests.programmes.made import DAY, TODAY, make_collecting, make_programme

D = dt.date
LIST = "/programmes/"


def sent(unit, **changes):
    return {
        "unit": unit.pk, "year": "2027", "title": "2027年度导师帮带结对", "from_on": "2027-01-10",
        "to_on": "2028-01-09", "most_wishes": "3", "basis": "安组〔2026〕30号",
        "wishes_from_on": str(TODAY), "wishes_to_on": str(TODAY + 9 * DAY), **changes,
    }  # fmt: skip


def texts(response):
    return "".join(response.text.split())


def test_a_coordinator_makes_a_programme_for_a_unit_of_the_own_subtree(cast, tree, signed_in):
    response = signed_in(cast.county).post(f"{LIST}new/", sent(tree.shangshu))
    made = Programme.objects.get()
    assert (response.status_code, response.url) == (302, f"{LIST}{made.pk}/")
    assert (made.unit, made.year, made.state, made.created_by) == (
        tree.shangshu, 2027, State.DRAFT, cast.county,
    )  # fmt: skip
    assert (made.from_on, made.to_on, made.wishes_to_on) == (
        D(2027, 1, 10), D(2028, 1, 9), TODAY + 9 * DAY,
    )  # fmt: skip
    assert [(event.verb, event.actor) for event in made.events.all()] == [("create", cast.county)]


def test_a_form_sent_twice_makes_one_programme(cast, tree, signed_in):
    client = signed_in(cast.county)
    data = sent(tree.anji, client_key=str(uuid.uuid4()))
    assert {client.post(f"{LIST}new/", data).url for _ in range(2)} == {
        f"{LIST}{Programme.objects.get().pk}/"
    }
    assert ProgrammeEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"year": "27"}, "year"),
        ({"from_on": ""}, "from_on"),
        ({"to_on": "2027-01-09"}, "to_on"),
        ({"wishes_to_on": ""}, "wishes_to_on"),
        ({"wishes_from_on": ""}, "wishes_from_on"),
        ({"wishes_to_on": str(TODAY - DAY), "wishes_from_on": str(TODAY - DAY)}, "wishes_to_on"),
        ({"wishes_to_on": str(TODAY - DAY)}, "wishes_to_on"),
        ({"most_wishes": "0"}, "most_wishes"),
        ({"most_wishes": "11"}, "most_wishes"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_lost(
    cast, tree, signed_in, changes, field
):
    response = signed_in(cast.county).post(f"{LIST}new/", sent(tree.anji, **changes))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert "安组〔2026〕30号" in response.text
    assert Programme.objects.count() == 0


def test_a_unit_of_another_county_is_no_choice(cast, tree, signed_in):
    client = signed_in(cast.county)
    for unit in (tree.deqing, tree.city):
        response = client.post(f"{LIST}new/", sent(unit))
        assert (response.status_code, set(response.context["form"].errors)) == (422, {"unit"})
    assert Programme.objects.count() == 0


def test_a_second_programme_of_the_name_and_year_is_refused_beside_the_title(cast, tree, signed_in):
    make_programme(unit=tree.anji, year=2027, title="2027年度导师帮带结对")
    response = signed_in(cast.county).post(f"{LIST}new/", sent(tree.anji))
    assert response.context["form"].errors == {"title": ["本单位本年度已有同名批次。"]}
    assert response.status_code == 422


def test_settings_change_while_it_is_prepared_and_the_event_names_what_changed(
    cast, tree, signed_in
):
    programme = make_programme(unit=tree.anji)
    client = signed_in(cast.county)
    address = f"{LIST}{programme.pk}/edit/"
    form = client.get(address).context["form"]
    assert "unit" not in form.fields
    data = {"year": 2026, "title": "2026年度结对", "from_on": "2026-12-05", "most_wishes": 3}
    assert client.post(address, {**data, "basis": "安组〔2026〕31号"}).status_code == 302
    programme.refresh_from_db()
    assert (programme.from_on, programme.basis) == (D(2026, 12, 5), "安组〔2026〕31号")
    event = programme.events.get(verb="edit")
    assert (event.reason, event.actor) == ("依据文号、结对开始日期", cast.county)
    assert client.post(address, {**data, "basis": "安组〔2026〕31号"}).status_code == 302
    assert programme.events.filter(verb="edit").count() == 1


def test_settings_stand_once_wishes_are_collected(cast, tree, signed_in):
    programme = make_collecting(unit=tree.anji)
    client = signed_in(cast.county)
    for response in (
        client.get(f"{LIST}{programme.pk}/edit/"),
        client.post(f"{LIST}{programme.pk}/edit/", sent(tree.anji)),
    ):
        assert response.status_code == 409
    programme.refresh_from_db()
    assert programme.year == 2026


def test_a_copy_has_the_settings_a_year_later_and_no_pairs(cast, tree, signed_in):
    programme = make_programme(
        unit=tree.anji, year=2027, title="2027年度导师帮带结对", basis="安组〔2027〕1号",
        from_on=D(2027, 3, 1), to_on=D(2028, 2, 29), wishes_from_on=D(2027, 2, 1),
        wishes_to_on=D(2027, 2, 28), most_wishes=5, remark="含村社", state=State.PUBLISHED,
    )  # fmt: skip
    client = signed_in(cast.county)
    key = str(uuid.uuid4())
    address = f"{LIST}{programme.pk}/copy/"
    first, second = (client.post(address, {"client_key": key}) for _ in range(2))
    made = Programme.objects.get(copied_from=programme)
    assert first.url == second.url == f"{LIST}{made.pk}/"
    assert (made.unit, made.state, made.year, made.title) == (
        tree.anji, State.DRAFT, 2028, "2028年度导师帮带结对",
    )  # fmt: skip
    assert (made.basis, made.most_wishes, made.remark) == ("安组〔2027〕1号", 5, "含村社")
    assert (made.from_on, made.to_on) == (D(2028, 3, 1), D(2029, 2, 28))
    assert (made.wishes_from_on, made.wishes_to_on) == (D(2028, 2, 1), D(2028, 2, 29))
    assert [(event.verb, event.reason) for event in made.events.all()] == [
        ("copy", "2027 2027年度导师帮带结对")
    ]
    again = client.post(address, {"client_key": str(uuid.uuid4())})
    assert again.status_code == 409
    assert "安吉县已有2028年度的批次“2028年度导师帮带结对”。" in again.text
    assert Programme.objects.count() == 2


def test_who_reads_sees_it_without_buttons_and_the_other_county_does_not(cast, tree, signed_in):
    programme = make_collecting(unit=tree.anji, title="安吉密批次")
    reader = signed_in(cast.viewer)
    page = reader.get(f"{LIST}{programme.pk}/")
    assert page.status_code == 200
    assert page.context["buttons"] == []
    assert page.context["counts"].wishers is None
    for verb in ("edit/", "copy/", "move/withdraw/"):
        assert reader.post(f"{LIST}{programme.pk}/{verb}").status_code == 403
    for user in (cast.other_county, cast.sibling, cast.township):
        client = signed_in(user)
        assert "安吉密批次" not in client.get(LIST).text
        assert client.get(LIST).context["page"].total == 0
        for verb in ("", "edit/", "copy/", "move/withdraw/"):
            assert client.get(f"{LIST}{programme.pk}/{verb}").status_code == 404
    for user in (cast.mentor, cast.mentee, cast.stranger, cast.sysadmin):
        assert signed_in(user).get(LIST).status_code == 403
    programme.refresh_from_db()
    assert programme.state == State.COLLECTING


def test_the_page_counts_the_people_of_the_subtree(cast, tree, signed_in):
    make_mentor(cadre=make_cadre(unit=tree.deqing, name="邻县导师"))
    make_mentor(cadre=make_cadre(unit=tree.dipu, name="满员导师"), capacity=0)
    make_mentee(cadre=make_cadre(unit=tree.dipu, name="未结对"))
    make_mentee(cadre=make_cadre(unit=tree.dipu, name="已销号"), to_on=D(2026, 2, 1))
    programme = make_programme(unit=tree.anji)
    counts = signed_in(cast.county).get(f"{LIST}{programme.pk}/").context["counts"]
    assert counts == (2, 1, 2, 1, 0, 0)


def test_the_page_shows_the_steps_and_one_main_button(cast, tree, signed_in):
    plain = make_programme(unit=tree.anji, title="无意向")
    page = signed_in(cast.county).get(f"{LIST}{plain.pk}/")
    assert [str(step.label) for step in page.context["steps"]] == [
        "筹备", "名单", "核对", "审批", "公布",
    ]  # fmt: skip
    assert [(button.verb, button.is_main) for button in page.context["buttons"]] == [
        ("draw_up", True), ("withdraw", False),
    ]  # fmt: skip
    collecting = make_collecting(unit=tree.anji)
    page = signed_in(cast.county).get(f"{LIST}{collecting.pk}/")
    assert [(step.is_done, step.is_now) for step in page.context["steps"][:3]] == [
        (True, False), (False, True), (False, False),
    ]  # fmt: skip
    day = TODAY + DAY
    waits = f"意向可填报至{day.year}年{day.month}月{day.day}日，截止后方可编制名单。"
    assert waits in page.text
    assert f"{collecting.pk}/move/draw_up/" not in page.text


def test_the_page_names_the_rule_and_its_basis(cast, tree, signed_in):
    programme = make_programme(unit=tree.anji)
    page = signed_in(cast.county).get(f"{LIST}{programme.pk}/")
    assert "示例规则，未核对原文" in page.text


def test_an_empty_list_says_what_a_programme_is(cast, signed_in):
    response = signed_in(cast.county).get(LIST)
    assert "还没有批次。" in response.text
    assert "新建批次" in response.text
    assert "新建批次" not in signed_in(cast.viewer).get(LIST).text


def test_the_list_is_narrowed_by_year_and_state(cast, tree, signed_in):
    make_programme(unit=tree.anji, year=2025, title="旧")
    make_programme(unit=tree.anji, year=2026, title="新")
    make_collecting(unit=tree.shangshu, year=2026, title="乡")
    client = signed_in(cast.county)

    def listed(**given):
        return [row.title for row in client.get(LIST, given).context["page"].rows]

    assert listed() == ["乡", "新", "旧"]
    assert listed(year=2025) == ["旧"]
    assert listed(state="collecting") == ["乡"]
    assert listed(year=2024) == []
    assert listed(year="x", state="y") == ["乡", "新", "旧"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_the_same_queries_for_one_row_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    for extra in range(number):
        programme = make_programme(unit=tree.anji, title=f"批次{extra}")
        learner = make_cadre(unit=tree.anji, name=f"学员{extra}")
        make_mentee(cadre=learner)
        make_pairing(mentor=cast.mentor_row, mentee=learner)
    client = signed_in(cast.county)
    # Session, user, grants; count, rows.
    with django_assert_num_queries(5):
        assert len(client.get(LIST).context["page"].rows) == number
    # Session, user, grants; the row, the rule; eight counts at most, the events.
    with django_assert_num_queries(13):
        assert client.get(f"{LIST}{programme.pk}/").status_code == 200
