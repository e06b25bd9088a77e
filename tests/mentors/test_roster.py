"""A roster becomes people, posts and mentors; a second time it changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cadres import identity
from cadres.models import Cadre, Posting
from mentors.models import Mentor, MentorCategory, MentorEvent
from tests.cadres.sheets import id_number
from tests.factories import make_cadre, make_mentor
from tests.mentors.rosters import checked, counts, faults, row, run

FULL = row(
    民族="汉", 身份证号=id_number(), 政治面貌="党员", 全日制学历="大专", 在职学历="本科",
    参加工作时间="2008年8月", 职务="副乡长（挂职）", 人员类别="公务员", 手机号=13800000000,
    导师类型="20年工作经验的老乡镇", 帮带名额="3人",
)  # fmt: skip


def only(name: str) -> Cadre:
    return Cadre.objects.get(name=name)


def test_a_row_becomes_a_person_with_a_post_and_an_appointment(cast, tree):
    report = run(cast.county, FULL)
    assert (faults(report), counts(report)) == ([], (1, 1, 0, 0))
    cadre = only("王小明")
    kept = {
        "pinyin": "wangxiaoming", "initials": "wxm", "gender": "1", "birth_month": "1985-07",
        "ethnicity": "01", "id_digest": identity.digest(id_number()), "id_tail": id_number()[-4:],
        "political_status": "01", "education": "31", "later_education": "21",
        "work_month": "2008-08", "staffing": "civil", "phone": "13800000000",
        "created_by": cast.county, "unit": tree.shangshu, "township": tree.shangshu,
        "county": tree.anji, "city": tree.city, "province": tree.province,
    }  # fmt: skip
    assert {name: getattr(cadre, name) for name in kept} == kept
    [post] = cadre.postings.all()
    assert (post.unit, post.title, post.from_on, post.to_on) == (
        tree.shangshu, "副乡长（挂职）", None, None,
    )  # fmt: skip
    [mentor] = cadre.mentorships.all()
    assert (mentor.category.name, mentor.capacity, mentor.unit, mentor.county) == (
        "20年工作经验的老乡镇", 3, tree.shangshu, tree.anji,
    )  # fmt: skip
    assert [(e.verb, e.actor) for e in mentor.events.all()] == [("import", cast.county)]


def test_the_same_file_again_changes_nothing(cast):
    run(cast.county, FULL, row(姓名="李小红", 性别="女"))
    before = list(Cadre.objects.order_by("pk").values())
    report = run(cast.county, FULL, row(姓名="李小红", 性别="女"))
    assert counts(report) == (2, 0, 0, 2)
    assert list(Cadre.objects.order_by("pk").values()) == before
    assert Posting.objects.filter(cadre__name__in=["王小明", "李小红"]).count() == 2
    assert MentorEvent.objects.filter(verb="import").count() == 1


def test_what_is_only_checked_saves_nothing(cast):
    before = Cadre.objects.count()
    assert checked(cast.county, FULL).counts == {"new": 1}
    assert Cadre.objects.count() == before


def test_a_blank_cell_keeps_the_old_value_and_none_takes_it_back(cast, tree):
    make_cadre(
        unit=tree.shangshu, name="王小明", birth_month="1985-07", title="干事",
        phone="13900000000", later_education="21", ethnicity="11",
    )  # fmt: skip
    report = run(cast.county, row(手机号=None, 在职学历="无", 参加工作时间="2008.8"))
    assert counts(report) == (1, 0, 1, 0)
    cadre = only("王小明")
    assert (cadre.phone, cadre.later_education, cadre.ethnicity, cadre.work_month) == (
        "13900000000", "", "11", "2008-08",
    )  # fmt: skip
    assert cadre.postings.get().title == "干事"


def test_another_unit_or_post_closes_the_old_posting_and_opens_one(cast, tree):
    number = id_number()
    cadre = make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07", title="干事")
    cadre.set_id_number(number)
    cadre.save()
    report = run(
        cast.county, row(身份证号=number, 单位="递铺街道", 职务="副主任", 手机号="13800000000")
    )
    assert counts(report) == (1, 0, 1, 0)
    changes = report.rows.get().changes
    assert [(c["label"], c["old"], c["new"]) for c in changes] == [
        ("手机号", "", "138****0000"), ("单位", "上墅乡", "递铺街道"), ("职务", "干事", "副主任"),
    ]  # fmt: skip
    cadre.refresh_from_db()
    assert (cadre.unit, cadre.township, cadre.phone) == (tree.dipu, tree.dipu, "13800000000")
    today = timezone.localdate()
    posts = cadre.postings.values_list("unit__name", "title", "from_on", "to_on")
    assert list(posts) == [
        ("递铺街道", "副主任", today, None),
        ("上墅乡", "干事", None, today - dt.timedelta(days=1)),
    ]


def test_an_appointment_is_altered_with_its_event_and_never_doubled(cast, tree):
    cadre = make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07")
    mentor = make_mentor(cadre=cadre, capacity=2)
    other = MentorCategory.objects.last()
    report = run(cast.county, row(导师类型=other.name, 帮带名额=4))
    assert counts(report) == (1, 0, 1, 0)
    mentor.refresh_from_db()
    assert (mentor.category, mentor.capacity) == (other, 4)
    assert [event.verb for event in mentor.events.all()] == ["edit"]
    assert counts(run(cast.county, row(帮带名额=4))) == (1, 0, 0, 1)
    assert Mentor.objects.filter(cadre=cadre).count() == 1


@pytest.mark.parametrize("written", ["兴村（治社）名师", "兴村(治社)名师"])
def test_a_category_is_known_in_either_width(cast, written):
    run(cast.county, row(导师类型=written))
    assert Mentor.objects.get(cadre=only("王小明")).category.name == "兴村（治社）名师"


def test_a_mentor_without_a_number_of_places_has_two(cast):
    run(cast.county, row(导师类型="其他"))
    assert Mentor.objects.get(cadre=only("王小明")).capacity == 2


def test_a_formula_in_a_free_text_stays_a_text(cast):
    run(cast.county, row(职务='=HYPERLINK("x","主任")'))
    assert only("王小明").postings.get().title == '=HYPERLINK("x","主任")'
