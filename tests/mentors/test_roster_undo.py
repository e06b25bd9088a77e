"""An import is taken back whole, and refuses loudly where later work rests on a row."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from cadres import merging
from cadres.models import Cadre, CadreEvent, Exemption, Mentee, MenteeEvent, PhoneLook, Posting
from mentors.models import Mentor, MentorCategory, MentorEvent, Strength
from rosters import batches
from rosters.states import GOOD
from tests.cadres.sheets import id_number
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.mentors.rosters import checked, counts, row, run, undo

MODELS = (Cadre, Posting, CadreEvent, Mentor, MentorEvent, Mentee, MenteeEvent, Exemption)
FULL = row(
    身份证号=id_number(), 手机号="13800000000", 职务="副乡长", 导师类型="其他", 帮带名额=3,
    导师专长="方言沟通、矛盾调解", 帮带对象类别="其他", 应否结对="否（产假）",
)  # fmt: skip


def register() -> dict[str, list[dict[str, object]]]:
    """Everything that an import writes, but for who noted it and when."""
    found = {}
    for model in MODELS:
        rows = model.objects.order_by("pk").values()
        found[model.__name__] = [{**each, "updated_at": None} for each in rows]
    strengths = Mentor.strengths.through.objects.order_by("mentor", "strength")
    return {**found, "strengths": [*strengths.values("mentor", "strength")]}


def blocked(batch) -> list[tuple[int, str]]:
    rows = batch.rows.filter(outcome__in=GOOD).exclude(faults=[]).order_by("number")
    return [(each.number, each.faults[0]["message"]) for each in rows]


def test_new_people_with_all_that_came_with_them_are_gone(cast):
    before = register()
    batch = run(cast.county, FULL, row(姓名="李小红", 性别="女"))
    assert counts(batch) == (2, 2, 0, 0)
    mentor = Mentor.objects.get(cadre__name="王小明")
    assert {each.name for each in mentor.strengths.all()} == {"方言沟通", "矛盾调解"}
    assert Exemption.objects.get().reason == "产假"
    assert undo(batch, cast.county).state == "undone"
    assert register() == before


def test_what_was_changed_is_put_back_and_the_history_says_so(cast, tree):
    cadre = make_cadre(
        unit=tree.shangshu, name="王晓明", birth_month="1985-07", title="干事", phone="057100000000"
    )
    cadre.set_id_number(id_number())
    cadre.save()
    mentor = make_mentor(cadre=cadre, category=MentorCategory.objects.first(), capacity=1)
    mentor.strengths.set(Strength.objects.all()[:1])
    before = register()
    batch = checked(cast.county, {**FULL, "单位": "递铺街道"})
    batches.answer(batch, batch.rows.get(), str(cadre.pk), cast.county)
    batches.confirm(batch, cast.county)
    batch = undo_of_done(batch, cast.county)
    after = register()
    assert batch.state == "undone"
    for name in ("Cadre", "Posting", "Mentor", "Mentee", "Exemption", "strengths"):
        assert (name, after[name]) == (name, before[name])
    verbs = sorted(e.verb for e in CadreEvent.objects.filter(cadre=cadre))
    assert verbs == ["correct", "correct", "move"]
    assert [e.verb for e in mentor.events.all()] == ["edit", "edit"]


def undo_of_done(batch, user):
    from rosters import working

    working.run(batch.pk)
    batch.refresh_from_db()
    assert batch.state == "done"
    assert Cadre.objects.get(name="王小明").unit.name == "递铺街道"
    return undo(batch, user)


def test_a_post_that_never_took_effect_comes_back(cast, tree):
    cadre = make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07", title="干事")
    cadre.postings.update(from_on=timezone.localdate())
    batch = run(cast.county, row(职务="主任"))
    assert [post.title for post in cadre.postings.all()] == ["主任"]
    undo(batch, cast.county)
    assert [(p.title, p.from_on) for p in cadre.postings.all()] == [("干事", timezone.localdate())]


def pair(cast, tree):
    mentee = make_cadre(unit=tree.shangshu, name="新徒弟")
    make_pairing(mentor=Mentor.objects.get(cadre__name="王小明"), mentee=mentee)


def open_sign_in(cast, tree):
    Cadre.objects.filter(name="王小明").update(user=User.objects.get(username="stranger"))


def look(cast, tree):
    PhoneLook.objects.create(cadre=Cadre.objects.get(name="王小明"), by=cast.county)


def move(cast, tree):
    Cadre.objects.get(name="王小明").move_to(
        tree.dipu, title="主任", on=timezone.localdate() - dt.timedelta(days=1)
    )


def alter(cast, tree):
    mentor = Mentor.objects.get(cadre__name="王小明")
    mentor.change(category=mentor.category, capacity=9, by=cast.county)


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (pair, "导入后已有后续登记：结对。"),
        (open_sign_in, "此人已开通账号，或已不在库中。"),
        (look, "导入后已有后续登记：手机号查看记录。"),
        (move, "导入后已有后续登记："),
        (alter, "导入后已有后续登记：导师事件。"),
    ],
)
def test_later_work_stands_against_it_and_nothing_at_all_is_undone(cast, tree, later, sentence):
    batch = run(cast.county, FULL, row(姓名="李小红"))
    later(cast, tree)
    before = register()
    batch = undo(batch, cast.county)
    [(number, said)] = blocked(batch)
    assert (batch.state, number, said[: len(sentence)]) == ("done", 2, sentence)
    assert batch.failure == "没有撤销：有 1 行导入后又办理了其他业务，原因已逐行列出。"
    assert register() == before
    assert undo(batch, cast.county, keep_blocked=True).state == "undone"
    assert Cadre.objects.filter(name="王小明").exists()
    assert not Cadre.objects.filter(name="李小红").exists()


def test_what_was_changed_again_since_is_not_put_back(cast, tree):
    cadre = make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07", title="干事")
    batch = run(cast.county, row(手机号="13800000000"))
    Cadre.objects.filter(pk=cadre.pk).update(phone="13900000000")
    batch = undo(batch, cast.county)
    assert (batch.state, blocked(batch)) == ("done", [(2, "导入后又有改动：手机号。")])
    cadre.refresh_from_db()
    assert cadre.phone == "13900000000"


def test_after_thirty_days_it_is_too_late(cast):
    batch = run(cast.county, row())
    past = timezone.now() - dt.timedelta(days=30)
    type(batch).objects.filter(pk=batch.pk).update(saved_at=past)
    batch.refresh_from_db()
    with pytest.raises(batches.NotReady, match="30"):
        batches.undo(batch, cast.county)
    with pytest.raises(batches.Settled):
        batches.discard(batch, cast.county)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_person_who_was_merged_since_stays_and_the_reason_is_said(cast, tree, is_kept):
    other = make_cadre(unit=tree.shangshu, name="王晓明", birth_month="1985-07")
    batch = run(cast.county, FULL, row(姓名="李小红", 性别="女"))
    made = Cadre.objects.get(name="王小明")
    two = (made, other) if is_kept else (other, made)
    merged = merging.merge(*two, take=frozenset(), reason="重复登记", by=cast.county, key=None)
    before = register()
    said = [(2, "导入后已有后续登记：记录合并。")]
    assert (undo(batch, cast.county).state, blocked(batch)) == ("done", said)
    assert register() == before
    merging.undo(merged, by=cast.county)  # what was parted again has its history
    assert (undo(batch, cast.county, keep_blocked=True).state, blocked(batch)) == ("undone", said)
    left = Cadre.objects.filter(name__in=["王小明", "王晓明", "李小红"])
    assert set(left) == {made, other}


@pytest.mark.parametrize(
    "cells",
    [
        {"手机号": "13800000000"},
        {"导师类型": "其他"},
        {"帮带对象类别": "其他", "应否结对": "否（产假）"},
        {"职务": "党委委员"},
    ],
)
def test_what_was_added_to_a_person_who_was_merged_since_stays(cast, tree, cells):
    other = make_cadre(unit=tree.dipu, name="王晓明", birth_month="1985-07")
    person = make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07")
    batch = run(cast.county, row(**cells))
    merging.merge(other, person, take=frozenset(), reason="重复登记", by=cast.county, key=None)
    before = register()
    undo(batch, cast.county)
    assert blocked(batch) == [(2, "此人导入后已离开干部库或已合并。")]
    assert register() == before
