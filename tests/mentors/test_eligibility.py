"""What a rule asks of a mentor: said with figures, waived with a reason, never guessed."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from mentors import appointing
from mentors.models import Mentor, MentorCategory, MentorPolicy
from tests.factories import make_cadre, make_mentor

D = dt.date
ON = D(2026, 11, 1)
BASIS = "安组〔2026〕7号"
FIT = {
    "birth_month": "1968-04", "work_month": "1990-08", "political_status": "01",
    "party_month": "1992-06",
}  # fmt: skip


def rule(unit, **asks) -> MentorPolicy:
    return MentorPolicy.objects.create(unit=unit, from_on=D(2020, 1, 1), basis=BASIS, **asks)


def said(cast, cadre, on=ON, mentor=None) -> list[tuple[str, str]]:
    found = appointing.problems(cadre, by=cast.county, on=on, mentor=mentor)
    return [(problem.severity, problem.sentence) for problem in found]


def test_without_a_rule_nothing_is_asked(cast, tree):
    nobody_knows = make_cadre(unit=tree.shangshu, birth_month="", name="单")
    assert said(cast, nobody_knows) == []


@pytest.mark.parametrize(
    ("asks", "fields", "sentence"),
    [
        ({"min_service_years": 20}, {"work_month": "2009-11"},
         "单参加工作满 17 年，规则要求满 20 年（依据：安组〔2026〕7号）。"),
        ({"min_service_years": 20}, {"work_month": "2006-12"},
         "单参加工作满 19 年，规则要求满 20 年（依据：安组〔2026〕7号）。"),
        ({"min_service_years": 20}, {"work_month": ""},
         "单的参加工作时间未登记，无法核对；规则要求满 20 年（依据：安组〔2026〕7号）。"),
        ({"max_age": 65}, {"birth_month": "1960-11"},
         "单已满 66 周岁，规则要求不超过 65 周岁（依据：安组〔2026〕7号）。"),
        ({"max_age": 65}, {"birth_month": ""},
         "单的出生年月未登记，无法核对；规则要求不超过 65 周岁（依据：安组〔2026〕7号）。"),
        ({"requires_party": True}, {"political_status": "02"},
         "单不是中共党员，规则要求为中共党员（依据：安组〔2026〕7号）。"),
        ({"requires_party": True}, {"political_status": ""},
         "单的政治面貌未登记，无法核对；规则要求为中共党员（依据：安组〔2026〕7号）。"),
        ({"min_party_years": 10}, {"party_month": "2016-12"},
         "单入党满 9 年，规则要求满 10 年（依据：安组〔2026〕7号）。"),
        ({"min_party_years": 10}, {"party_month": ""},
         "单的入党时间未登记，无法核对；规则要求入党满 10 年（依据：安组〔2026〕7号）。"),
        ({"min_party_years": 10}, {"party_month": "", "political_status": "13"},
         "单不是中共党员，规则要求入党满 10 年（依据：安组〔2026〕7号）。"),
        ({"min_party_years": 10, "requires_party": True},
         {"party_month": "", "political_status": "13"},
         "单不是中共党员，规则要求为中共党员（依据：安组〔2026〕7号）。"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_with_its_figures(cast, tree, asks, fields, sentence):
    rule(tree.anji, **asks)
    assert said(cast, make_cadre(unit=tree.shangshu, name="单", **FIT)) == []
    cadre = make_cadre(unit=tree.shangshu, name="单", **(FIT | fields))
    assert said(cast, cadre) == [("waivable", sentence)]
    elsewhere = make_cadre(unit=tree.yuyue, name="单", **(FIT | fields))
    assert said(cast, elsewhere) == []


def test_the_boundary_counts_in(cast, tree):
    rule(tree.anji, min_service_years=20, max_age=65, min_party_years=20)
    born, began = "1960-12", "2006-11"  # 65 full years of age, 20 of service in November 2026
    cadre = make_cadre(unit=tree.shangshu, birth_month=born, work_month=began, party_month=began)
    assert said(cast, cadre) == []
    assert len(said(cast, cadre, on=D(2026, 10, 31))) == 2  # the service, the years in the party
    assert len(said(cast, cadre, on=D(2026, 12, 1))) == 1  # the age


@pytest.mark.parametrize(
    ("notice", "on", "codes"),
    [
        (None, ON, ["no_notice"]),
        ((D(2026, 10, 1), D(2026, 10, 3)), ON, ["short_notice"]),
        ((D(2026, 10, 1), D(2026, 10, 5)), ON, []),
        ((D(2026, 10, 28), D(2026, 11, 1)), ON, ["notice_runs"]),
        ((D(2026, 10, 28), D(2026, 11, 1)), D(2026, 11, 2), []),
    ],
)
def test_the_notice_is_given_long_enough_and_is_over(cast, tree, notice, on, codes):
    rule(tree.anji, requires_notice=True, notice_days=5)
    days = {"notice_from_on": notice[0], "notice_to_on": notice[1]} if notice else {}
    state = "on_notice" if notice else "proposed"
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu), state=state, **days)
    found = appointing.problems(mentor.cadre, by=cast.county, on=on, mentor=mentor)
    assert [problem.code for problem in found] == codes


class TestPage:
    @pytest.fixture
    def young(self, tree):
        rule(tree.anji, min_service_years=20, term_months=36)
        return make_cadre(unit=tree.dipu, name="单年轻", work_month="2015-07")

    @pytest.fixture
    def sent(self, young):
        return {
            "cadre": young.pk, "category": MentorCategory.objects.first().pk, "capacity": 2,
            "from_on": "2026-03-01", "client_key": str(uuid.uuid4()),
        }  # fmt: skip

    def test_it_is_said_before_anything_is_typed_and_before_it_is_saved(
        self, cast, young, sent, signed_in
    ):
        client = signed_in(cast.county)
        sentence = "单年轻参加工作满 10 年，规则要求满 20 年（依据：安组〔2026〕7号）。"
        response = client.post("/mentors/new/", sent)
        assert response.status_code == 422
        assert sentence in response.text
        assert response.context["form"].errors == {"waiver": ["请写明理由，或先补正干部信息。"]}
        assert not Mentor.objects.filter(cadre=young).exists()
        assert "规则要求满 20 年" in client.get(f"/mentors/new/?cadre={young.pk}").text
        assert 'name="waiver"' not in client.get("/mentors/new/").text

    def test_a_waiver_is_kept_with_who_and_why(self, cast, young, sent, signed_in):
        client = signed_in(cast.county)
        page = client.post("/mentors/new/", sent | {"waiver": "方言好，群众信任"}, follow=True)
        mentor = Mentor.objects.get(cadre=young)
        assert (mentor.state, mentor.term_to_on) == ("in_office", D(2029, 2, 28))
        event = mentor.events.get(verb="appoint")
        said = "单年轻参加工作满 10 年，规则要求满 20 年（依据：安组〔2026〕7号）。"
        assert (event.actor, event.waived, event.waiver) == (cast.county, said, "方言好，群众信任")
        assert "同意理由：方言好，群众信任" in page.text
        # What stands between is the sentence itself.
        assert said in page.text

    def test_a_reason_that_nothing_asks_for_is_not_kept(self, cast, tree, young, sent, signed_in):
        old = make_cadre(unit=tree.dipu, name="单资深", work_month="1990-07")
        signed_in(cast.county).post(
            "/mentors/new/", sent | {"cadre": old.pk, "waiver": "多余的理由"}
        )
        event = Mentor.objects.get(cadre=old).events.get(verb="appoint")
        assert (event.waived, event.waiver) == ("", "")

    def test_a_proposal_is_listed_whatever_the_rule_and_appointed_by_a_waiver(
        self, cast, young, sent, signed_in
    ):
        client = signed_in(cast.county)
        page = client.post("/mentors/new/", sent | {"how": "propose"}, follow=True).text
        assert "规则要求满 20 年" in page
        mentor = Mentor.objects.get(cadre=young)
        address = f"/mentors/{mentor.pk}/move/appoint/"
        form = client.get(address).text
        assert "规则要求满 20 年" in form
        assert 'name="waiver"' in form
        refused = client.post(address, {"on": "2026-03-01"})
        assert (refused.status_code, "规则要求满 20 年" in refused.text) == (422, True)
        assert list(mentor.events.values_list("verb", flat=True)) == ["propose"]
        assert client.post(address, {"on": "2026-03-01", "waiver": "急需"}).status_code == 302
        mentor.refresh_from_db()
        assert (mentor.state, mentor.term_to_on) == ("in_office", None)
        assert mentor.events.get(verb="appoint").waiver == "急需"
