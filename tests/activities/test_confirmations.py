"""确认属实: one tap by the other side, once, and no fault when it is missing."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from activities.models import Confirmation, Session
from tests.activities.making import make_session, make_visit
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing

DAY = dt.timedelta(days=1)
WAITING = reverse("activities:to_confirm")


def address(row):
    return reverse("activities:confirm", args=[type(row).__name__.lower(), row.pk])


def waits(client, **query):
    return [wait.row.pk for wait in client.get(WAITING, query).context["waits"]]


@pytest.fixture
def session(cast):
    return make_session(pairing=cast.pairing, created_by=cast.mentee)


@pytest.fixture
def without_sign_in(cast):
    """The mentor is of the elder ones: the office types for him."""
    cadre = cast.mentor_row.cadre
    cadre.user = None
    cadre.save()
    return cast


@pytest.mark.parametrize("writer", ["mentor", "mentee"])
def test_the_other_side_confirms_with_one_tap_and_both_read_it(cast, signed_in, writer):
    other = "mentee" if writer == "mentor" else "mentor"
    row = make_session(pairing=cast.pairing, created_by=getattr(cast, writer))
    page = reverse("activities:session_detail", args=[row.pk])
    assert address(row) not in signed_in(getattr(cast, writer)).get(page).text
    client = signed_in(getattr(cast, other))
    assert address(row) in client.get(page).text
    assert client.post(address(row)).url == page
    made = Confirmation.objects.get()
    assert (made.session, made.confirmed_by, made.is_on_behalf) == (
        row,
        getattr(cast, other),
        False,
    )
    for user in (cast.mentor, cast.mentee, cast.viewer):
        shown = signed_in(user).get(page).text
        assert ("已确认属实" in shown, address(row) in shown) == (True, False)
        listed = signed_in(user).get(reverse("activities:list"), {"kind": "session"}).text
        assert "已确认属实" in listed


def test_who_wrote_it_and_who_only_reads_do_not_confirm(cast, signed_in, session):
    for user in (cast.mentee, cast.viewer, cast.county, cast.township):
        assert signed_in(user).post(address(session)).status_code == 403
    for user in (cast.stranger, cast.sibling, cast.other_county):
        assert signed_in(user).post(address(session)).status_code == 404
    assert Confirmation.objects.count() == 0


def test_a_visit_is_confirmed_when_the_mentor_came_along(cast, signed_in):
    alone = make_visit(pairing=cast.pairing, created_by=cast.mentee)
    along = make_visit(pairing=cast.pairing, created_by=cast.mentee, is_with_mentor=True)
    client = signed_in(cast.mentor)
    assert waits(client) == [along.pk]
    assert client.post(address(alone)).status_code == 403
    assert client.post(address(along)).status_code == 302
    assert Confirmation.objects.get().visit == along


def test_an_assignment_has_no_confirmation(cast, signed_in):
    wrong = reverse("activities:confirm", args=["assignment", cast.pairing.pk])
    assert signed_in(cast.mentor).post(wrong).status_code == 404


def test_the_office_confirms_for_a_mentor_without_sign_in_alone_marked(without_sign_in, signed_in):
    cast = without_sign_in
    row = make_session(pairing=cast.pairing, created_by=cast.mentee)
    assert signed_in(cast.viewer).post(address(row)).status_code == 403
    assert signed_in(cast.township).post(address(row)).status_code == 302
    assert Confirmation.objects.get().is_on_behalf is True
    shown = signed_in(cast.mentee).get(reverse("activities:session_detail", args=[row.pk])).text
    assert shown.count("代录") == 1


def test_what_an_office_wrote_no_office_confirms(without_sign_in, signed_in):
    cast = without_sign_in
    row = make_session(pairing=cast.pairing, created_by=cast.township, is_on_behalf=True)
    for user in (cast.township, cast.county):
        assert signed_in(user).post(address(row)).status_code == 403
    assert waits(signed_in(cast.mentee)) == [row.pk]
    assert signed_in(cast.mentee).post(address(row)).status_code == 302


def test_a_coordinator_of_the_own_pair_confirms_as_that_side(cast, tree, signed_in):
    make_grant(user=cast.mentee, role="coordinator", unit=tree.shangshu)
    mine = make_session(pairing=cast.pairing, created_by=cast.mentee)
    assert signed_in(cast.mentee).post(address(mine)).status_code == 403


def test_a_second_tap_changes_nothing_and_says_thanks(cast, signed_in, session):
    client = signed_in(cast.mentor)
    assert [client.post(address(session)).status_code for _ in "ab"] == [302, 302]
    assert Confirmation.objects.count() == 1


def test_an_ended_pair_refuses_with_a_sentence(cast, signed_in, session):
    cast.pairing.move("terminate", by=cast.county, reason="调离", document="安组〔2026〕1号")
    client = signed_in(cast.mentor)
    for headers in ({}, {"HX-Request": "true"}):
        refused = client.post(address(session), headers=headers)
        assert refused.status_code == 409
        assert "结对已结束，未作更改。" in refused.text
    assert waits(client) == []
    assert Confirmation.objects.count() == 0


def test_the_list_has_what_the_other_side_wrote_in_sixty_days(cast, tree, signed_in, session):
    make_session(pairing=cast.pairing, created_by=cast.mentor)
    old = make_session(pairing=cast.pairing, created_by=cast.mentee)
    for row, days in ((old, 61), (session, 60)):
        at = timezone.now() - days * DAY
        Session.objects.filter(pk=row.pk).update(created_at=at)
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="林师傅"))
    elsewhere = make_pairing(mentor=other, mentee=make_cadre(unit=tree.shangshu, name="陈徒弟"))
    make_session(pairing=elsewhere)
    client = signed_in(cast.mentor)
    assert waits(client) == [session.pk]
    assert waits(client, pairing=cast.pairing.pk) == [session.pk]
    for user in (cast.county, cast.township, cast.viewer, cast.stranger):
        assert waits(signed_in(user)) == []


def test_what_an_office_wrote_for_who_signs_in_is_not_asked_about(cast, signed_in):
    """It may be confirmed on its page; nobody's list grows by what an office types."""
    row = make_session(pairing=cast.pairing, created_by=cast.township, is_on_behalf=True)
    for user in (cast.mentor, cast.mentee):
        client = signed_in(user)
        assert waits(client) == []
        page = client.get(reverse("activities:session_detail", args=[row.pk])).text
        assert address(row) in page


def test_the_list_of_one_pair_is_that_of_a_pair_one_sees(cast, tree, signed_in):
    other = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="曹邻县"))
    elsewhere = make_pairing(mentor=other, mentee=make_cadre(unit=tree.yuyue, name="王邻县"))
    for named in (elsewhere.pk, "no-id"):
        assert signed_in(cast.mentor).get(WAITING, {"pairing": named}).status_code == 404


def test_htmx_gets_the_mark_in_place_of_the_button(cast, signed_in, session):
    part = signed_in(cast.mentor).post(address(session), headers={"HX-Request": "true"})
    assert part.text.strip().startswith(f'<div id="confirmation-{session.pk}"')
    assert ("已确认属实" in part.text, "<form" in part.text) == (True, False)


def test_without_scripts_the_list_is_come_back_to(cast, signed_in, session):
    assert signed_in(cast.mentor).post(address(session), {"back": "list"}).url == WAITING
    assert "近60天没有待您确认的记录。" in signed_in(cast.mentor).get(WAITING).text


def test_the_panel_is_empty_when_nothing_waits(cast, signed_in):
    part = signed_in(cast.mentor).get(WAITING, headers={"HX-Request": "true"})
    assert (part.status_code, part.text.strip()) == (200, "")


def test_it_stands_on_the_page_of_the_pair_for_the_two_alone(cast, signed_in, session):
    panel = reverse("activities:panel", args=[cast.pairing.pk])
    shown = {
        user: address(session) in signed_in(user).get(panel).text
        for user in (cast.mentor, cast.mentee, cast.county)
    }
    assert shown == {cast.mentor: True, cast.mentee: False, cast.county: False}


def test_the_database_keeps_one_for_a_record_and_each_for_one_record(cast, session):
    Confirmation.objects.create(session=session, confirmed_by=cast.mentor)
    visit = make_visit(pairing=cast.pairing)
    for wrong in ({"session": session}, {"session": session, "visit": visit}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Confirmation.objects.create(confirmed_by=cast.mentor, **wrong)
    with pytest.raises(ValueError, match="record"):
        Confirmation.objects.create(confirmed_by=cast.mentor)


def test_the_list_asks_as_many_questions_for_three_as_for_one(
    cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.mentor)
    for count in (1, 2):
        for _ in range(count):
            make_session(pairing=cast.pairing, created_by=cast.mentee)
            make_visit(pairing=cast.pairing, created_by=cast.mentee, is_with_mentor=True)
        with django_assert_num_queries(6):
            client.get(WAITING)
