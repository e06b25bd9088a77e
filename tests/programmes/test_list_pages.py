from __future__ import annotations

import uuid

import pytest

from mentors.models import Mentor
from pairings.states import Role
from programmes.models import ForbiddenPair, PlannedPair
from programmes.states import State
from tests.factories import make_cadre, make_mentor
from tests.programmes.lists import make_learner, make_planned


@pytest.fixture
def at(listed):
    return f"/programmes/{listed.programme.pk}/list/"


def test_the_list_shows_rows_figures_and_what_is_to_be_looked_at(listed, at, signed_in):
    Mentor.objects.filter(pk=listed.guide.pk).update(capacity=0)
    response = signed_in(listed.county).get(at)
    assert response.status_code == 200
    assert response.context["without"] == 1
    assert (response.context["checked"].over, len(response.context["checked"].open)) == (1, 1)
    for text in ("王导师", "李学员", "主导师", "待放行"):
        assert text in response.text


def test_a_list_without_rows(listed, at, signed_in):
    PlannedPair.objects.all().delete()
    response = signed_in(listed.county).get(at)
    assert "名单中暂无人员，请从上方按钮开始添加。" in response.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"李学员", "赵学员"}),
        ("?show=open", {"赵学员"}),
        ("?q=李", {"李学员"}),
        ("?q=zhao", {"赵学员"}),
        ("?q=孙导师", {"赵学员"}),
        ("?q=%00", {"李学员", "赵学员"}),
        ("?show=nonsense", {"李学员", "赵学员"}),
    ],
)
def test_the_list_is_narrowed(listed, tree, at, signed_in, query, names):
    full = make_mentor(cadre=make_cadre(unit=tree.dipu, name="孙导师"), capacity=0)
    make_planned(programme=listed.programme, mentor=full, mentee=listed.zhao)
    page = signed_in(listed.county).get(at + query).context["page"]
    assert {line.planned.mentee.name for line in page.rows} == names


def test_a_long_list_has_pages(listed, tree, at, signed_in, monkeypatch):
    monkeypatch.setattr("programmes.list_pages.SIZE", 2)
    for name in ("甲学员", "乙学员"):
        mentee = make_learner(unit=tree.dipu, name=name)
        make_planned(programme=listed.programme, mentor=listed.guide, mentee=mentee)
    client = signed_in(listed.county)
    first = client.get(at).context["page"]
    second = client.get(f"{at}?after={first.next}").context["page"]
    names = [line.planned.mentee.name for line in [*first.rows, *second.rows]]
    assert (sorted(names), second.next) == (sorted(["李学员", "甲学员", "乙学员"]), "")


def test_a_leader_reads_the_list_and_changes_nothing(listed, at, signed_in):
    client = signed_in(listed.viewer)
    response = client.get(at)
    assert (response.status_code, response.context["may_change"]) == (200, False)
    assert client.get(f"{at}{listed.row.pk}/").status_code == 200
    for address in ("mentees/", "mentors/", f"{listed.row.pk}/remove/"):
        assert client.post(at + address).status_code == 403
    assert client.post(f"/programmes/{listed.programme.pk}/forbidden/").status_code == 403
    assert PlannedPair.objects.count() == 1


def test_the_two_on_the_list_and_other_offices_do_not_find_it(listed, tree, at, signed_in):
    listed.row.delete()
    make_planned(
        programme=listed.programme, mentor=listed.mentor_row, mentee=listed.mentee_row,
        role=Role.LIFE,
    )  # fmt: skip
    for user in (listed.mentor, listed.mentee, listed.other_county, listed.township):
        client = signed_in(user)
        for part in ("", "without/", "print/", "export/"):
            response = client.get(at + part)
            assert response.status_code in {403, 404}
            for name in {"马徒弟", "褚师傅"} - {user.name}:
                assert name not in response.text


def test_several_mentees_of_one_mentor_are_put_on_the_list(listed, at, signed_in):
    client = signed_in(listed.county)
    page = client.get(f"{at}mentees/")
    assert [cadre.name for cadre in page.context["found"]] == ["赵学员"]
    sent = {
        "mentor": listed.guide.pk, "role": "lead", "mentees": [listed.zhao.pk],
        "client_key": uuid.uuid4(),
    }  # fmt: skip
    for _twice in range(2):
        assert client.post(f"{at}mentees/", sent).status_code == 302
    assert PlannedPair.objects.filter(mentee=listed.zhao).count() == 1


def test_who_goes_back_to_the_form_and_chooses_somebody_else_is_heard(listed, tree, at, signed_in):
    client, key = signed_in(listed.county), uuid.uuid4()
    later = make_learner(unit=tree.dipu, name="钱学员")
    for mentee in (listed.zhao, later):
        sent = {"mentor": listed.guide.pk, "role": "lead", "mentees": [mentee.pk]}
        assert client.post(f"{at}mentees/", sent | {"client_key": key}).status_code == 302
    names = PlannedPair.objects.order_by("mentee__pinyin").values_list("mentee__name", flat=True)
    assert list(names) == ["李学员", "钱学员", "赵学员"]


def test_what_the_list_refuses_stands_beside_the_field(listed, at, signed_in):
    sent = {"mentor": listed.guide.pk, "role": "lead", "mentees": [listed.li.pk]}
    other = make_mentor(cadre=make_cadre(unit=listed.li.unit, name="孙导师"))
    response = signed_in(listed.county).post(f"{at}mentees/", {**sent, "mentor": other.pk})
    assert response.status_code == 422
    assert response.context["form"].errors == {"mentees": ["李学员在名单中已有主导师：王导师。"]}


def test_nobody_of_another_county_can_be_put_on_the_list(listed, tree, at, signed_in):
    far = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="外县导师"))
    stray = make_learner(unit=tree.yuyue, name="外县学员")
    client = signed_in(listed.county)
    for sent in (
        {"mentor": far.pk, "role": "lead", "mentees": [listed.zhao.pk]},
        {"mentor": listed.guide.pk, "role": "lead", "mentees": [stray.pk]},
    ):
        response = client.post(f"{at}mentees/", sent)
        assert response.status_code == 422
        assert "外县" not in response.text
    response = client.post(f"{at}mentors/", {"mentee": stray.pk, "lead": far.pk})
    assert response.status_code == 422
    assert "外县" not in response.text
    assert PlannedPair.objects.count() == 1


def test_one_mentee_is_given_mentors_by_role(listed, tree, at, signed_in):
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="孙导师"))
    client = signed_in(listed.county)
    nobody = client.post(f"{at}mentors/", {"mentee": listed.zhao.pk})
    assert nobody.context["form"].errors == {"lead": ["请至少选择一名导师。"]}
    same = {"mentee": listed.zhao.pk, "lead": other.pk, "life": other.pk}
    assert client.post(f"{at}mentors/", same).status_code == 422
    sent = {"mentee": listed.zhao.pk, "lead": other.pk, "life": listed.guide.pk}
    assert client.post(f"{at}mentors/", sent).status_code == 302
    rows = PlannedPair.objects.filter(mentee=listed.zhao)
    assert set(rows.values_list("mentor__cadre__name", "role")) == {
        ("孙导师", "lead"),
        ("王导师", "life"),
    }


def test_the_verbs_of_a_row(listed, tree, at, signed_in):
    Mentor.objects.filter(pk=listed.guide.pk).update(capacity=0)
    client, here = signed_in(listed.county), f"{at}{listed.row.pk}/"
    assert client.get(here).status_code == 200
    assert client.post(f"{here}waive/", {"waiver": ""}).status_code == 422
    assert client.post(f"{here}waive/", {"waiver": "经研究"}).status_code == 302
    assert client.post(f"{here}fix/").status_code == 302
    row = PlannedPair.objects.get()
    assert (row.waiver, row.waived_by, row.is_fixed) == ("经研究", listed.county, True)
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="孙导师"))
    changed = client.post(f"{here}change/", {"mentor": other.pk, "role": "lead"})
    assert changed.status_code == 302
    assert PlannedPair.objects.get().mentor == other
    assert client.post(f"{here}nonsense/").status_code == 404
    assert client.post(f"{here}forbid/", {"reason": "近亲属"}).status_code == 302
    assert not PlannedPair.objects.exists()
    assert client.get(here).status_code == 404
    page = client.get(f"/programmes/{listed.programme.pk}/forbidden/")
    assert "近亲属" in page.text
    two = ForbiddenPair.objects.get()
    allow = f"/programmes/{listed.programme.pk}/forbidden/{two.pk}/allow/"
    assert client.post(allow).status_code == 302
    assert not ForbiddenPair.objects.exists()


@pytest.mark.parametrize("verb", ["waive", "unwaive", "fix", "unfix", "remove", "forbid"])
def test_what_was_meant_for_one_mentor_is_not_done_to_the_next(listed, tree, at, signed_in, verb):
    """The page still shows 王导师 when somebody has given 李学员 to 孙导师."""
    client, here = signed_in(listed.county), f"{at}{listed.row.pk}/"
    page = client.get(here).text
    forms = page.count(f'action="{here}')
    assert (forms > 3, page.count(f'name="seen" value="{listed.guide.pk}"')) == (True, forms)
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="孙导师"))
    PlannedPair.objects.update(mentor=other)
    sent = {"seen": listed.guide.pk, "waiver": "经研究", "reason": "近亲属"}
    response = client.post(f"{here}{verb}/", sent)
    assert (response.status_code, "请重新查看" in response.text) == (409, True)
    row = PlannedPair.objects.get()
    assert (row.mentor, row.waiver, row.is_fixed) == (other, "", False)
    assert not ForbiddenPair.objects.exists()


def test_the_page_of_the_forbidden_takes_one_couple_after_another_each_once(listed, signed_in):
    """The button is pressed twice, and the page is gone back to for the next couple."""
    client, address = signed_in(listed.county), f"/programmes/{listed.programme.pk}/forbidden/"
    sent = {"mentor": listed.guide.pk, "reason": "近亲属", "client_key": uuid.uuid4()}
    for mentee in (listed.li, listed.li, listed.zhao):
        assert client.post(address, sent | {"mentee": mentee.pk}).status_code == 302
    found = ForbiddenPair.objects.order_by("mentee__name").values_list("mentee__name", "reason")
    assert list(found) == [("李学员", "近亲属"), ("赵学员", "近亲属")]


def test_a_checked_list_says_that_it_is_closed(listed, at, signed_in):
    type(listed.programme).objects.update(state=State.CHECKED)
    client = signed_in(listed.county)
    sent = {"mentor": listed.guide.pk, "role": "lead", "mentees": [listed.zhao.pk]}
    for address, data in (("mentees/", sent), (f"{listed.row.pk}/remove/", {})):
        assert client.post(at + address, data).status_code == 409
    assert PlannedPair.objects.count() == 1


def test_who_is_behind_the_number_without_a_mentor(listed, at, signed_in):
    page = signed_in(listed.county).get(f"{at}without/").context["page"]
    assert [entry.cadre.name for entry in page.rows] == ["赵学员"]


def test_the_printed_page_is_a_draft_until_it_is_published(listed, at, signed_in):
    client = signed_in(listed.county)
    draft = client.get(f"{at}print/")
    assert "2026年度结对导师帮带结对名单（草案）" in draft.text
    assert "李学员" in draft.text
    type(listed.programme).objects.update(state=State.PUBLISHED)
    assert "草案" not in client.get(f"{at}print/").text


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("part", "queries"), [("", 15), ("without/", 6), ("print/", 7), ("mentees/", 6)]
)
def test_pages_take_a_fixed_number_of_queries(
    listed, tree, at, signed_in, number, part, queries, django_assert_num_queries
):
    for n in range(number - 1):
        mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{n}"))
        mentee = make_learner(unit=tree.shangshu, name=f"徒{n}")
        make_planned(programme=listed.programme, mentor=mentor, mentee=mentee)
        make_learner(unit=tree.shangshu, name=f"独{n}")
    client = signed_in(listed.county)
    with django_assert_num_queries(queries):
        assert client.get(at + part).status_code == 200
