from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from activities.models import Assignment, OpenMatter, Session, Submission, Visit
from cadres.models import Cadre, CodeAlias, Exemption, Mentee
from calendars.models import MeetingEvent, PlannedMeeting
from calendars.states import VERBS
from calendars.states import State as MeetingState
from certificates.models import Certificate
from mentoring.demo import OPENS_WITH, accounts, published, seeding
from mentors.models import Mentor, MentorEvent
from mentors.states import APPOINTED
from mentors.states import State as MentorState
from pairings.coverage import coverage_of
from pairings.models import Pairing, PairingEvent
from pairings.states import OPEN, RUNNING, State
from programmes import wishing
from programmes.models import Programme
from tests.factories import make_user
from units.models import Unit

TODAY = dt.date(2026, 11, 23)


def seed(*arguments: str) -> str:
    said = StringIO()
    call_command(
        "seed_demo", "--mentors", "160", "--mentees", "360", "--today", str(TODAY), *arguments,
        stdout=said, stderr=StringIO(),
    )  # fmt: skip
    return said.getvalue()


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Seeded once for the module; what a test changes is rolled back."""
    with django_db_blocker.unblock():
        seeding.throw_away()  # numbers begin anew, whatever ran before
        seed()
        yield
        seeding.throw_away()


def test_words_for_codes_are_there_after_a_new_beginning(db):
    word = CodeAlias.objects.get(table="political_status", word="党员")
    assert word.code.name == "中共党员"


def everything() -> dict[str, list]:
    """What the seed decides; secrets, tokens and clocks apart."""
    return {
        "cadres": list(
            Cadre.objects.order_by("id").values_list("id", "name", "birth_month", "phone", "unit")
        ),
        "pairings": list(
            Pairing.objects.order_by("id").values_list("id", "mentor", "mentee", "state", "to_on")
        ),
        "events": list(
            PairingEvent.objects.order_by("id").values_list("pairing", "verb", "on", "to_state")
        ),
        "records": [
            list(model.objects.order_by("id").values_list("id", flat=True))
            for model in (Session, Visit, PlannedMeeting)
        ],
        # What is set for several at once gets its ids from the clock.
        "assignments": list(
            Assignment.objects.order_by("pairing", "title", "due_on", "state").values_list(
                "pairing", "title", "due_on", "state"
            )
        ),
        "submissions": list(
            Submission.objects.order_by(
                "assignment__pairing", "assignment__title", "text"
            ).values_list("assignment__pairing", "assignment__title", "text")
        ),
        "numbers": list(Certificate.objects.order_by("number").values_list("number", "pairing")),
    }


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_data_and_another_gives_other_data():
    first = everything()
    seed("--again")
    assert everything() == first
    seed("--again", "--seed", "7")
    assert everything()["cadres"] != first["cadres"]


@pytest.mark.django_db
def test_the_demo_holds_what_real_data_holds():
    # A substitute whose time ran out is not among the lives that are drawn.
    assert {*Pairing.objects.values_list("state", flat=True)} | {State.LAPSED} == set(State)
    birth_months = Cadre.objects.filter(name="王伟").values_list("birth_month", "township")
    assert len(set(birth_months)) >= 3
    assert Cadre.objects.filter(name__contains="·").exists()
    assert Cadre.objects.filter(name__regex="[\U00020000-\U0003ffff㐀-䶿]").exists()
    assert Cadre.objects.filter(phone="").exists()
    # Every mentor has somebody, every mentee is in a pair, and events tell each state.
    assert not Mentor.objects.filter(pairings=None, state__in=APPOINTED).exists()
    assert not Mentor.objects.exclude(pairings=None).exclude(state__in=APPOINTED).exists()
    assert set(Mentor.objects.values_list("state", flat=True)) == set(MentorState)
    by_events = Mentor.objects.with_state_on(TODAY).exclude(state_on=F("state"))
    assert not by_events.exists()
    assert MentorEvent.objects.exclude(waived="").exclude(waiver="").exists()
    assert (
        not Mentor.objects.exclude(pk__in=Mentor.strengths.through.objects.values("mentor"))
        .exclude(from_on=published.REPORTED_ON)
        .exists()
    )
    assert not Mentee.objects.filter(cadre__pairings_as_mentee=None).exists()
    untold = [
        pairing.pk
        for pairing in Pairing.objects.prefetch_related("events")
        if max(pairing.events.all(), key=lambda event: (event.at, event.pk)).to_state
        != pairing.state
    ]
    assert untold == []
    assert not Pairing.objects.filter(state__in=OPEN, ended_on__isnull=False).exists()


@pytest.mark.django_db
def test_the_register_of_mentees_has_every_state_and_a_coverage_below_the_whole():
    coverage = coverage_of(Mentee.objects.all(), timezone.localdate())
    assert min(coverage.exempt, coverage.unpaired) > 0
    assert 80 < coverage.percent < 100
    off = Mentee.objects.exclude(to_on=None)
    assert set(off.values_list("end_reason", flat=True)) == {"已出师"}
    assert not off.filter(cadre__pairings_as_mentee__state__in=RUNNING).exists()
    assert not Mentee.objects.filter(events=None).exists()
    assert Mentee.objects.filter(from_on=None).exists()
    assert Exemption.objects.filter(to_on=None).exists()
    assert Exemption.objects.exclude(to_on=None).exists()


@pytest.mark.django_db
def test_the_four_published_pairs_hold_their_published_facts_only():
    rows = Pairing.objects.filter(remark__contains="公开报道")
    assert {
        (p.mentor_cadre.name, p.mentee.name, p.unit.name, p.to_on) for p in rows.for_list()
    } == {
        ("褚雪松", "马晔", "刘家塘村委会", None),
        ("曹水庆", "王桢", "禹越镇", None),
        ("黄际来", "马新生", "泗安镇", None),
        ("宋生娥", "姚元元", "杨家埠街道", None),
    }
    people = Cadre.objects.filter(
        name__in=["褚雪松", "马晔", "曹水庆", "王桢", "黄际来", "马新生", "宋生娥", "姚元元"]
    )
    facts = people.values_list(
        "birth_month", "gender", "phone", "id_digest", "education", "user", "menteeships"
    )
    assert set(facts) == {("", "", "", None, "", None, None)}
    assert len(people) == 8


@pytest.mark.django_db
def test_the_zone_has_its_subdistrict_and_is_a_county_of_its_own():
    subdistrict = Unit.objects.get(code="330502011000")
    zone = Unit.objects.get(name="南太湖新区")
    assert (subdistrict.parent, subdistrict.county, zone.code) == (zone, zone, None)


@pytest.mark.django_db
def test_it_never_throws_away_data_of_others():
    make_user(username="zhangsan")
    before = everything()
    with pytest.raises(CommandError, match="不能清空"):
        seed("--again")
    with pytest.raises(CommandError, match="--again"):
        seed()
    assert everything() == before


@pytest.mark.django_db
def test_every_role_can_sign_in_with_what_is_printed():
    printed = "\n".join(accounts.lines())
    for username in [s.username for s in accounts.SIGN_INS] + [accounts.MENTOR, accounts.MENTEE]:
        assert username in printed
        assert User.objects.get(username=username).check_password(OPENS_WITH)


def test_this_years_list_is_published_and_next_years_wishes_are_collected(db):
    published_one, collecting = Programme.objects.order_by("year")
    assert (published_one.year, published_one.state) == (2026, "published")
    rows = published_one.planned.select_related("pairing")
    assert rows.count() > 10
    assert all(
        (row.pairing.mentor_id, row.pairing.mentee_id) == (row.mentor_id, row.mentee_id)
        for row in rows
    )
    assert [event.verb for event in published_one.events.all()] == [
        "create", "draw_up", "check", "approve", "publish",
    ]  # fmt: skip
    assert collecting.takes_wishes(TODAY)
    assert wishing.mutual(collecting)
    for username in (accounts.MENTOR, accounts.MENTEE):
        cadre = Cadre.objects.get(user__username=username)
        (invitation,) = wishing.open_to(cadre, TODAY)
        assert (invitation.programme, invitation.has_said) == (collecting, False)


@pytest.mark.django_db
def test_the_signed_in_pair_has_matters_to_settle_and_settled_ones():
    own = OpenMatter.objects.filter(pairing__mentee__user__username=accounts.MENTEE)
    assert (own.open().count(), own.closed().count()) == (3, 3)
    for matter in OpenMatter.objects.closed().select_related("closed_in"):
        assert matter.closed_in.pairing_id == matter.pairing_id
        assert matter.closed_on == matter.closed_in.happened_on


@pytest.mark.django_db
def test_the_signed_in_pair_has_meetings_in_every_state():
    pairing = Pairing.objects.get(mentee__user__username=accounts.MENTEE)
    rows = PlannedMeeting.objects.filter(pairing=pairing)
    assert {*rows.values_list("state", flat=True)} == {*MeetingState}
    told = {*MeetingEvent.objects.filter(meeting__in=rows).values_list("verb", flat=True)}
    assert told == {*VERBS} - {"reopen"}
    assert PlannedMeeting.objects.exclude(pairing=pairing).count() > 3
