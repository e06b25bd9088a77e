"""One assignment for several mentees at once."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Assignment
from tests.activities.making import make_assignment
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing, make_user

ASSIGN = reverse("activities:assign")


@pytest.fixture
def others(cast, tree):
    """Two more mentees of the cast's mentor, one of them of another township."""
    return [
        make_pairing(
            mentor=cast.mentor_row,
            mentee=make_cadre(unit=unit, name=name, user=make_user(username=name)),
        )
        for unit, name in ((tree.shangshu, "丙徒"), (tree.dipu, "丁徒"))
    ]


def sent(*pairs, **changes):
    typed = {"title": "走访十户", "body": "写报告", "due_on": f"{timezone.localdate()}"}
    key = {"client_key": str(uuid.uuid4())}
    return {**typed, **key, "pairs": [str(pair.pk) for pair in pairs], **changes}


def mentees():
    rows = Assignment.objects.order_by("pairing__mentee__name")
    return list(rows.values_list("pairing__mentee__name", flat=True))


def test_one_form_sets_it_for_all_that_are_ticked_and_once(cast, others, signed_in):
    client, form = signed_in(cast.mentor), sent(cast.pairing, *others)
    answers = [client.post(ASSIGN, form) for _ in range(2)]
    assert mentees() == ["丁徒", "丙徒", "马徒弟"]
    rows = Assignment.objects.all()
    [together] = {row.set_together for row in rows}
    page = reverse("activities:together", args=[together])
    assert [answer.url for answer in answers] == [page, page]
    assert {(row.title, row.body, row.is_on_behalf) for row in rows} == {
        ("走访十户", "写报告", False)
    }


def test_one_alone_is_no_set(cast, others, signed_in):
    answer = signed_in(cast.mentor).post(ASSIGN, sent(others[0]))
    row = Assignment.objects.get()
    assert (row.set_together, row.pairing) == (None, others[0])
    assert answer.url == reverse("activities:assignment_detail", args=[row.pk])


def test_the_form_offers_ones_own_pairs_that_work_by_name(cast, others, signed_in, tree):
    foreign = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="别师"))
    make_pairing(mentor=foreign, mentee=make_cadre(unit=tree.shangshu, name="别徒"))
    others[0].move("suspend", by=cast.county, reason="借调")
    response = signed_in(cast.mentor).get(ASSIGN)
    offered = [pair.mentee.name for pair in response.context["form"].offered]
    assert offered == ["丁徒", "马徒弟"]
    assert "别徒" not in response.text


def test_a_foreign_pair_and_one_that_rests_are_refused_with_all_kept(cast, others, signed_in, tree):
    foreign = make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德师")),
        mentee=make_cadre(unit=tree.yuyue, name="德徒"),
    )
    others[0].move("suspend", by=cast.county, reason="借调")
    client = signed_in(cast.mentor)
    for wrong in (foreign, others[0]):
        response = client.post(ASSIGN, sent(cast.pairing, wrong, title="写好的题目"))
        assert (response.status_code, "写好的题目" in response.text) == (422, True)
        assert ("德徒" in response.text, mentees()) == (False, [])
    none = client.post(ASSIGN, sent())
    assert (none.status_code, list(none.context["form"].errors)) == (422, ["pairs"])


def test_what_a_mentor_without_a_working_pair_wrote_is_kept(cast, signed_in):
    cast.pairing.move("suspend", by=cast.county, reason="借调")
    response = signed_in(cast.mentor).post(ASSIGN, sent(cast.pairing, title="写好的题目"))
    assert (response.status_code, "写好的题目" in response.text) == (422, True)


def test_an_office_adds_the_mentors_other_mentees_in_its_area(cast, others, signed_in):
    address = reverse("activities:assignment_create", args=[cast.pairing.pk])
    township, county = signed_in(cast.township), signed_in(cast.county)
    assert [pair.mentee.name for pair in township.get(address).context["form"].offered] == ["丙徒"]
    assert "丁徒" not in township.get(address).text
    assert township.post(address, sent(others[1])).status_code == 422
    assert county.post(address, sent(others[1])).status_code == 302
    assert mentees() == ["丁徒", "马徒弟"]
    assert {row.is_on_behalf for row in Assignment.objects.all()} == {True}


def test_those_set_together_stand_side_by_side_for_who_sees_them_all(cast, others, signed_in):
    signed_in(cast.mentor).post(ASSIGN, sent(cast.pairing, *others))
    row = Assignment.objects.get(pairing=cast.pairing)
    signed_in(cast.mentee).post(
        reverse("activities:hand_in", args=[row.pk]), {"text": "只给师傅看的稿"}
    )
    page = reverse("activities:together", args=[row.set_together])
    for user in (cast.mentor, cast.county, cast.viewer):
        response = signed_in(user).get(page)
        names = [one.pairing.mentee.name for one in response.context["rows"]]
        assert names == ["丙徒", "丁徒", "马徒弟"]
        assert response.text.count("待批阅") == 1
    for user in (cast.mentee, cast.township, cast.sibling, cast.other_county, cast.stranger):
        response = signed_in(user).get(page)
        assert response.status_code == 404
        assert "徒" not in response.text.replace("徒弟", "")


def test_a_mentee_does_not_read_the_others_even_as_coordinator(cast, others, tree, signed_in):
    signed_in(cast.mentor).post(ASSIGN, sent(cast.pairing, *others))
    page = reverse("activities:together", args=[Assignment.objects.first().set_together])
    make_grant(user=cast.mentee, role="coordinator", unit=tree.anji)
    assert signed_in(cast.mentee).get(page).status_code == 404


@pytest.mark.parametrize("rows", [2, 4])
def test_as_many_questions_for_four_as_for_two(
    cast, tree, signed_in, django_assert_num_queries, rows
):
    number = uuid.uuid4()
    make_assignment(pairing=cast.pairing, set_together=number)
    for count in range(rows - 1):
        mentee = make_cadre(unit=tree.shangshu, name=f"徒{count}")
        pairing = make_pairing(mentor=cast.mentor_row, mentee=mentee)
        make_assignment(pairing=pairing, set_together=number)
    client = signed_in(cast.mentor)
    with django_assert_num_queries(6):
        client.get(reverse("activities:together", args=[number]))
    with django_assert_num_queries(5):
        client.get(ASSIGN)
