"""Two offices at one list, on the real PostgreSQL: one of two contradicting acts holds."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.models import User
from core.problems import Refused
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent
from pairings.registering import propose
from programmes import listing, publishing
from programmes.models import NotNow, PlannedPair, Programme, ProgrammeEvent, StaleMove
from tests.factories import make_cadre, make_mentor
from tests.pairings.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def said(job):
    """What the job returned, or the sentence that refused it."""

    def run():
        try:
            return job()
        except (NotNow, Refused, StaleMove) as refusal:
            return refusal
        finally:
            connection.close()

    return run


def programme_of(cast):
    return Programme.objects.select_related("unit", "policy").get(pk=cast.programme.pk)


def test_of_two_who_name_a_lead_for_one_mentee_the_second_gets_a_sentence(listed, tree):
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="孙导师"))

    def naming(mentor, username):
        return said(
            lambda: listing.add(
                programme_of(listed), mentor, listed.zhao, by=User.objects.get(username=username)
            )
        )

    results = all_at_once(naming(listed.guide, "anji"), naming(other, "leader"))
    rows = [result for result in results if isinstance(result, PlannedPair)]
    (refused,) = [result for result in results if isinstance(result, Refused)]
    (row,) = rows
    name = Mentor.objects.select_related("cadre").get(pk=row.mentor_id).cadre.name
    sentence = f"赵学员在名单中已有主导师：{name}。"
    assert [problem.sentence for problem in refused.problems] == [sentence]
    assert PlannedPair.objects.filter(mentee=listed.zhao).count() == 1


def test_a_row_comes_in_before_the_check_or_not_at_all(listed):
    def checking():
        return publishing.move(programme_of(listed), "check", by=listed.county)

    def adding():
        return listing.add(programme_of(listed), listed.guide, listed.zhao, by=listed.county)

    added, checked = all_at_once(said(adding), said(checking))
    assert isinstance(checked, ProgrammeEvent)
    is_in = PlannedPair.objects.filter(mentee=listed.zhao).exists()
    assert is_in == isinstance(added, PlannedPair)
    assert isinstance(added, (PlannedPair, NotNow))


def test_of_four_who_publish_one_does(listed):
    for verb in ("check", "approve"):
        publishing.move(programme_of(listed), verb, by=listed.county)
    job = said(lambda: publishing.move(programme_of(listed), "publish", by=listed.county))
    results = all_at_once(*[job] * 4)
    assert sum(isinstance(result, ProgrammeEvent) for result in results) == 1
    assert sum(isinstance(result, StaleMove) for result in results) == 3
    assert Pairing.objects.filter(mentee=listed.li).count() == 1
    assert PairingEvent.objects.filter(pairing__mentee=listed.li).count() == 1
    assert ProgrammeEvent.objects.filter(verb="publish").count() == 1


def test_a_list_and_a_single_registration_do_not_give_one_mentee_two_leads(listed, tree):
    for verb in ("check", "approve"):
        publishing.move(programme_of(listed), verb, by=listed.county)
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="孙导师"))
    day = listed.programme.from_on
    results = all_at_once(
        said(lambda: publishing.move(programme_of(listed), "publish", by=listed.county)),
        said(
            lambda: propose(
                other, listed.li, by=listed.county, from_on=day, to_on=None, method="assigned"
            )
        ),
    )
    won = [result for result in results if isinstance(result, (ProgrammeEvent, Pairing))]
    assert len(won) == 1, results
    assert Pairing.objects.filter(mentee=listed.li).count() == 1
    state = "published" if isinstance(results[0], ProgrammeEvent) else "approved"
    assert programme_of(listed).state == state
