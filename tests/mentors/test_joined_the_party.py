"""入党时间 from the form and from rosters: to the month, for members, never made up."""

from __future__ import annotations

import pytest

from cadres import merging
from cadres.models import Cadre
from rosters import batches, working
from tests.factories import make_cadre
from tests.mentors.rosters import counts, faults, row, run, sheet, undo

NO_MEMBER = "政治面貌不是中共党员或预备党员，不应填写入党时间。"


@pytest.fixture
def member(tree):
    return make_cadre(
        unit=tree.shangshu, name="王小明", birth_month="1985-07", political_status="01",
        party_month="2005-07",
    )  # fmt: skip


def edited(cadre, **changes) -> dict:
    kept = ("name", "gender", "birth_month", "political_status", "party_month")
    return {**{name: getattr(cadre, name) for name in kept}, **changes}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"party_month": "1985.07"}, "入党时间应晚于出生年月，且不晚于本月。"),
        ({"party_month": "2099.01"}, "入党时间应晚于出生年月，且不晚于本月。"),
        ({"political_status": "13"}, NO_MEMBER),
        ({"party_month": "2005"}, "请填写年月，例如 1985.07。"),
    ],
)
def test_the_form_says_beside_the_field_what_cannot_be(cast, member, signed_in, changes, sentence):
    page = signed_in(cast.county).post(f"/cadres/{member.pk}/edit/", edited(member, **changes))
    assert (page.status_code, page.context["form"].errors) == (422, {"party_month": [sentence]})
    member.refresh_from_db()
    assert (member.party_month, member.political_status) == ("2005-07", "01")


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"party_month": "2006.1"}, "2006-01"),
        ({"party_month": "", "political_status": "13"}, ""),
        ({"political_status": ""}, "2005-07"),  # unknown speaks against nothing
    ],
)
def test_the_form_corrects_it_on_record(cast, member, signed_in, changes, kept):
    answer = signed_in(cast.county).post(f"/cadres/{member.pk}/edit/", edited(member, **changes))
    member.refresh_from_db()
    assert (answer.status_code, member.party_month) == (302, kept)
    event = member.events.get(verb="correct")
    assert ("party_month" in event.fields) == ("party_month" in changes)
    assert ("入党时间" in event.field_labels) == ("party_month" in changes)


@pytest.mark.parametrize("heading", ["入党时间", "入党年月", "入党日期", "加入中共时间"])
def test_a_roster_tells_it_under_its_usual_headings(cast, heading):
    rows = [row(政治面貌="党员", **{heading: "2005年7月1日"}), row(姓名="李小红")]
    batch = batches.upload("cadres", sheet(*rows, names=[*rows[0]]), "名册.xlsx", cast.county)
    working.run(batch.pk)
    batch.refresh_from_db()
    batches.confirm(batch, cast.county, False)
    working.run(batch.pk)
    months = dict(
        Cadre.objects.filter(name__in=["王小明", "李小红"]).values_list("name", "party_month")
    )
    assert months == {"王小明": "2005-07", "李小红": ""}


def test_blank_keeps_none_clears_and_undoing_brings_it_back(cast, member):
    assert counts(run(cast.county, row(政治面貌="中共党员", 入党时间=None))) == (1, 0, 0, 1)
    batch = run(cast.county, row(政治面貌="群众", 入党时间="无"))
    member.refresh_from_db()
    assert (counts(batch), member.party_month) == ((1, 0, 1, 0), "")
    told = [change["label"] for change in batch.rows.get().changes]
    assert told == ["政治面貌", "入党时间"]
    undo(batch, cast.county)
    member.refresh_from_db()
    assert (member.political_status, member.party_month) == ("01", "2005-07")


def test_a_row_is_read_against_what_it_leaves_as_it_is(cast, tree, member):
    make_cadre(unit=tree.shangshu, name="李小红", birth_month="1985-07", political_status="13")
    report = run(cast.county, row(政治面貌="群众"), row(姓名="李小红", 入党时间="2010.07"))
    assert faults(report) == [(2, "政治面貌", NO_MEMBER), (3, "入党时间", NO_MEMBER)]
    # Whoever has it both ways already is not hindered in something else.
    Cadre.objects.filter(pk=member.pk).update(political_status="13")
    report = run(cast.county, row(手机号="13800000000"))
    assert (faults(report), counts(report)) == ([], (1, 0, 1, 0))


@pytest.mark.parametrize(("status", "month"), [("01", "2005-07"), ("", "2005-07"), ("13", "")])
def test_a_merge_takes_it_over_for_a_member(cast, tree, member, status, month):
    kept = make_cadre(unit=tree.dipu, name="王小明", birth_month="1985-07", political_status=status)
    merged = merging.merge(
        kept, member, take=frozenset(), reason="重复登记", by=cast.county, key=None
    )
    kept.refresh_from_db()
    assert kept.party_month == month
    merging.undo(merged, by=cast.county)
    kept.refresh_from_db()
    member.refresh_from_db()
    assert (kept.party_month, member.party_month) == ("", "2005-07")
