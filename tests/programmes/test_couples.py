"""What the office of a programme sees of the wishes, and nobody else."""

from __future__ import annotations

import pytest

from programmes.models import Origin, PlannedPair, Programme, Side
from programmes.states import State
from tests.factories import make_cadre, make_mentee, make_mentor
from tests.programmes.made import make_collecting, make_wish


@pytest.fixture
def programme(cast, tree):
    return make_collecting(unit=tree.anji, title="安吉结对")


@pytest.fixture
def wishes(cast, tree, programme):
    """褚师傅 and 马徒弟 mutually; 李新人 for both mentors; 甲导师 for 马徒弟 as his second."""
    other = make_mentor(cadre=make_cadre(unit=tree.dipu, name="甲导师"))
    newcomer = make_cadre(unit=tree.dipu, name="李新人")
    make_mentee(cadre=newcomer)
    rows = [
        (Side.MENTEE, cast.mentor_row, cast.mentee_row, 1),
        (Side.MENTOR, cast.mentor_row, cast.mentee_row, 2),
        (Side.MENTEE, other, newcomer, 2),
        (Side.MENTEE, cast.mentor_row, newcomer, 1),
        (Side.MENTOR, other, cast.mentee_row, 2),
    ]
    for side, mentor, mentee, nth in rows:
        make_wish(programme=programme, side=side, mentor=mentor, mentee=mentee, nth=nth)
    return other, newcomer


def address(programme, what=""):
    return f"/programmes/{programme.pk}/wishes/{what}"


def test_the_office_sees_who_chose_whom_mutual_ones_first(cast, programme, wishes, signed_in):
    response = signed_in(cast.county).get(address(programme))
    seen = [
        (row.mentee.name, str(row.mentor), row.mentee_nth, row.mentor_nth, row.one_sided)
        for row in response.context["page"].rows
    ]
    assert seen == [
        ("马徒弟", "褚师傅", 1, 2, 0),
        ("李新人", "褚师傅", 1, None, 1),
        ("李新人", "甲导师", 2, None, 1),
        ("马徒弟", "甲导师", None, 2, 1),
    ]
    assert "共 4 对有意向，其中双方互选 1 对。" in response.text


def test_a_couple_is_put_on_the_list_by_one_button(cast, programme, wishes, signed_in):
    client = signed_in(cast.county)
    couple = {"mentor": cast.mentor_row.pk, "mentee": cast.mentee_row.pk}
    for _press in range(2):
        response = client.post(address(programme, "adopt/"), couple)
        assert (response.status_code, response.url) == (302, address(programme))
    row = PlannedPair.objects.get()
    assert (row.mentor, row.mentee, row.origin, row.created_by) == (
        cast.mentor_row, cast.mentee_row, Origin.WISH, cast.county,
    )  # fmt: skip
    shown = client.get(address(programme))
    assert [row.is_planned for row in shown.context["page"].rows] == [True, False, False, False]


def test_a_wish_of_one_side_alone_is_not_told_on_the_list(cast, programme, wishes, signed_in):
    other, newcomer = wishes
    couple = {"mentor": other.pk, "mentee": newcomer.pk}
    assert signed_in(cast.county).post(address(programme, "adopt/"), couple).status_code == 302
    assert PlannedPair.objects.get().origin == Origin.ASSIGNED
    shown = signed_in(cast.viewer).get(f"/programmes/{programme.pk}/list/").text
    assert ("李新人" in shown, "双方互选" in shown) == (True, False)


def test_whom_nobody_wished_for_is_not_adopted(cast, tree, programme, wishes, signed_in):
    other, newcomer = wishes
    client = signed_in(cast.county)
    nobody = make_cadre(unit=tree.dipu, name="无人意向")
    for mentee in (nobody.pk, "x", ""):
        couple = {"mentor": other.pk, "mentee": mentee}
        assert client.post(address(programme, "adopt/"), couple).status_code == 404
    assert client.get(address(programme, "adopt/")).status_code == 405
    Programme.objects.update(state=State.CHECKED)
    closed = client.post(address(programme, "adopt/"), {"mentor": other.pk, "mentee": newcomer.pk})
    assert closed.status_code == 409
    assert PlannedPair.objects.count() == 0


def test_wishes_are_seen_by_the_office_of_the_programme_and_by_nobody_else(
    cast, tree, programme, wishes, signed_in
):
    """A leader reads programmes and lists, and no wishes; nor does an office below."""
    pages = [address(programme), address(programme, "people/"), address(programme, "adopt/")]
    for user in (
        cast.viewer, cast.township, cast.sibling, cast.other_county, cast.mentor, cast.mentee,
        cast.stranger, cast.sysadmin, cast.auditor,
    ):  # fmt: skip
        client = signed_in(user)
        for page in pages:
            for response in (client.get(page), client.post(page)):
                assert response.status_code in {403, 404, 405}
                assert "李新人" not in response.text
    reader = signed_in(cast.viewer)
    page = reader.get(f"/programmes/{programme.pk}/")
    assert "已填报意向人数" not in page.text
    assert "李新人" not in page.text + reader.get("/").text + reader.get("/programmes/").text
    assert "李新人" not in signed_in(cast.mentee).get("/").text
    assert signed_in(cast.county).get(f"/programmes/{programme.pk}/").context["counts"].wishers == 4


def test_the_office_finds_everybody_of_a_side_to_enter_wishes_for(
    cast, programme, wishes, signed_in
):
    client = signed_in(cast.county)

    def found(**given):
        rows = client.get(address(programme, "people/"), given).context["page"].rows
        return [(row.cadre.name, row.said) for row in rows]

    assert found() == [("李新人", 2), ("马徒弟", 1)]
    assert found(side="mentor") == [("褚师傅", 2), ("甲导师", 2)]
    assert found(side="mentor", q="甲") == [("甲导师", 2)]
    assert found(side="nonsense") == [("李新人", 2), ("马徒弟", 1)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_the_same_queries_for_one_row_and_three(
    cast, tree, programme, signed_in, number, django_assert_num_queries
):
    for extra in range(number):
        learner = make_cadre(unit=tree.dipu, name=f"学员{extra}")
        make_mentee(cadre=learner)
        make_wish(programme=programme, side=Side.MENTEE, mentor=cast.mentor_row, mentee=learner)
    client = signed_in(cast.county)
    # Session, user, grants; the programme; count, rows; the mutual ones.
    with django_assert_num_queries(7):
        assert len(client.get(address(programme)).context["page"].rows) == number
    with django_assert_num_queries(6):
        assert len(client.get(address(programme, "people/")).context["page"].rows) == number + 1
