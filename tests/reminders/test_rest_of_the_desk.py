"""What the desk has no room for: how many, and the list in which they all stand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import OpenMatter
from pairings.models import Pairing
from pairings.states import State
from plans.models import PlanStep
from reminders.desk import desk_of
from tests.activities.making import make_visit
from tests.calendars.made import make_in_state, make_meeting
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from tests.plans.made import add_steps, make_agreed
from tests.reminders.made import make_assignment

DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def sentences(user):
    return [todo.sentence for todo in desk_of(user).todos]


def rest(user):
    return {more.path: more.sentence for more in desk_of(user).more}


def leave_open(pairing, count):
    visit = make_visit(pairing=pairing)
    for number in range(count):
        OpenMatter.objects.create(raised_in=visit, text=f"第{number}件")


def plan_steps(cast, count):
    plan = make_agreed(cast, steps=1)
    add_steps(plan, count - 1)
    return plan


@pytest.mark.parametrize(
    ("shown", "made", "left"),
    [(10, 10, None), (10, 11, "未了事项还有 1 项"), (10, 33, "未了事项还有 23 项")],
)
def test_of_matters_ten_are_shown_and_the_others_counted(cast, signed_in, shown, made, left):
    leave_open(cast.pairing, made)
    address = reverse("activities:my_matters")
    for user in (cast.mentor, cast.mentee):
        assert len(sentences(user)) == shown
        assert rest(user).get(address) == left
        client = signed_in(user)
        assert (str(left) in client.get("/").text, address in client.get("/").text) == (
            left is not None,
        ) * 2
        assert client.get(address).context["page"].total == made


def test_of_the_months_steps_ten_are_shown_and_the_others_counted(cast, signed_in):
    plan_steps(cast, 12)
    address = reverse("plans:of_mentees")
    assert len(sentences(cast.mentor)) == 10
    assert rest(cast.mentor) == {address: "本月计划还有 2 项"}
    page = signed_in(cast.mentor).get(address)
    assert page.context["page"].total == 12
    assert page.text.count("/done/") == 12
    for user in (cast.mentee, cast.county, cast.stranger):
        page = signed_in(user).get(address)
        assert page.context["page"].rows == []
        assert "走村" not in page.text


def test_the_list_of_steps_goes_on_by_the_page(cast, signed_in):
    plan = plan_steps(cast, 51)
    client = signed_in(cast.mentor)
    address = reverse("plans:of_mentees")
    first = client.get(address).context["page"]
    second = client.get(address, {"after": first.next}).context["page"]
    assert [*first.rows, *second.rows] == list(PlanStep.objects.filter(plan=plan).order_by("pk"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_steps_asks_as_often_for_three_as_for_one(
    cast, signed_in, django_assert_num_queries, rows
):
    plan_steps(cast, rows)
    client = signed_in(cast.mentor)
    with django_assert_num_queries(5):
        assert len(client.get(reverse("plans:of_mentees")).context["page"].rows) == rows


@pytest.mark.parametrize(
    ("who", "state", "sentence"),
    [
        ("mentor", "submitted", "待批阅的作业还有 2 份"),
        ("mentee", "set", "待提交的作业还有 2 份"),
    ],
)
def test_of_assignments_thirty_are_shown_and_the_others_counted(
    cast, signed_in, who, state, sentence
):
    for number in range(32):
        make_assignment(pairing=cast.pairing, due_on=today(), title=f"{number}", state=state)
    user = getattr(cast, who)
    [(address, said)] = rest(user).items()
    assert (len(sentences(user)), said) == (30, sentence)
    assert signed_in(user).get(address).context["page"].total == 32


def test_a_meeting_of_today_is_to_be_held_and_a_later_one_to_be_known(cast):
    make_meeting(cast, topic="后天的", day=today() + 2 * DAY)
    make_meeting(cast, topic="今天的", time=dt.time(14, 30), place_text="村部")
    make_in_state(cast, "cancelled", topic="取消的")
    make_in_state(cast, "held", topic="见过的")
    for user, partner in ((cast.mentor, "马徒弟"), (cast.mentee, "褚师傅")):
        first, later = desk_of(user).todos
        assert (first.sentence, first.about, first.is_notice) == (
            "今天的", f"约定见面 · 今天 14:30 · {partner} · 村部", False,
        )  # fmt: skip
        assert (later.sentence, later.is_notice) == ("后天的", True)
        assert (later.since, later.about.endswith(partner)) == (today() + 2 * DAY, True)


def test_of_meetings_five_are_shown_and_the_calendar_has_the_others(cast, signed_in):
    for number in range(7):
        make_meeting(cast, topic=f"第{number}次", day=today() + number * DAY)
    assert sentences(cast.mentor) == [f"第{number}次" for number in range(5)]
    assert rest(cast.mentor) == {reverse("calendars:month"): "约定见面还有 2 次"}
    text = signed_in(cast.mentor).get("/").text
    assert [reverse(f"calendars:{name}") in text for name in ("month", "address")] == [True] * 2


def test_other_peoples_meetings_and_those_of_a_pair_that_rests_stand_nowhere(cast, tree, signed_in):
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="邻师"))
    other = make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.shangshu, name="邻徒"))
    make_meeting(cast, pairing=other, by=cast.county, topic="邻居的事")
    make_meeting(cast)
    for user in (cast.county, cast.stranger, cast.sibling):
        assert sentences(user) == []
    assert sentences(cast.mentor) == ["走访农户前碰头"]
    assert "邻" not in signed_in(cast.mentor).get("/").text
    Pairing.objects.update(state=State.SUSPENDED)
    assert sentences(cast.mentor) == []


@pytest.mark.parametrize("who", ["mentor", "mentee"])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_asks_as_often_for_three_of_each_as_for_one(
    cast, tree, signed_in, django_assert_num_queries, rows, who
):
    plan_steps(cast, rows)
    leave_open(cast.pairing, rows)
    for number in range(rows):
        make_meeting(cast, day=today() + number * DAY)
        user = make_user(username=f"mentee{number}")
        mentee = make_cadre(unit=tree.shangshu, name=f"徒{number}", user=user)
        leave_open(make_pairing(mentor=cast.mentor_row, mentee=mentee), rows)
    client = signed_in(getattr(cast, who))
    with django_assert_num_queries(17):
        assert client.get("/").status_code == 200
