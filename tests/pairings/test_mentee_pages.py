"""Entering mentees, several at once, and the entries on the page of a person."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cadres.models import Mentee, MenteeCategory
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing

D = dt.date
NEW = "/mentees/new/"


@pytest.fixture
def kinds(db) -> list[MenteeCategory]:
    return list(MenteeCategory.objects.all())


@pytest.fixture
def young(tree):
    return [make_cadre(unit=tree.dipu, name=name) for name in ("徒甲", "徒乙", "徒丙")]


def shown(response) -> list[str]:
    return [cadre.name for cadre in response.context["found"]]


def sent(people, kinds, /, **changes):
    return {
        "cadres": [str(cadre.pk) for cadre in people],
        "category": str(kinds[0].pk),
        "from_on": "2026-03-01",
        "client_key": str(uuid.uuid4()),
    } | changes


class TestEntering:
    def test_people_of_a_unit_are_offered_who_have_no_entry(self, cast, tree, young, signed_in):
        make_mentee(cadre=young[1])
        make_mentee(cadre=young[2], to_on=D(2026, 6, 30))
        gone = make_cadre(unit=tree.dipu, name="已离开")
        gone.leave(on=D(2026, 6, 30), reason="调离")
        client = signed_in(cast.county)
        assert shown(client.get(NEW)) == []
        assert shown(client.get(f"{NEW}?unit={tree.dipu.pk}")) == ["徒丙", "徒甲"]
        assert shown(client.get(f"{NEW}?q=tuj")) == ["徒甲"]
        assert shown(client.get(f"{NEW}?cadre={young[0].pk}")) == ["徒甲"]
        assert shown(client.get(f"{NEW}?cadre={young[1].pk}")) == []
        assert shown(signed_in(cast.township).get(f"{NEW}?unit={tree.dipu.pk}")) == []
        assert shown(signed_in(cast.other_county).get(f"{NEW}?q=tuj")) == []

    def test_who_is_paired_and_not_entered_is_offered_and_chosen(self, cast, young, signed_in):
        make_pairing(mentor=cast.mentor_row, mentee=young[2])
        response = signed_in(cast.county).get(f"{NEW}?who=paired")
        assert shown(response) == ["徒丙"]
        assert response.text.count(" checked") == 1

    def test_several_are_entered_at_once_and_a_second_sending_enters_nobody(
        self, cast, young, kinds, signed_in
    ):
        client, data = signed_in(cast.sibling), sent(young[:2], kinds)
        for _ in range(2):
            response = client.post(NEW, data)
            assert (response.status_code, response.url) == (302, "/mentees/")
        rows = Mentee.objects.filter(cadre__in=young)
        assert {(row.cadre.name, row.category, row.from_on, row.created_by) for row in rows} == {
            ("徒甲", kinds[0], D(2026, 3, 1), cast.sibling),
            ("徒乙", kinds[0], D(2026, 3, 1), cast.sibling),
        }
        assert len(rows) == 2

    @pytest.mark.parametrize(
        ("changes", "field", "message"),
        [
            ({"cadres": []}, "cadres", "这个字段是必填项。"),
            ({"category": ""}, "category", "这个字段是必填项。"),
            ({"from_on": "2099-01-01"}, "from_on", "日期不能晚于今天。"),
            ({"from_on": "去年"}, "from_on", "输入一个有效的日期。"),
        ],
    )
    def test_a_bad_form_is_explained_and_keeps_the_ticks(
        self, cast, tree, young, kinds, signed_in, changes, field, message
    ):
        data = sent(young[:2], kinds, **changes)
        response = signed_in(cast.sibling).post(f"{NEW}?unit={tree.dipu.pk}", data)
        assert response.status_code == 422
        assert response.context["form"].errors == {field: [message]}
        assert response.text.count(" checked") == len(data["cadres"])
        assert not Mentee.objects.filter(cadre__in=young).exists()

    def test_people_of_others_and_people_entered_already_are_not_entered(
        self, cast, tree, young, kinds, signed_in
    ):
        theirs = make_cadre(unit=tree.yuyue, name="德清干部")
        make_mentee(cadre=young[1])
        for person in (theirs, young[1]):
            response = signed_in(cast.county).post(NEW, sent([young[0], person], kinds))
            assert (response.status_code, list(response.context["form"].errors)) == (
                422,
                ["cadres"],
            )
            assert person.name not in response.text
        assert not Mentee.objects.filter(cadre=young[0]).exists()

    @pytest.mark.parametrize("from_on", ["2026-06-30", ""])
    def test_a_former_entry_is_not_overlapped(self, cast, young, kinds, signed_in, from_on):
        make_mentee(cadre=young[0], to_on=D(2026, 6, 30))
        client = signed_in(cast.county)
        response = client.post(NEW, sent(young[:1], kinds, from_on=from_on))
        assert response.context["form"].errors == {
            "from_on": ["下列人员原登记的退出日期不早于这一天：徒甲。"]
        }
        assert client.post(NEW, sent(young[:1], kinds, from_on="2026-07-01")).status_code == 302

    def test_from_the_persons_page_and_back(self, cast, young, kinds, signed_in):
        client = signed_in(cast.county)
        panel = client.get(f"/mentees/of/{young[0].pk}/").text
        assert f"{NEW}?cadre={young[0].pk}" in panel
        form = client.get(f"{NEW}?cadre={young[0].pk}")
        assert form.text.count(" checked") == 1
        response = client.post(f"{NEW}?cadre={young[0].pk}", sent(young[:1], kinds))
        assert response.url == f"/cadres/{young[0].pk}/"
        assert f"{NEW}?cadre=" not in client.get(f"/mentees/of/{young[0].pk}/").text

    def test_only_a_coordinator_enters(self, cast, young, kinds, signed_in):
        for user in (cast.viewer, cast.mentor, cast.mentee, cast.stranger, cast.sysadmin):
            assert signed_in(user).post(NEW, sent(young, kinds)).status_code == 403


class TestPanel:
    def test_the_mentee_reads_the_own_history_and_changes_nothing(self, cast, signed_in):
        cast.mentee_entry.exempt(
            from_on=D(2026, 5, 1), to_on=D(2026, 6, 1), reason="产假", by=cast.township
        )
        panel = signed_in(cast.mentee).get(f"/mentees/of/{cast.mentee_row.pk}/").text
        assert "产假" in panel
        assert "已结对" in panel
        assert "/move/" not in panel

    def test_it_is_not_found_by_others(self, cast, signed_in):
        for user in (cast.sibling, cast.other_county, cast.stranger, cast.mentor):
            address = f"/mentees/of/{cast.mentee_row.pk}/"
            assert signed_in(user).get(address).status_code == 404

    def test_somebody_who_left_is_not_entered(self, cast, tree, signed_in):
        gone = make_cadre(unit=tree.dipu, name="已离开")
        gone.leave(on=timezone.localdate(), reason="调离")
        assert NEW not in signed_in(cast.county).get(f"/mentees/of/{gone.pk}/").text

    def test_a_mentor_is_told_nothing_of_a_mentee_of_another_unit(self, cast, tree, signed_in):
        mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德清师"))
        make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name="德清徒"))
        assert signed_in(cast.county).get(f"/mentees/of/{mentor.cadre_id}/").status_code == 404


class TestTheRegisterOfCadres:
    def test_somebody_is_registered_as_a_mentee_in_the_same_form(
        self, cast, tree, kinds, signed_in
    ):
        client = signed_in(cast.county)
        data = {"name": "王小明", "gender": "1", "birth_month": "1999.7", "unit": tree.dipu.pk}
        for name, category in (("王小明", kinds[2].pk), ("王大明", "")):
            key = str(uuid.uuid4())
            more = {"name": name, "mentee_category": category, "client_key": key}
            assert [client.post("/cadres/new/", data | more).status_code for _ in range(2)] == [
                302, 302,
            ]  # fmt: skip
        made = Mentee.objects.get(cadre__unit=tree.dipu)
        assert (made.cadre.name, made.category, made.from_on, made.created_by) == (
            "王小明", kinds[2], None, cast.county,
        )  # fmt: skip
        assert made.events.get().verb == "register"

    def test_its_list_knows_the_category_of_the_open_entry(self, cast, young, kinds, signed_in):
        make_mentee(cadre=young[0], category=kinds[1])
        make_mentee(cadre=young[1], category=kinds[1], to_on=D(2026, 6, 30))
        rows = signed_in(cast.sibling).get("/cadres/").context["page"].rows
        assert {row.name: row.mentee_kind for row in rows} == {
            "徒甲": kinds[1].name, "徒乙": None, "徒丙": None,
        }  # fmt: skip
        found = signed_in(cast.sibling).get(f"/cadres/?mentee_category={kinds[1].pk}")
        assert [row.name for row in found.context["page"].rows] == ["徒甲"]
