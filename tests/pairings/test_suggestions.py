"""The best mentors for one mentee: who is suggested, with which reasons, shown to whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cadres.models import MenteeCategory
from mentors.models import MentorCategory, Strength
from mentors.states import State as MentorState
from pairings.matching.suggesting import suggest
from pairings.matching.tables import NEEDS, SECRETARY, VILLAGE
from pairings.models import Policy
from pairings.states import State
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing


@pytest.fixture
def learner(tree):
    cadre = make_cadre(unit=tree.liujiatang, name="王学员", birth_month="1996-04")
    make_mentee(cadre=cadre, category=MenteeCategory.objects.get(name=VILLAGE))
    return cadre


def mentor(unit, name, *, good_at=(), **fields):
    cadre = make_cadre(unit=unit, name=name, birth_month=fields.pop("born", "1966-05"))
    fields.setdefault("category", MentorCategory.objects.get(name=SECRETARY))
    row = make_mentor(cadre=cadre, **fields)
    row.strengths.set(Strength.objects.filter(name__in=good_at))
    return row


def page_of(cadre):
    return f"/mentees/of/{cadre.pk}/mentors/"


def names(found):
    return [suggestion.mentor.cadre.name for suggestion in found.suggestions]


def found_by(user, cadre, **more):
    return suggest(cadre, user=user, today=timezone.localdate(), **more)


def test_the_best_come_first_with_the_reasons_in_words(cast, tree, signed_in, learner):
    mentor(tree.dipu, "远师傅")
    mentor(tree.shangshu, "近师傅", good_at=NEEDS[VILLAGE])
    response = signed_in(cast.county).get(page_of(learner))
    found = response.context["found"]
    assert names(found) == ["近师傅", "远师傅", "褚师傅"]
    assert {str(part.feature): words for part, words in found.suggestions[0].reasons} == {
        "places": "有 2 个空余名额（共 2 个）",
        "category": f"“{SECRETARY}”带“{VILLAGE}”：10（满 10）",
        "strengths": "专长村务管理、基层党建、矛盾调解，符合 3 项需要中的 3 项",
        "work_line": "所在单位性质不同",
        "distance": "同属上墅乡，组织树上相距 1 级",
        "age_gap": "年龄相差 29 岁，在 10—35 岁之间",
        "earlier": "此前未曾结对",
        "same_unit": "不在同一单位",
    }
    for suggestion in found.suggestions:
        assert suggestion.total == sum(part.points for part, _ in suggestion.reasons)
        address = f"/pairings/new/?mentor={suggestion.mentor.pk}&amp;mentee={learner.pk}"
        assert address in response.text


def test_nobody_of_another_county_is_suggested(cast, tree, signed_in, learner):
    """He would be the best by far: the same kind of unit, all that is needed, five places."""
    mentor(tree.yuyue, "德清师傅", good_at=NEEDS[VILLAGE], capacity=5)
    near = mentor(tree.dipu, "递铺师傅", capacity=5)
    response = signed_in(cast.township).get(page_of(learner))
    assert names(response.context["found"]) == ["褚师傅"]
    assert response.context["found"].considered == 1
    county = signed_in(cast.county).get(page_of(learner))
    assert names(county.context["found"]) == ["递铺师傅", "褚师傅"]
    for text in (response.text, county.text):
        assert "德清" not in text
    assert str(near.pk) not in response.text


def test_who_may_not_be_chosen_is_not_suggested(cast, tree, learner):
    past = timezone.localdate() - dt.timedelta(days=1)
    full, paired = mentor(tree.dipu, "满师傅", capacity=1), mentor(tree.dipu, "现师傅")
    make_pairing(mentor=full, mentee=cast.mentee_row, role="work")
    make_pairing(mentor=paired, mentee=learner, state=State.PROPOSED)
    mentor(tree.dipu, "停师傅", state=MentorState.SUSPENDED)
    mentor(tree.dipu, "荐师傅", state=MentorState.PROPOSED)
    mentor(tree.dipu, "卸师傅", to_on=past)
    gone = mentor(tree.dipu, "走师傅").cadre
    gone.left_on = past
    gone.save()
    make_mentor(cadre=learner)  # oneself
    assert names(found_by(cast.county, learner)) == ["褚师傅"]


def test_pairs_of_an_earlier_appointment_take_places_as_well(cast, tree, learner):
    before = mentor(tree.dipu, "再聘师傅", to_on=dt.date(2025, 12, 31))
    make_pairing(mentor=before, mentee=cast.mentee_row, role="work")
    make_mentor(cadre=before.cadre, capacity=2, category=before.category)
    by_name = {
        row.mentor.cadre.name: row.free for row in found_by(cast.county, learner).suggestions
    }
    assert by_name == {"褚师傅": 1, "再聘师傅": 1}


def test_an_earlier_pair_speaks_against_and_says_so(cast, tree, learner):
    former = mentor(tree.dipu, "旧师傅")
    mentor(tree.dipu, "新师傅")
    make_pairing(
        mentor=former, mentee=learner, state=State.COMPLETED,
        from_on=dt.date(2024, 1, 1), to_on=dt.date(2024, 12, 31),
    )  # fmt: skip
    new, old = (
        row for row in found_by(cast.county, learner).suggestions
        if row.mentor.cadre.name in {"新师傅", "旧师傅"}
    )  # fmt: skip
    assert (new.mentor.cadre.name, new.total - old.total) == ("新师傅", 20)
    assert "双方曾经结对" in [words for _, words in old.telling]


def test_the_weights_of_the_units_rule_decide_and_are_shown(cast, tree, signed_in, learner):
    mentor(tree.dipu, "远而能", good_at=NEEDS[VILLAGE])
    mentor(tree.shangshu, "近而不能")
    assert names(found_by(cast.county, learner))[0] == "远而能"
    Policy.objects.create(
        unit=tree.anji, from_on=dt.date(2026, 1, 1), basis="安组〔2026〕3号",
        weights={"distance": 10, "strengths": 0},
    )  # fmt: skip
    response = signed_in(cast.county).get(page_of(learner))
    assert names(response.context["found"])[0] == "近而不能"
    assert "各比较项的权重（安组〔2026〕3号）" in response.text
    assert "单位远近 × 10" in response.text
    assert "示例规则，未核对原文" in response.text  # the tables still are


def test_ten_at_most_are_shown_and_the_number_of_all_is_said(cast, tree, signed_in, learner):
    for number in range(11):
        mentor(tree.dipu, f"师傅{number}")
    response = signed_in(cast.county).get(page_of(learner))
    assert len(response.context["found"].suggestions) == 10
    assert "空余名额的导师共 12 名，列出 10 名" in response.text


def test_a_page_without_anybody_says_so(cast, tree, signed_in, learner):
    cast.mentor_row.state = MentorState.SUSPENDED
    cast.mentor_row.save()
    response = signed_in(cast.county).get(page_of(learner))
    assert "管理范围内没有在聘且有空余名额的导师。" in response.text


def test_only_the_office_of_the_mentee_asks(cast, tree, signed_in, learner):
    codes = {
        user.username: signed_in(user).get(page_of(learner)).status_code
        for user in (
            cast.county, cast.township, cast.viewer, cast.sibling, cast.other_county, cast.mentor,
            cast.stranger, cast.sysadmin,
        )
    }  # fmt: skip
    assert codes == {
        "anji": 200, "shangshu": 200, "leader": 403, "dipu": 404, "deqing": 404, "shifu": 403,
        "stranger": 403, "sysadmin": 403,
    }  # fmt: skip
    learner.left_on = timezone.localdate()
    learner.save()
    response = signed_in(cast.county).get(page_of(learner))
    assert response.status_code == 409
    assert "不再提出导师建议" in response.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_queries_for_one_mentor_and_three(
    cast, tree, signed_in, learner, number, django_assert_num_queries
):
    for each in range(number - 1):
        mentor(tree.dipu, f"师傅{each}", good_at=NEEDS[VILLAGE])
    client = signed_in(cast.county)
    # Session, user, grants; the person, the rule, the entry; places taken, strengths, earlier
    # pairs, mentors; those shown; names of units.
    with django_assert_num_queries(13):
        response = client.get(page_of(learner))
    assert len(response.context["found"].suggestions) == number


def test_a_new_version_of_the_rules_keeps_weights(cast, tree, signed_in):
    sent = {
        "from_on": "2026-12-01", "basis": "安组〔2026〕12号", "term_months": "36",
        "capacity": "3", "confirm_days": "5", "silence_days": "45", "expiring_days": "20",
        "due_soon_days": "1", "contact_days": "30", "review_months": "3", "most_mentors": "1",
        "reversal_days": "7", "grades": "优秀、合格、不合格", "weight_distance": "9",
        "weight_places": "0",
    }  # fmt: skip
    client = signed_in(cast.county)
    page = "/pairings/policy/"
    refused = client.post(page, {**sent, "weight_distance": "11"})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"weight_distance"})
    assert client.get(page).context["form"].initial["weight_distance"] == 3
    assert client.post(page, sent).status_code == 302
    assert Policy.objects.get().weights == {"distance": 9, "places": 0}
    assert "单位远近 × 9" in client.get(page).text
