"""Entries of the register of mentees: what holds on a day, the verbs, what the database refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cadres.models import Exemption, Mentee, MenteeCategory, StaleEntry
from tests.factories import make_cadre, make_mentee

D = dt.date


@pytest.fixture
def kinds(db) -> list[MenteeCategory]:
    return list(MenteeCategory.objects.all())


@pytest.fixture
def entry(tree) -> Mentee:
    return make_mentee(cadre=make_cadre(unit=tree.shangshu, name="王小村"), from_on=D(2026, 3, 1))


def told(entry: Mentee) -> list[tuple]:
    return list(entry.events.values_list("verb", "on", "reason", "actor__username"))


def days(rows) -> list[tuple]:
    return [(row.from_on, row.to_on) for row in rows]


def test_who_should_be_paired_on_a_day(tree):
    def person(name, **fields):
        return make_mentee(cadre=make_cadre(unit=tree.shangshu, name=name), **fields)

    person("一直在", from_on=None)
    person("后列入", from_on=D(2026, 6, 1))
    person("已退出", from_on=D(2026, 1, 1), to_on=D(2026, 5, 31))
    person("离开的", from_on=None).cadre.leave(on=D(2026, 5, 31), reason="调离")
    away = person("产假中", from_on=None)
    Exemption.objects.create(
        mentee=away, from_on=D(2026, 5, 1), to_on=D(2026, 5, 31), reason="产假"
    )
    without_post = person("无任职", from_on=None)
    without_post.cadre.postings.update(to_on=D(2026, 4, 30))

    def names(rows):
        return set(rows.values_list("cadre__name", flat=True))

    assert names(Mentee.objects.should_be_paired(D(2026, 5, 31))) == {"一直在", "已退出", "离开的"}
    assert names(Mentee.objects.exempt_on(D(2026, 5, 31))) == {"产假中"}
    assert names(Mentee.objects.should_be_paired(D(2026, 6, 1))) == {"一直在", "后列入", "产假中"}
    assert names(Mentee.objects.exempt_on(D(2026, 6, 1))) == set()
    assert names(Mentee.objects.former_on(D(2026, 6, 1))) == {"已退出", "离开的"}


def test_the_first_entry_of_a_form_carries_its_key_and_each_has_its_event(cast, tree, kinds):
    people = [make_cadre(unit=tree.shangshu, name=name) for name in ("甲", "乙")]
    made = Mentee.register(people, category=kinds[1], from_on=None, by=cast.township)
    assert [(row.cadre.name, row.category, row.from_on) for row in made] == [
        ("甲", kinds[1], None), ("乙", kinds[1], None),
    ]  # fmt: skip
    assert [told(row) for row in made] == [[("register", None, "", "shangshu")]] * 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentee.register([people[0]], category=kinds[0], from_on=D(2027, 1, 1), by=cast.township)


@pytest.mark.parametrize(
    "second",
    [(None, None), (None, D(2026, 3, 1)), (D(2026, 2, 1), D(2026, 6, 1)), (D(2026, 9, 1), None)],
)
def test_a_person_has_one_entry_on_any_day(tree, entry, second):
    Mentee.objects.filter(pk=entry.pk).update(to_on=D(2026, 9, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_mentee(cadre=entry.cadre, from_on=second[0], to_on=second[1])
    make_mentee(cadre=entry.cadre, from_on=D(2026, 9, 2))
    make_mentee(cadre=entry.cadre, from_on=None, to_on=D(2026, 2, 28))


def test_an_entry_and_an_exemption_do_not_end_before_they_begin(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentee.objects.filter(pk=entry.pk).update(to_on=D(2026, 2, 28))
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.create(
            mentee=entry, from_on=D(2026, 4, 2), to_on=D(2026, 4, 1), reason="产假"
        )


def test_exempt_and_to_be_paired_again(cast, entry):
    start = D(2026, 5, 1)
    entry.exempt(from_on=start, to_on=None, reason="借调", document="上墅〔2026〕3号",
                 by=cast.township)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.exempt(from_on=D(2026, 8, 1), to_on=None, reason="产假", by=cast.township)
    entry.include_again(on=D(2026, 9, 1), by=cast.township, reason="借调结束")
    assert days(entry.exemptions.all()) == [(start, D(2026, 8, 31))]
    assert told(entry) == [
        ("exempt", start, "借调", "shangshu"),
        ("include", D(2026, 9, 1), "借调结束", "shangshu"),
    ]
    with pytest.raises(StaleEntry):
        entry.include_again(on=D(2026, 9, 1), by=cast.township)
    assert entry.events.count() == 2


def test_an_exemption_taken_back_from_its_first_day_never_took_effect(cast, entry):
    today = timezone.localdate()
    entry.exempt(from_on=today, to_on=None, reason="产假", by=cast.township)
    entry.include_again(on=today, by=cast.township)
    assert not entry.exemptions.exists()
    assert [verb for verb, *_rest in told(entry)] == ["exempt", "include"]


def test_another_category_from_a_day_leaves_the_days_before_as_they_were(cast, entry, kinds):
    entry.exempt(from_on=D(2026, 4, 1), to_on=D(2026, 8, 31), reason="借调", by=cast.township)
    entry.exempt(from_on=D(2026, 10, 1), to_on=None, reason="产假", by=cast.township)
    second = entry.change_category(kinds[2], on=D(2026, 7, 1), by=cast.township)
    rows = Mentee.objects.filter(cadre=entry.cadre).order_by("from_on")
    assert [(row.category, row.from_on, row.to_on) for row in rows] == [
        (kinds[0], D(2026, 3, 1), D(2026, 6, 30)),
        (kinds[2], D(2026, 7, 1), None),
    ]
    assert days(entry.exemptions.all()) == [(D(2026, 4, 1), D(2026, 6, 30))]
    assert days(second.exemptions.all()) == [
        (D(2026, 10, 1), None), (D(2026, 7, 1), D(2026, 8, 31)),
    ]  # fmt: skip
    said = f"{kinds[0]} → {kinds[2]}"
    assert told(second) == [("category", D(2026, 7, 1), said, "shangshu")]
    # A category taken back on the same day is no third entry.
    second.change_category(kinds[3], on=D(2026, 7, 1), by=cast.township)
    assert Mentee.objects.filter(cadre=entry.cadre, category=kinds[3], to_on=None).count() == 1
    assert Mentee.objects.filter(cadre=entry.cadre).count() == 2


def test_a_correction_says_what_stood_there(cast, entry, kinds):
    entry.correct(category=kinds[4], from_on=None, by=cast.county)
    entry.correct(category=kinds[4], from_on=None, by=cast.county)  # nothing to say
    entry.refresh_from_db()
    assert (entry.category, entry.from_on) == (kinds[4], None)
    assert [(verb, reason) for verb, _on, reason, _who in told(entry)] == [
        ("correct", f"{kinds[0]} → {kinds[4]}；2026-03-01 → —")
    ]


def test_an_end_ends_the_exemptions_too_and_can_be_taken_back(cast, entry):
    entry.exempt(from_on=D(2026, 4, 1), to_on=D(2026, 5, 1), reason="借调", by=cast.township)
    entry.exempt(from_on=D(2026, 8, 1), to_on=None, reason="产假", by=cast.township)
    entry.exempt(from_on=D(2026, 6, 1), to_on=D(2026, 7, 31), reason="脱产学习", by=cast.township)
    entry.end(on=D(2026, 6, 30), reason="已出师", by=cast.township)
    entry.refresh_from_db()
    assert (entry.to_on, entry.end_reason) == (D(2026, 6, 30), "已出师")
    assert days(entry.exemptions.all()) == [
        (D(2026, 6, 1), D(2026, 6, 30)), (D(2026, 4, 1), D(2026, 5, 1)),
    ]  # fmt: skip
    with pytest.raises(StaleEntry):
        entry.exempt(from_on=D(2026, 9, 1), to_on=None, reason="产假", by=cast.township)
    entry.reopen(by=cast.township, reason="误操作")
    assert [verb for verb, *_rest in told(entry)][-2:] == ["end", "reopen"]
    assert (entry.to_on, entry.end_reason) == (None, "")


def test_of_two_who_act_on_what_they_read_one_is_told(cast, entry, kinds):
    other = Mentee.objects.get(pk=entry.pk)
    entry.correct(category=kinds[1], from_on=entry.from_on, by=cast.township)
    for act in (
        lambda: other.end(on=D(2026, 6, 30), reason="已出师", by=cast.county),
        lambda: other.change_category(kinds[2], on=D(2026, 6, 1), by=cast.county),
        lambda: other.correct(category=kinds[2], from_on=None, by=cast.county),
    ):
        with pytest.raises(StaleEntry):
            act()
    assert entry.events.count() == 1


def test_an_entry_follows_the_person_to_another_county(cast, tree, entry):
    assert not Mentee.objects.visible_to(cast.other_county).exists()
    entry.cadre.move_to(tree.yuyue, on=timezone.localdate())
    assert Mentee.objects.visible_to(cast.other_county).get() == entry
    assert Mentee.objects.visible_to(cast.county).get() == cast.mentee_entry


def test_the_person_sees_the_own_entry_and_nobody_elses(cast, entry):
    assert list(Mentee.objects.visible_to(cast.mentee)) == [cast.mentee_entry]
    assert not Mentee.objects.visible_to(cast.stranger).exists()


def test_the_verbs_open_to_an_office(cast, entry):
    def verbs(user, *, is_exempt=False):
        return [str(verb) for verb in entry.moves_for(user, is_exempt=is_exempt)]

    assert verbs(cast.township) == ["exempt", "category", "correct", "end"]
    assert verbs(cast.county, is_exempt=True) == ["include", "category", "correct", "end"]
    for user in (cast.sibling, cast.viewer, cast.other_county, cast.mentee):
        assert verbs(user) == []
    entry.to_on = D(2026, 6, 30)
    assert verbs(cast.township) == ["reopen"]
    entry.cadre.left_on = D(2026, 6, 30)
    assert verbs(cast.township) == []
    entry.to_on = None
    assert verbs(cast.township) == ["end"]
