"""The rules of a unit: the nearest one in force, and new versions that leave the old alone."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from pairings.models import Policy
from pairings.registering import register
from pairings.standing import policy_of
from tests.factories import make_cadre, make_mentor

D = dt.date
PAGE = "/pairings/policy/"
NEW = {
    "from_on": "2026-12-01", "basis": "安组〔2026〕12号", "term_months": "36", "capacity": "3",
    "confirm_days": "5", "silence_days": "45", "expiring_days": "20", "due_soon_days": "1",
    "most_mentors": "3", "contact_days": "14", "review_months": "6", "reversal_days": "10",
}  # fmt: skip
GRADES = {"grades": "优秀、称职、不称职"}


def rule(unit, from_on, basis):
    return Policy.objects.create(unit=unit, from_on=from_on, basis=basis)


def test_the_nearest_units_newest_rule_of_that_day_holds(tree):
    rule(tree.city, D(2020, 1, 1), "市")
    rule(tree.anji, D(2025, 1, 1), "县旧")
    rule(tree.anji, D(2026, 1, 1), "县新")
    rule(tree.shangshu, D(2026, 6, 1), "乡")
    rule(tree.deqing, D(2019, 1, 1), "邻县")

    def basis(unit, day):
        return Policy.in_force(unit, day).basis

    assert basis(tree.liujiatang, D(2026, 6, 1)) == "乡"
    assert basis(tree.liujiatang, D(2026, 5, 31)) == "县新"
    assert basis(tree.dipu, D(2026, 6, 1)) == "县新"
    assert basis(tree.shangshu, D(2025, 12, 31)) == "县旧"
    assert basis(tree.shangshu, D(2024, 12, 31)) == "市"
    assert basis(tree.shangshu, D(2019, 12, 31)) == "示例规则，未核对原文"
    assert Policy.in_force(tree.shangshu, D(2019, 12, 31)).is_preset


def test_a_coordinator_puts_a_new_version_in_force_and_the_old_one_stays(cast, tree, signed_in):
    old = rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    client = signed_in(cast.county)
    response = client.post(f"{PAGE}?unit={tree.anji.pk}", {**NEW, **GRADES, "needs_mentor": "on"})
    assert response.status_code == 302
    made = Policy.objects.get(basis="安组〔2026〕12号")
    values = {name: str(getattr(made, name)) for name in NEW}
    assert values == NEW
    assert made.grades == ["优秀", "称职", "不称职"]
    assert (made.needs_mentor, made.needs_mentee, made.needs_approval) == (True, False, False)
    assert (made.unit, made.created_by) == (tree.anji, cast.county)
    assert Policy.objects.get(pk=old.pk).from_on == D(2026, 1, 1)
    assert [row.policy.basis for row in client.get(PAGE).context["versions"]] == [
        "安组〔2026〕12号",
        "安组〔2025〕40号",
    ]


def test_a_form_sent_twice_makes_one_version(cast, signed_in):
    client = signed_in(cast.county)
    sent = {**NEW, **GRADES, "client_key": str(uuid.uuid4())}
    codes = [client.post(PAGE, sent).status_code for _ in range(2)]
    assert codes[0] == 302
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("basis", ""),
        ("from_on", "2026-01-01"),
        ("from_on", "2025-12-31"),
        ("from_on", "一月"),
        ("term_months", "0"),
        ("term_months", "121"),
        ("silence_days", "-3"),
        ("contact_days", "0"),
        ("review_months", "37"),
        ("most_mentors", "11"),
        ("reversal_days", ""),
        ("grades", ""),
        ("grades", "合格"),
        ("grades", "优、良、优"),
        ("grades", "一、二、三、四、五、六、七"),
        ("grades", "优秀、" + "长" * 11),
    ],
)
def test_a_version_without_a_document_or_before_the_last_one_is_refused(
    cast, tree, signed_in, field, value
):
    rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    response = signed_in(cast.county).post(PAGE, {**NEW, **GRADES, field: value})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert Policy.objects.count() == 1


def test_a_leader_reads_and_does_not_write(cast, signed_in):
    client = signed_in(cast.viewer)
    assert client.get(PAGE).context["form"] is None
    assert client.post(PAGE, {**NEW, **GRADES}).status_code == 403
    assert Policy.objects.count() == 0


def test_the_page_of_a_unit_out_of_scope_is_not_found(cast, tree, signed_in):
    rule(tree.deqing, D(2026, 1, 1), "德组〔2026〕1号")
    client = signed_in(cast.county)
    for unit in (tree.deqing.pk, tree.city.pk, "x", "9" * 30):
        assert client.get(PAGE, {"unit": unit}).status_code == 404
        assert client.post(f"{PAGE}?unit={unit}", {**NEW, **GRADES}).status_code == 404
    assert signed_in(cast.mentee).get(PAGE).status_code == 403
    assert Policy.objects.count() == 1


def test_the_page_says_where_the_numbers_in_force_come_from(cast, tree, signed_in):
    client = signed_in(cast.township)
    assert "暂按预设数值执行：示例规则，未核对原文。" in client.get(PAGE).text
    rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    assert "执行安吉县的规则：安组〔2025〕40号。" in client.get(PAGE).text
    rule(tree.shangshu, D(2026, 1, 1), "上墅党〔2026〕1号")
    assert "现行规则：上墅党〔2026〕1号。" in client.get(PAGE).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_queries_for_one_version_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    for year in range(number):
        rule(tree.anji, D(2024 + year, 1, 1), f"安组〔{2024 + year}〕1号")
    client = signed_in(cast.county)
    # Session, user, grants; the unit, its versions, the one in force.
    with django_assert_num_queries(6):
        response = client.get(PAGE)
    assert len(response.context["versions"]) == number


def test_the_page_shows_the_versions_with_what_changed_between_them(cast, tree, signed_in):
    old = rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    Policy.objects.filter(pk=old.pk).update(tables={"fit": {}})
    client = signed_in(cast.county)
    start = client.get(PAGE).context["form"].initial
    assert start["grades"] == "优秀、良好、合格、不合格"
    sent = {**start, "from_on": "2026-10-01", "basis": "安组〔2026〕12号", "capacity": 4,
            "needs_mentee": "", "grades": "优秀,合格；不合格"}  # fmt: skip
    assert client.post(PAGE, {k: v for k, v in sent.items() if v != ""}).status_code == 302
    made = Policy.objects.get(basis="安组〔2026〕12号")
    assert made.tables == {"fit": {}}
    newest, first = client.get(PAGE).context["versions"]
    assert [tuple(change) for change in newest.changes] == [
        ("每名导师帮带人数", "2", "4"),
        (
            "结对须经的环节",
            "须导师确认、须帮带对象确认、须组织部门审批",
            "须导师确认、须组织部门审批",
        ),
        ("考核等次", "优秀、良好、合格、不合格", "优秀、合格、不合格"),
    ]
    assert (first.changes, first.is_first) == ([], True)


def test_a_new_version_starts_from_one_that_is_to_hold_later(cast, tree, signed_in):
    rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    ahead = rule(tree.anji, D(2099, 1, 1), "安组〔2098〕1号")
    Policy.objects.filter(pk=ahead.pk).update(capacity=7)
    page = signed_in(cast.county).get(PAGE)
    assert page.context["form"].initial["capacity"] == 7
    assert "安组〔2025〕40号" in str(page.context["in_force"])


def test_a_pair_keeps_the_numbers_it_was_made_under(cast, tree, signed_in):
    old = rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    Policy.objects.filter(pk=old.pk).update(silence_days=44, needs_mentor=False)
    two = make_mentor(cadre=make_cadre(unit=tree.dipu)), make_cadre(unit=tree.dipu)
    pair = {"by": cast.county, "from_on": D(2026, 11, 1), "to_on": D(2027, 10, 31)}
    made = register(*two, method="assigned", **pair)
    state = made.state
    client = signed_in(cast.county)
    sent = {**NEW, **GRADES, "from_on": "2026-01-02"}
    assert client.post(f"{PAGE}?unit={tree.anji.pk}", sent).status_code == 302
    made = type(made).objects.get(pk=made.pk)
    assert (policy_of(made).silence_days, made.state, made.needs_approval) == (44, state, True)
    later = register(
        make_mentor(cadre=make_cadre(unit=tree.dipu)), make_cadre(unit=tree.dipu),
        method="assigned", **pair,
    )  # fmt: skip
    assert (policy_of(later).silence_days, later.needs_approval) == (45, False)
