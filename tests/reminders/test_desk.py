"""The list of what waits for a mentor, in one order, each with one button."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import OpenMatter, Session, Submission
from core.months import month_of, shift
from pairings.states import State
from plans.models import PlanStep
from reminders.desk import desk_of
from reminders.models import Reminder
from reminders.sweeping import sweep
from tests.activities.making import make_visit
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from tests.plans.made import make_agreed
from tests.reminders.made import make_assignment

DAY = dt.timedelta(days=1)


def handed_in(pairing, title, *, days_ago, due_on=None):
    today = timezone.localdate()
    row = make_assignment(
        pairing=pairing, due_on=due_on or today + DAY, title=title, state="submitted"
    )
    Submission.objects.create(assignment=row, text="写好了", created_by=pairing.mentee.user)
    at = timezone.now() - days_ago * DAY
    Submission.objects.filter(assignment=row).update(created_at=at)
    return row


def written(pairing, topic, *, by, days_ago):
    row = Session.objects.create(pairing=pairing, method="on_site", topic=topic, created_by=by)
    Session.objects.filter(pk=row.pk).update(created_at=timezone.now() - days_ago * DAY)
    return row


@pytest.fixture
def busy(cast, tree):
    """All that may wait for the cast's mentor."""
    proposed = make_pairing(
        mentor=cast.mentor_row,
        mentee=make_cadre(unit=tree.shangshu, name="新徒", user=make_user(username="new")),
        state=State.PROPOSED,
    )
    type(proposed).objects.filter(pk=proposed.pk).update(created_at=timezone.now() - 3 * DAY)
    handed_in(cast.pairing, "先交的", days_ago=4)
    handed_in(cast.pairing, "后交的", days_ago=1)
    written(cast.pairing, "田间教学", by=cast.mentee, days_ago=2)
    written(cast.pairing, "自己写的", by=cast.mentor, days_ago=2)
    visit = make_visit(pairing=cast.pairing, created_by=cast.mentee)
    for text, closed in (("修水渠", {}), ("已办好的", {"on": timezone.localdate(), "note": "好"})):
        matter = OpenMatter.objects.create(raised_in=visit, text=text, created_by=cast.mentee)
        if closed:
            matter.close(by=cast.mentee, **closed)
    plan = make_agreed(cast)
    month = month_of(timezone.localdate())
    plan.steps.all().delete()
    for at, text in ((month, "本月的一步"), (shift(month, 1), "下月的一步"), ("", "不定期的")):
        PlanStep.objects.create(plan=plan, month=at, text=text)
    return cast


def buttons(user):
    return [(todo.sentence, str(todo.button), todo.act) for todo in desk_of(user).todos]


def test_all_that_waits_stands_in_one_list_the_oldest_first(busy):
    assert buttons(busy.mentor) == [
        ("马徒弟已提交作业《先交的》，请批阅。", "批阅", "review"),
        ("请确认与帮带对象新徒的结对。", "去处理", ""),
        ("田间教学", "去处理", "confirm"),
        ("马徒弟已提交作业《后交的》，请批阅。", "批阅", "review"),
        ("本月的一步", "完成", ""),
        ("修水渠", "标记办结", ""),
    ]


def test_each_line_has_one_main_button(busy, signed_in):
    text = signed_in(busy.mentor).get("/").text
    section = text[text.index('id="todos"') : text.index("</section>", text.index('id="todos"'))]
    assert [section.count(word) for word in ("hx-get=", "确认属实</button>", "知道了")] == [2, 1, 0]
    assert section.count("btn btn-primary") + section.count("btn btn-outline-secondary") == 6
    assert "自己写的" not in section


def test_nothing_of_others_pairs_stands_there(busy, tree):
    other = make_user(username="other")
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="别师", user=other))
    pairing = make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.shangshu, name="别徒"))
    handed_in(pairing, "别人的作业", days_ago=9)
    assert len(desk_of(busy.mentor).todos) == 6
    assert [todo.sentence for todo in desk_of(other).todos] == [
        "别徒已提交作业《别人的作业》，请批阅。"
    ]
    assert desk_of(busy.stranger).todos == []


def test_a_pair_that_rests_asks_for_no_review(busy):
    type(busy.pairing).objects.filter(pk=busy.pairing.pk).update(state=State.SUSPENDED)
    assert [act for _sentence, _button, act in buttons(busy.mentor)] == ["", "confirm"]


def test_how_late_it_was_is_told_of_the_work(cast):
    today = timezone.localdate()
    handed_in(cast.pairing, "晚的", days_ago=1, due_on=today - 4 * DAY)
    [todo] = desk_of(cast.mentor).todos
    assert (todo.about, todo.is_late) == ("迟交 3 天", False)


def test_a_reminder_of_the_same_work_can_be_put_aside_there(cast, signed_in):
    handed_in(cast.pairing, "先交的", days_ago=4)
    sweep()
    [todo] = [todo for todo in desk_of(cast.mentor).todos if todo.act == "review"]
    found = Reminder.objects.filter(user=cast.mentor, rule="assignment_due").first()
    assert todo.reminder == (found.pk if found else None)


def test_what_was_handed_in_opens_in_the_list(busy, signed_in):
    todo = desk_of(busy.mentor).todos[0]
    text = signed_in(busy.mentor).get("/").text
    assert f'id="work-{todo.subject.pk}"' in text
    assert reverse("activities:desk_review", args=[todo.subject.pk]) in text
