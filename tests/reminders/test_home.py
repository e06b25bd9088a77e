from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from pairings.models import PairingEvent
from pairings.states import Role, State
from reminders.desk import desk_of
from reminders.models import Reminder
from reminders.sweeping import sweep
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing, make_user
from tests.reminders.made import make_assignment, make_session


def sentences(user):
    return [todo.sentence for todo in desk_of(user).todos]


def today():
    return timezone.localdate()


@pytest.fixture
def current(cast):
    """The cast's pair with a record of today and a term that is far from its end."""
    make_session(pairing=cast.pairing, on=today())
    type(cast.pairing).objects.update(to_on=today().replace(year=today().year + 2, day=1))
    return cast


def test_nothing_waits_on_a_quiet_day(current, signed_in):
    response = signed_in(current.mentee).get("/")
    assert "今天没有待办" in response.text
    assert "褚师傅" in response.text
    assert sentences(current.mentor) == sentences(current.county) == []
    assert "今天没有待办" in signed_in(current.county).get("/").text


def test_an_office_is_not_told_that_nothing_waits_while_a_pair_waits(current, signed_in):
    type(current.pairing).objects.update(state=State.AGREED)
    assert "今天没有待办" not in signed_in(current.county).get("/").text


def test_a_pair_to_confirm_stands_there_before_any_sweep(current):
    type(current.pairing).objects.update(state=State.PROPOSED)
    assert sentences(current.mentor) == ["请确认与帮带对象马徒弟的结对。"]
    assert sentences(current.mentee) == ["请确认与导师褚师傅的结对。"]
    type(current.pairing).objects.update(state=State.MENTOR_AGREED)
    assert (len(sentences(current.mentor)), len(sentences(current.mentee))) == (0, 1)


def test_a_matter_with_a_reminder_is_named_once(current):
    type(current.pairing).objects.update(state=State.PROPOSED)
    sweep()
    [todo] = desk_of(current.mentee).todos
    assert todo.reminder == Reminder.objects.get(user=current.mentee).pk


def test_the_mentee_hands_in_and_the_mentor_reviews(current):
    task = make_assignment(pairing=current.pairing, due_on=today())
    assert [len(sentences(user)) for user in (current.mentee, current.mentor)] == [1, 0]
    type(task).objects.update(state="submitted")
    assert sentences(current.mentee) == []
    assert sentences(current.mentor) == ["马徒弟已提交作业《走访十户》，请批阅。"]


def test_got_it_puts_a_reminder_aside_for_good(cast, signed_in):
    sweep()
    reminder = Reminder.objects.get(user=cast.mentee, rule="silent")
    client = signed_in(cast.mentee)
    assert reminder.sentence in client.get("/").text
    response = client.post(reverse("reminders:close", args=[reminder.pk]), follow=True)
    assert reminder.sentence not in response.text
    sweep()
    assert reminder.sentence not in client.get("/").text


def test_got_it_gives_htmx_the_list_alone(cast, signed_in):
    sweep()
    reminder = Reminder.objects.get(user=cast.mentee, rule="silent")
    response = signed_in(cast.mentee).post(
        reverse("reminders:close", args=[reminder.pk]), headers={"HX-Request": "true"}, follow=True
    )
    assert response.text.lstrip().startswith('<section id="todos"')


def test_got_it_in_the_list_comes_back_to_the_list(cast, signed_in):
    sweep()
    reminder = Reminder.objects.get(user=cast.mentee, rule="silent")
    response = signed_in(cast.mentee).post(f"/reminders/{reminder.pk}/close/", {"back": "list"})
    assert response.url == "/reminders/"


def test_what_is_late_comes_first_and_what_only_is_to_be_known_last(cast):
    make_assignment(pairing=cast.pairing, due_on=today())
    late = dt.timedelta(days=3)
    make_assignment(pairing=cast.pairing, due_on=today() - late, title="逾期的")
    sweep()
    words = ("逾期的", "走访十户", "没有帮带记录")
    found = [[word for word in words if word in one] for one in sentences(cast.mentee)]
    assert found == [["逾期的"], ["走访十户"], ["没有帮带记录"]]


def test_nobody_puts_another_persons_reminder_aside(cast, signed_in):
    sweep()
    reminder = Reminder.objects.get(user=cast.mentee, rule="silent")
    for user in (cast.mentor, cast.county, cast.township, cast.stranger):
        assert signed_in(user).post(f"/reminders/{reminder.pk}/close/").status_code == 404
    reminder.refresh_from_db()
    assert reminder.closed_at is None


def test_a_stranger_sees_no_reminder_of_anybody(cast, signed_in):
    sweep()
    assert Reminder.objects.count() == 3
    for user in (cast.stranger, cast.other_county, cast.sibling, cast.sysadmin, cast.auditor):
        for address in ("/", "/reminders/"):
            text = signed_in(user).get(address).text
            assert ("马徒弟" in text, "褚师傅" in text) == (False, False), user.username


def test_the_list_shows_all_open_reminders(cast, signed_in):
    for number in range(10):
        make_assignment(pairing=cast.pairing, due_on=today(), title=f"第{number}份")
    sweep()
    client = signed_in(cast.mentee)
    assert client.get("/").text.count("知道了") == 5
    assert "还有 6 条" in client.get("/").text
    assert client.get("/reminders/").text.count("知道了") == 11


def test_the_offices_numbers_open_the_pairs_behind_them(cast, tree, signed_in):
    """One pair of each group here and one in the other county; the two groups may overlap."""
    for unit, prefix in ((tree.shangshu, "安"), (tree.yuyue, "德")):
        mentor = make_mentor(cadre=make_cadre(unit=unit, name=f"{prefix}师"))
        for state in (State.PROPOSED, State.AGREED, State.ACTIVE):
            mentee = make_cadre(unit=unit, name=f"{prefix}徒{state}")
            make_pairing(mentor=mentor, mentee=mentee, state=state, to_on=today())
    for user in (cast.county, cast.viewer, cast.township):
        sizes = {group.slug: group.size for group in desk_of(user).groups}
        assert sizes == {"unconfirmed": 1, "to_approve": 1, "silent": 2, "expiring": 1}
    client = signed_in(cast.viewer)
    for slug, size in sizes.items():
        text = client.get(f"/reminders/pairs/?group={slug}").text
        assert f"共 {size} 对" in text
        assert ("德师" in text, "安师" in text) == (False, True)
    assert client.get("/reminders/pairs/?group=nonsense").status_code == 404
    assert signed_in(cast.mentor).get("/reminders/pairs/").status_code == 403


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("mentor", "布置作业"),
        ("mentee", "记走访"),
        ("county", "登记结对"),
        ("sysadmin", "打开账号管理"),
        ("secadmin", "打开账号管理"),
        ("auditor", "查看审计记录"),
        ("stranger", "您的账号还没有关联到花名册或单位"),
    ],
)
def test_each_role_finds_its_own_next_step(cast, signed_in, who, text):
    texts = {"布置作业", "记走访", "登记结对", "打开账号管理", "查看审计记录"} | {text}
    page = signed_in(getattr(cast, who)).get("/").text
    assert {one for one in texts if one in page} == {text}


def test_the_leader_reads_and_is_offered_nothing_to_do(cast, signed_in):
    page = signed_in(cast.viewer).get("/").text
    assert "久无记录" in page
    assert "登记结对" not in page


QUERIES = {"mentor": 17, "mentee": 17, "county": 15, "stranger": 7}


@pytest.mark.parametrize("who", QUERIES)
@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_asks_as_often_for_three_rows_as_for_one(
    cast, tree, signed_in, django_assert_num_queries, rows, who
):
    for number in range(rows):
        user = make_user(username=f"mentee{number}")
        mentee = make_cadre(unit=tree.shangshu, name=f"徒{number}", user=user)
        pairing = make_pairing(mentor=cast.mentor_row, mentee=mentee)
        make_assignment(pairing=pairing, due_on=today(), state="submitted")
        make_assignment(pairing=cast.pairing, due_on=today())
        another = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{number}"))
        make_pairing(mentor=another, mentee=cast.mentee_row, state=State.PROPOSED, role=Role.WORK)
    sweep()
    client = signed_in(getattr(cast, who))
    with django_assert_num_queries(QUERIES[who]):
        assert client.get("/").status_code == 200


def test_who_should_be_paired_and_is_not_is_one_line_that_leads_to_them(current, tree, signed_in):
    def line(user):
        return [todo for todo in desk_of(user).todos if "尚未结对" in todo.sentence]

    assert line(current.county) == []
    for name, unit in (("安未结", tree.shangshu), ("安待定", tree.dipu), ("德未结", tree.yuyue)):
        make_mentee(cadre=make_cadre(unit=unit, name=name))
    exempt = make_mentee(cadre=make_cadre(unit=tree.dipu, name="安免结"))
    exempt.exempt(from_on=today(), to_on=None, reason="产假", document="", by=current.county)
    [todo] = line(current.county)
    assert (todo.sentence, todo.is_notice) == ("应结对尚未结对的帮带对象 2 人。", True)
    page = signed_in(current.county).get(todo.path)
    assert {row.cadre.name for row in page.context["page"].rows} == {"安未结", "安待定"}
    assert [line(user) for user in (current.viewer, current.mentor, current.mentee)] == [[]] * 3
    assert "尚未结对的帮带对象 1 人" in signed_in(current.township).get("/").text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("proposed", "等待导师和帮带对象确认"),
        ("mentor_agreed", "等待帮带对象确认"),
        ("mentee_agreed", "等待导师确认"),
        ("agreed", "等待组织部门批准"),
    ],
)
def test_all_three_see_whom_a_pair_waits_for_and_since_when(current, signed_in, state, sentence):
    type(current.pairing).objects.update(state=state)
    PairingEvent.objects.update(at=timezone.now() - dt.timedelta(days=4))
    for user in (current.mentor, current.mentee):
        [waiting] = desk_of(user).waiting
        assert (waiting.pairing, waiting.sentence[: len(sentence)]) == (current.pairing, sentence)
        text = signed_in(user).get("/").text
        assert waiting.sentence in text
        assert "，已 4 天。" in text
    group = "to_approve" if state == "agreed" else "unconfirmed"
    for address in ("/", f"{reverse('reminders:pairs')}?group={group}"):
        text = signed_in(current.county).get(address).text
        assert "已 4 天" in text


def test_a_running_pair_waits_for_nobody(current):
    assert desk_of(current.mentor).waiting == desk_of(current.mentee).waiting == []
