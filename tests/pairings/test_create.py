"""Registering a pair in the browser: problems first, everything typed kept."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.models import Role
from pairings.models import Pairing, Policy
from tests.factories import make_cadre, make_grant, make_mentee, make_mentor, make_pairing

D = dt.date
NEW = "/pairings/new/"


@pytest.fixture
def mentee(tree):
    cadre = make_cadre(unit=tree.liujiatang, name="王小村", birth_month="1999-01")
    make_mentee(cadre=cadre)
    return cadre


def filled_in(cast, mentee, /, **changes):
    return {
        "mentor": str(cast.mentor_row.pk),
        "mentee": str(mentee.pk),
        "from_on": "2026-12-01",
        "term_months": "12",
        "to_on": "",
        "method": "both",
        "client_key": str(uuid.uuid4()),
    } | changes


def test_a_pair_is_registered_and_waits_for_both(cast, mentee, signed_in):
    response = signed_in(cast.township).post(NEW, filled_in(cast, mentee))
    made = Pairing.objects.get(mentee=mentee)
    assert response.url == f"/pairings/{made.pk}/"
    assert (made.state, made.from_on, made.to_on, made.method, made.created_by, made.unit) == (
        "proposed", D(2026, 12, 1), D(2027, 11, 30), "both", cast.township, mentee.unit,
    )  # fmt: skip
    event = made.events.get()
    assert (event.verb, event.actor, event.reason, event.on) == (
        "register", cast.township, "", timezone.localdate(),
    )  # fmt: skip


@pytest.mark.parametrize("day", ["0206-03-01", "9999-12-31"])
def test_a_day_that_nobody_means_is_told_beside_its_field(cast, mentee, signed_in, day):
    sent = filled_in(cast, mentee, from_on=day, term_months="")
    response = signed_in(cast.township).post(NEW, sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["from_on"])
    assert f'value="{day}"' in response.text
    assert not Pairing.objects.filter(mentee=mentee).exists()


@pytest.mark.parametrize(
    ("given", "last"),
    [
        ({"term_months": "6"}, D(2027, 5, 31)),
        ({"term_months": "", "to_on": "2028-03-15"}, D(2028, 3, 15)),
        ({"term_months": "6", "to_on": "2028-03-15"}, D(2028, 3, 15)),
        ({"term_months": ""}, D(2029, 11, 30)),
    ],
)
def test_the_term_comes_from_the_months_the_last_day_or_the_rule_of_the_mentees_unit(
    cast, tree, mentee, signed_in, given, last
):
    policy = Policy.objects.create(
        unit=tree.shangshu, from_on=D(2026, 1, 1), basis="上墅党〔2026〕1号", term_months=36
    )
    Policy.objects.create(unit=tree.deqing, from_on=D(2026, 1, 1), basis="邻县", term_months=1)
    signed_in(cast.county).post(NEW, filled_in(cast, mentee, **given))
    made = Pairing.objects.get(mentee=mentee)
    assert (made.to_on, made.policy) == (last, policy)


def test_a_form_sent_twice_makes_one_pair(cast, mentee, signed_in):
    client, sent = signed_in(cast.township), filled_in(cast, mentee)
    addresses = [client.post(NEW, sent).url for _ in range(2)]
    made = Pairing.objects.get(mentee=mentee)
    assert addresses == [f"/pairings/{made.pk}/"] * 2
    assert made.events.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"mentor": ""}, "mentor", "这个字段是必填项。"),
        ({"mentee": str(uuid.uuid4())}, "mentee", "请从列表中选择；此项不在您的管理范围内。"),
        ({"from_on": "下月"}, "from_on", "输入一个有效的日期。"),
        ({"to_on": "2026-11-30"}, "to_on", "最后一天早于开始日期。"),
        ({"to_on": "2027-02-29"}, "to_on", "输入一个有效的日期。"),
        ({"term_months": "0"}, "term_months", "确保该值大于或等于1。"),
    ],
)
def test_a_bad_form_is_explained_beside_the_field_and_keeps_everything_typed(
    cast, mentee, signed_in, changes, field, message
):
    sent = filled_in(cast, mentee, **changes)
    response = signed_in(cast.township).post(NEW, sent)
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert form.errors[field] == [message]
    kept = {name: form[name].value() for name in sent}
    assert kept == sent | {"mentee": [sent["mentee"]]}
    if field != "mentee":
        assert f'value="{mentee.pk}" selected' in response.text
        assert "王小村 · 刘家塘村 · 1999.01" in response.text
    assert Pairing.objects.count() == 1


class TestBlockers:
    @pytest.fixture
    def refused(self, cast, signed_in):
        def send(user, sent):
            sent |= {"waive": "on", "waiver": "一定要", "read": "another_mentor,younger_mentor"}
            response = signed_in(user).post(NEW, sent)
            assert response.status_code == 422
            assert Pairing.objects.count() == 1
            return response.context["form"].errors

        return send

    def test_nobody_is_paired_with_oneself(self, cast, refused):
        sent = filled_in(cast, cast.mentor_row.cadre)
        assert refused(cast.township, sent) == {"mentee": ["导师和帮带对象不能是同一人。"]}

    def test_two_are_not_paired_twice(self, cast, refused):
        sent = filled_in(cast, cast.mentee_row)
        assert refused(cast.township, sent) == {"mentee": ["褚师傅与马徒弟已经结对。"]}

    def test_a_mentor_is_in_office_on_the_first_day(self, cast, mentee, refused):
        type(cast.mentor_row).objects.update(state="ended", to_on=D(2026, 11, 30))
        sent = filled_in(cast, mentee)
        assert refused(cast.township, sent) == {"mentor": ["2026年12月1日不在褚师傅的导师聘期内。"]}

    def test_who_has_left_the_register_is_not_paired(self, cast, mentee, refused):
        type(mentee).objects.filter(pk=mentee.pk).update(left_on=D(2026, 10, 1))
        sent = filled_in(cast, mentee)
        assert refused(cast.township, sent) == {"mentee": ["王小村已调出或离任，不在干部名册中。"]}

    def test_who_only_reads_a_unit_does_not_pair_its_people(self, cast, tree, refused):
        make_grant(user=cast.sibling, role=Role.VIEWER, unit=tree.shangshu)
        mentee = make_cadre(unit=tree.shangshu, name="李一")
        assert refused(cast.sibling, filled_in(cast, mentee)) == {
            "mentee": ["上墅乡不在您的管理范围内，应由其上级组织部门登记。"]
        }


def test_people_of_another_county_cannot_be_chosen_nor_are_they_named(cast, tree, signed_in):
    theirs = make_cadre(unit=tree.yuyue, name="德清干部")
    response = signed_in(cast.county).post(NEW, filled_in(cast, theirs))
    assert response.status_code == 422
    assert "德清干部" not in response.text
    prefilled = signed_in(cast.county).get(NEW, {"mentee": str(theirs.pk)})
    assert prefilled.status_code == 200
    assert "德清干部" not in prefilled.text


class TestAMentorWithoutAFreePlace:
    @pytest.fixture(autouse=True)
    def full(self, cast, tree):
        """Two places: one waits for confirmation, one is active; an ended pair takes none."""
        waiting = make_cadre(unit=tree.shangshu, name="李一", birth_month="1999-02")
        make_pairing(mentor=cast.mentor_row, mentee=waiting, state="proposed")
        gone = make_cadre(unit=tree.shangshu, name="李二", birth_month="1999-02")
        make_pairing(mentor=cast.mentor_row, mentee=gone, state="completed")

    def test_is_shown_before_saving_with_a_waiver_to_tick(self, cast, mentee, signed_in):
        response = signed_in(cast.township).post(NEW, filled_in(cast, mentee))
        assert response.status_code == 422
        assert "褚师傅的帮带名额为 2 人，已占用 2 人。" in response.text
        assert 'name="waiver"' in response.text
        assert not Pairing.objects.filter(mentee=mentee).exists()

    def test_is_not_offered_when_a_place_is_free(self, cast, mentee, signed_in):
        assert 'name="waiver"' not in signed_in(cast.township).get(NEW).text
        type(cast.mentor_row).objects.update(capacity=3)
        assert signed_in(cast.township).post(NEW, filled_in(cast, mentee)).status_code == 302

    def test_a_tick_without_a_reason_is_not_enough(self, cast, mentee, signed_in):
        sent = filled_in(cast, mentee, waive="on", waiver=" ")
        response = signed_in(cast.township).post(NEW, sent)
        assert response.context["form"].errors == {"waiver": ["请填写理由，将记入结对档案。"]}
        assert 'name="waiver"' in response.text

    def test_a_waiver_is_kept_with_who_and_why(self, cast, mentee, signed_in):
        sent = filled_in(cast, mentee, waive="on", waiver="村里只有一位老支书")
        assert signed_in(cast.township).post(NEW, sent).status_code == 302
        event = Pairing.objects.get(mentee=mentee).events.get()
        assert (event.actor, event.waived, event.waiver) == (
            cast.township, "褚师傅的帮带名额为 2 人，已占用 2 人。", "村里只有一位老支书",
        )  # fmt: skip


def test_warnings_are_read_once_and_then_saved(cast, tree, signed_in):
    """Older than the mentor, and with another mentor already."""
    elder = make_cadre(unit=tree.shangshu, name="老李", birth_month="1960-01")
    make_mentee(cadre=elder)
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="陈师傅", birth_month="1955-01"))
    make_pairing(mentor=other, mentee=elder, role="work")
    Policy.objects.create(
        unit=tree.anji, from_on=D(2026, 1, 1), basis="县委〔2026〕1号", most_mentors=2
    )
    client, sent = signed_in(cast.township), filled_in(cast, elder)
    first = client.post(NEW, sent)
    assert first.status_code == 422
    assert [problem.sentence for problem in first.context["form"].problems] == [
        "老李已有其他导师：陈师傅。",
        "导师褚师傅比帮带对象老李年轻。",
    ]
    assert "仍然登记" in first.text
    read = first.context["form"]["read"].value()
    assert f'name="read" value="{read}"' in first.text
    assert client.post(NEW, sent | {"read": read}).status_code == 302


def test_a_warning_that_was_not_shown_is_shown_first(cast, tree, signed_in):
    elder = make_cadre(unit=tree.shangshu, name="老李", birth_month="1960-01")
    sent = filled_in(cast, elder, read="another_mentor")
    assert signed_in(cast.township).post(NEW, sent).status_code == 422


def test_an_unknown_birth_month_is_no_reason_to_warn(cast, tree, signed_in):
    unknown = make_cadre(unit=tree.shangshu, name="老李", birth_month="")
    make_mentee(cadre=unknown)
    assert signed_in(cast.township).post(NEW, filled_in(cast, unknown)).status_code == 302


def test_another_page_may_fill_in_the_two(cast, mentee, signed_in):
    response = signed_in(cast.township).get(
        NEW, {"mentor": str(cast.mentor_row.pk), "mentee": str(mentee.pk), "client_key": "x"}
    )
    assert f'value="{cast.mentor_row.pk}" selected' in response.text
    assert f'value="{mentee.pk}" selected' in response.text
    assert signed_in(cast.township).get(NEW, {"mentor": "x"}).status_code == 200


def test_only_a_coordinator_registers(cast, mentee, signed_in):
    for user in (cast.viewer, cast.mentor, cast.mentee, cast.stranger, cast.sysadmin):
        assert signed_in(user).get(NEW).status_code == 403
        assert signed_in(user).post(NEW, filled_in(cast, mentee)).status_code == 403
    assert Pairing.objects.count() == 1


class TestSeveralMentees:
    @pytest.fixture
    def second(self, tree):
        cadre = make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1998-01")
        make_mentee(cadre=cadre)
        return cadre

    @pytest.fixture
    def mentor(self, tree):
        cadre = make_cadre(unit=tree.shangshu, name="宋师傅", birth_month="1975-01")
        return make_mentor(cadre=cadre)

    def sent(self, cast, mentor, *mentees, **changes):
        people = {"mentor": str(mentor.pk), "mentee": [str(row.pk) for row in mentees]}
        return filled_in(cast, mentees[0], **people | changes)

    def test_each_get_a_pair_with_the_term_of_their_unit(
        self, cast, tree, mentee, second, mentor, signed_in
    ):
        Policy.objects.create(
            unit=tree.liujiatang, from_on=D(2026, 1, 1), basis="村〔2026〕1号", term_months=6
        )
        sent = self.sent(cast, mentor, mentee, second, term_months="", role="work")
        client = signed_in(cast.township)
        addresses = [client.post(NEW, sent).url for _ in range(2)]
        assert addresses == [f"/mentors/{mentor.pk}/"] * 2
        made = Pairing.objects.filter(mentor=mentor).order_by("to_on")
        assert [(row.mentee, row.role, row.to_on, row.events.count()) for row in made] == [
            (mentee, "work", D(2027, 5, 31), 1),
            (second, "work", D(2027, 11, 30), 1),
        ]

    def test_what_speaks_against_one_registers_nobody(self, cast, mentee, mentor, signed_in):
        sent = self.sent(cast, mentor, mentee, cast.mentee_row)
        response = signed_in(cast.township).post(NEW, sent)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["mentee"]
        assert "马徒弟此时已有主导师：褚师傅" in response.text
        assert "selected>王小村" in response.text
        assert "selected>马徒弟" in response.text
        assert Pairing.objects.count() == 1

    def test_ask_for_their_places_together(self, cast, mentee, second, mentor, signed_in):
        type(mentor).objects.filter(pk=mentor.pk).update(capacity=1)
        response = signed_in(cast.township).post(NEW, self.sent(cast, mentor, mentee, second))
        assert [row.sentence for row in response.context["form"].problems] == [
            "宋师傅的帮带名额为 1 人，已占用 0 人，本次又登记 2 人。"
        ]

    def test_a_warning_read_of_one_was_not_read_of_the_next(
        self, cast, tree, mentee, mentor, signed_in
    ):
        others = [make_cadre(unit=tree.shangshu, name=name) for name in ("李一", "李二")]
        client = signed_in(cast.township)
        first = client.post(NEW, self.sent(cast, mentor, mentee, others[0]))
        read = first.context["form"]["read"].value()
        assert read == f"not_entered:{others[0].pk}"
        again = client.post(NEW, self.sent(cast, mentor, *others, read=read))
        assert again.status_code == 422
        both = again.context["form"]["read"].value()
        assert client.post(NEW, self.sent(cast, mentor, *others, read=both)).status_code == 302


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ({"needs_mentor": False}, "mentor_agreed"),
        ({"needs_mentee": False}, "mentee_agreed"),
        ({"needs_mentor": False, "needs_mentee": False}, "agreed"),
        ({"needs_mentor": False, "needs_mentee": False, "needs_approval": False}, "active"),
    ],
)
def test_the_rule_says_which_steps_a_new_pair_takes(cast, tree, mentee, signed_in, steps, state):
    Policy.objects.create(unit=tree.anji, from_on=D(2026, 1, 1), basis="县〔2026〕1号", **steps)
    sent = filled_in(cast, mentee, from_on="2026-11-01")
    signed_in(cast.township).post(NEW, sent)
    made = Pairing.objects.get(mentee=mentee)
    event = made.events.get()
    assert (made.state, made.needs_approval) == (state, steps.get("needs_approval", True))
    day = D(2026, 11, 1) if state == "active" else timezone.localdate()
    assert (event.to_state, event.on) == (state, day)
