"""The rules of appointment: the nearest one in force, and new versions that leave the old alone."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from mentors.models import MentorPolicy

D = dt.date
PAGE = "/mentors/policy/"
NEW = {
    "from_on": "2026-12-01", "basis": "安组〔2026〕12号", "min_service_years": "20",
    "max_age": "70", "notice_days": "5", "term_months": "36", "capacity": "3",
    "expiring_days": "90", "requires_notice": "on", "min_party_years": "8",
}  # fmt: skip


def rule(unit, from_on, basis, **fields):
    return MentorPolicy.objects.create(unit=unit, from_on=from_on, basis=basis, **fields)


def test_the_nearest_units_newest_rule_of_that_day_holds(tree):
    rule(tree.city, D(2020, 1, 1), "市")
    rule(tree.anji, D(2025, 1, 1), "县旧")
    rule(tree.anji, D(2026, 1, 1), "县新")
    rule(tree.deqing, D(2019, 1, 1), "邻县")

    def basis(unit, day):
        return MentorPolicy.in_force(unit, day).basis

    assert basis(tree.liujiatang, D(2026, 1, 1)) == "县新"
    assert basis(tree.liujiatang, D(2025, 12, 31)) == "县旧"
    assert basis(tree.shangshu, D(2024, 12, 31)) == "市"
    assert basis(tree.shangshu, D(2019, 12, 31)) == "示例规则，未核对原文"


def test_a_coordinator_puts_a_new_version_in_force_once(cast, tree, signed_in):
    rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号", max_age=75)
    client = signed_in(cast.county)
    assert 'value="75"' in client.get(PAGE).text  # a new version starts from the old
    sent = NEW | {"client_key": str(uuid.uuid4())}
    codes = [client.post(f"{PAGE}?unit={tree.anji.pk}", sent).status_code for _ in range(2)]
    assert codes[0] == 302
    made = MentorPolicy.objects.get(basis="安组〔2026〕12号")
    flags = {"requires_notice": "on"}
    assert {name: str(getattr(made, name)) for name in NEW if name not in flags} == {
        name: value for name, value in NEW.items() if name not in flags
    }
    assert (made.requires_notice, made.requires_party) == (True, False)
    assert (made.unit, made.created_by) == (tree.anji, cast.county)
    response = client.get(PAGE)
    shown = [row.basis for row in response.context["versions"]]
    assert shown == ["安组〔2026〕12号", "安组〔2025〕40号"]
    words = [
        "参加工作满 20 年",
        "年龄不超过 70 周岁（含）",
        "入党满 8 年",
        "须公示",
        "公示的，不少于 5 天",
    ]
    assert [word for word in words if word not in response.text] == []


def test_empty_numbers_are_kept_as_not_checked(cast, tree, signed_in):
    blank = dict.fromkeys(
        ("min_service_years", "max_age", "min_party_years", "notice_days", "term_months"), ""
    )
    sent = {**NEW, **blank}
    sent.pop("requires_notice")
    assert signed_in(cast.county).post(PAGE, sent).status_code == 302
    made = MentorPolicy.objects.get()
    assert [getattr(made, name) for name in blank] == [None] * 5
    assert "不检查" in signed_in(cast.county).get(PAGE).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"from_on": "2026-01-01"}, "from_on"),
        ({"basis": ""}, "basis"),
        ({"min_service_years": "0"}, "min_service_years"),
        ({"max_age": "17"}, "max_age"),
        ({"capacity": ""}, "capacity"),
    ],
)
def test_what_cannot_be_a_rule_is_said_beside_its_field(cast, tree, signed_in, changed, field):
    rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    response = signed_in(cast.county).post(PAGE, NEW | changed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert MentorPolicy.objects.count() == 1


def test_a_leader_reads_and_writes_nothing_and_other_units_rules_are_not_found(
    cast, tree, signed_in
):
    rule(tree.deqing, D(2026, 1, 1), "德组〔2026〕1号")
    leader = signed_in(cast.viewer)
    assert leader.get(PAGE).context["form"] is None
    assert leader.post(PAGE, NEW).status_code == 403
    client = signed_in(cast.county)
    for unit in (tree.deqing.pk, "x", 0):
        assert client.get(f"{PAGE}?unit={unit}").status_code == 404
        assert client.post(f"{PAGE}?unit={unit}", NEW).status_code == 404
    assert "德组" not in client.get(PAGE).text
    assert MentorPolicy.objects.count() == 1


def test_a_township_without_a_rule_shows_whose_holds(cast, tree, signed_in):
    page = signed_in(cast.township).get(PAGE).text
    assert "聘任时不检查资格（示例规则，未核对原文）" in page
    rule(tree.anji, D(2026, 1, 1), "安组〔2025〕40号")
    page = signed_in(cast.township).get(PAGE).text
    assert "本单位未单独制定规则，执行安吉县的规则：安组〔2025〕40号。" in page
