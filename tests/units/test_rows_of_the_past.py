"""A unit moves: what had ended stays with the offices of its day, what is open follows."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from activities.models import Session
from cadres.models import Cadre, Posting
from certificates.issuing import issue
from mentors.models import Mentor
from pairings.models import Pairing
from pairings.states import State
from reminders.models import Suggestion
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing, make_unit, make_user
from units.models import BadDay, Placed, placed_models
from units.tree import move

D = dt.date
DAY = D(2026, 6, 1)


def seen(model, user, *names: str) -> set[str]:
    """Which of the canaries this user sees, by the person's name."""
    user = User.objects.get(pk=user.pk)  # grants are read once for each instance
    rows = model.objects.visible_to(user)
    return {str(row) for row in rows if str(row) in names}


@pytest.fixture
def past(cast, tree):
    """In 上墅乡: somebody who left, a mentor whose term ended, a pair that ended, before DAY."""
    left = make_cadre(unit=tree.shangshu, name="已离任")
    left.leave(on=D(2026, 3, 31), reason="退休")
    retired = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="老导师"))
    Mentor.objects.filter(pk=retired.pk).update(to_on=D(2026, 3, 31), state="ended")
    ended = make_pairing(
        mentor=cast.mentor_row,
        mentee=make_cadre(unit=tree.shangshu, name="旧徒弟"),
        state=State.COMPLETED,
        to_on=D(2026, 3, 31),
    )
    return {"left": left, "retired": retired, "ended": ended}


def test_what_ended_stays_with_the_old_county_and_what_is_open_goes_to_the_new(cast, tree, past):
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    names = ("已离任", "马徒弟", "褚师傅")
    assert seen(Cadre, cast.county, *names) == {"已离任"}
    assert seen(Cadre, cast.other_county, *names) == {"马徒弟", "褚师傅"}
    assert seen(Mentor, cast.county, "老导师", "褚师傅") == {"老导师"}
    assert seen(Mentor, cast.other_county, "老导师", "褚师傅") == {"褚师傅"}
    pairs = ("褚师傅 → 旧徒弟", "褚师傅 → 马徒弟")
    assert seen(Pairing, cast.county, *pairs) == {"褚师傅 → 旧徒弟"}
    assert seen(Pairing, cast.other_county, *pairs) == {"褚师傅 → 马徒弟"}


def test_the_page_names_the_offices_that_see_it(cast, tree, past, signed_in):
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    client = signed_in(User.objects.get(pk=cast.township.pk))
    for row, offices in ((past["left"], "安吉县、上墅乡"), (cast.mentee_row, "德清县、上墅乡")):
        page = client.get(reverse("cadres:detail", args=[row.pk])).text
        assert f"{offices}的组织部门" in page


def test_the_township_itself_goes_on_seeing_all_of_it(cast, tree, past):
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    names = ("已离任", "马徒弟", "褚师傅")
    assert seen(Cadre, cast.township, *names) == {*names}
    assert seen(Mentor, cast.township, "老导师", "褚师傅") == {"老导师", "褚师傅"}


def test_who_served_where_on_a_day_and_under_which_county(cast, tree):
    before = cast.mentee_row.postings.get()
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    posts = Posting.objects.filter(cadre=cast.mentee_row).order_by("from_on")
    told = [(post.county.name, post.from_on, post.to_on, post.title) for post in posts]
    assert sorted(told, key=str) == [
        ("安吉县", None, D(2026, 5, 31), "干部"),
        ("德清县", DAY, None, "干部"),
    ]
    assert posts.get(to_on=None).is_main
    for day, county in ((D(2026, 5, 31), "安吉县"), (DAY, "德清县")):
        assert Posting.objects.on(day).get(cadre=cast.mentee_row).county.name == county
    before.refresh_from_db()
    assert before.to_on == D(2026, 5, 31)


def test_a_posting_that_ended_after_the_day_is_cut_and_one_that_began_later_follows(cast, tree):
    person = make_cadre(unit=tree.shangshu, name="跨日者")
    first = person.postings.get()
    Posting.objects.filter(pk=first.pk).update(from_on=D(2020, 1, 1), to_on=D(2026, 6, 30))
    Posting.objects.create(cadre=person, unit=tree.shangshu, title="副乡长", from_on=D(2026, 7, 1))
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    told = person.postings.order_by("from_on").values_list("county__name", "from_on", "to_on")
    assert list(told) == [
        ("安吉县", D(2020, 1, 1), D(2026, 5, 31)),
        ("德清县", DAY, D(2026, 6, 30)),
        ("德清县", D(2026, 7, 1), None),
    ]


def test_records_letters_and_suggestions_of_before_stay(cast, tree):
    old, new = (
        Session.objects.create(
            pairing=cast.pairing, happened_on=day, method="review", topic=topic, unit=tree.shangshu
        )
        for day, topic in ((D(2026, 5, 30), "先前"), (DAY, "之后"))
    )
    letter = issue(cast.pairing, by=cast.county, on=D(2026, 5, 1))
    said = Suggestion.objects.create(unit=tree.shangshu, text="建议", created_by=cast.mentee)
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    for row in (old, new, letter, said):
        row.refresh_from_db()
    assert [row.county.name for row in (old, new, letter, said)] == [
        "安吉县", "德清县", "安吉县", "安吉县",
    ]  # fmt: skip


def test_the_new_county_reads_the_whole_file_of_a_pair_that_came(cast, tree, signed_in):
    record = {"method": "review", "unit": tree.shangshu, "happened_on": D(2026, 5, 30)}
    came = Session.objects.create(pairing=cast.pairing, topic="先前", **record)
    ended = make_pairing(
        mentor=cast.mentor_row,
        mentee=make_cadre(unit=tree.shangshu, name="旧徒弟"),
        state=State.COMPLETED,
        to_on=D(2026, 3, 31),
    )
    stayed = Session.objects.create(pairing=ended, topic="早已结束", **record)
    letter = issue(cast.pairing, by=cast.county, on=D(2026, 5, 1))
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    addresses = [reverse("activities:session_detail", args=[row.pk]) for row in (came, stayed)]
    addresses.append(reverse("certificates:detail", args=[letter.pk]))
    for user, codes in (
        (cast.other_county, [200, 404, 200]),
        (cast.county, [200, 200, 200]),  # of its time, and counted there
        (cast.township, [200, 200, 200]),
        (cast.sibling, [404, 404, 404]),
    ):
        client = signed_in(User.objects.get(pk=user.pk))
        assert [client.get(address).status_code for address in addresses] == codes, user
    assert not Session.objects.visible_to(cast.other_county).exists()


def test_a_body_that_changes_its_department_takes_no_past_along(cast, tree):
    """Departments and zones inside a county are scoped by the path, not by a column."""
    other = make_unit(name="县农业局", kind="department", parent=tree.anji)
    station = make_unit(name="农技站", kind="station", parent=tree.department)
    left = make_cadre(unit=station, name="站里旧人")
    left.leave(on=D(2026, 3, 31), reason="调离")
    make_cadre(unit=station, name="站里现任")
    make_cadre(unit=other, name="局里人")
    users = {}
    for name, unit in (("old", tree.department), ("new", other), ("own", station)):
        users[name] = make_user(username=name)
        make_grant(user=users[name], role=Role.COORDINATOR, unit=unit)
    move(station, other, on=DAY, by=cast.county)
    names = ("站里旧人", "站里现任", "局里人")
    assert seen(Cadre, users["old"], *names) == {"站里旧人"}
    assert seen(Cadre, users["new"], *names) == {"站里现任", "局里人"}
    assert seen(Cadre, users["own"], *names) == {"站里旧人", "站里现任"}
    assert seen(Cadre, cast.county, *names) == {*names}
    posts = {user: [post.to_on for post in Posting.objects.filter(users[user].rows_q())]
             for user in ("old", "new")}  # fmt: skip
    assert D(2026, 5, 31) in posts["old"]
    assert D(2026, 5, 31) not in posts["new"]
    # And on: a second move leaves the first office's past alone.
    move(station, tree.department, on=D(2026, 9, 1), by=cast.county)
    assert seen(Cadre, users["old"], *names) == {"站里旧人", "站里现任"}
    assert seen(Cadre, users["new"], *names) == {"局里人"}


def test_a_zone_lifted_to_county_level_keeps_its_own_past(cast, tree):
    inner = make_unit(name="开发区", kind="zone", parent=tree.anji)
    make_cadre(unit=inner, name="区内旧人").leave(on=D(2026, 3, 31), reason="退休")
    make_cadre(unit=inner, name="区内现任")
    keeper = make_user(username="keeper")
    make_grant(user=keeper, role=Role.COORDINATOR, unit=inner)
    move(inner, tree.city, on=DAY, by=cast.county)
    names = ("区内旧人", "区内现任")
    assert seen(Cadre, keeper, *names) == {*names}
    assert seen(Cadre, cast.county, *names) == {"区内旧人"}


@pytest.mark.parametrize("day", [D(2999, 1, 1), D(2026, 4, 30)])
def test_no_day_ahead_and_none_before_the_last_move(tree, day):
    move(tree.shangshu, tree.deqing, on=D(2026, 5, 1))
    with pytest.raises(BadDay):
        move(tree.shangshu, tree.anji, on=day)
    tree.shangshu.refresh_from_db()
    assert tree.shangshu.parent == tree.deqing


def test_every_table_of_placed_rows_is_kept_right_by_the_database(cast, tree):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname = 'placed_where_its_unit_stands'"
        )
        found = {name for (name,) in cursor.fetchall()}
    assert found == {model._meta.db_table for model in placed_models()}


def test_a_row_written_from_a_stale_unit_stands_right_all_the_same(cast, tree):
    stale = tree.shangshu.__class__.objects.get(pk=tree.shangshu.pk)
    person = Cadre.objects.get(pk=cast.mentee_row.pk)
    move(tree.shangshu, tree.deqing, on=timezone.localdate(), by=cast.county)
    late = make_cadre(unit=stale, name="后来者")
    person.save()
    for row in (late, person, late.postings.get()):
        assert isinstance(row, Placed)
        row.refresh_from_db()
        assert row.county == tree.deqing


def test_posts_of_before_are_shown_with_the_names_and_the_county_of_their_time(
    cast, tree, signed_in
):
    move(tree.shangshu, tree.deqing, on=DAY, by=cast.county)
    tree.shangshu.refresh_from_db()
    tree.shangshu.rename("上墅镇", on=D(2026, 9, 1), by=cast.county)
    told = cast.mentee_row.postings.for_list().order_by("from_on")
    assert {(post.unit_called, post.county.name) for post in told} == {
        ("上墅乡", "安吉县"), ("上墅镇", "德清县"),
    }  # fmt: skip
    [then] = Posting.objects.on(D(2026, 7, 1)).filter(cadre=cast.mentee_row).for_list(on=DAY)
    assert (then.unit_called, then.county.name) == ("上墅乡", "德清县")
    keeper = User.objects.get(pk=cast.other_county.pk)
    page = signed_in(keeper).get(reverse("cadres:detail", args=[cast.mentee_row.pk])).text
    assert "上墅乡 干部" in page
    assert "上墅镇 干部" in page
    assert '<span class="apart">安吉县</span>' in page
