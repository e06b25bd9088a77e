"""Two records of one person made one, and that undone."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from cadres.merging import CannotMerge, kept_record, likely_same, merge, undo
from cadres.models import Cadre, Merge, PhoneLook, Posting
from mentors.models import Mentor
from pairings.models import Pairing
from pairings.states import State
from tests.factories import make_cadre, make_mentor, make_pairing, make_user


def one_of(one: Cadre, other: Cadre, user, *, take=(), key=None) -> Merge:
    return merge(one, other, take=frozenset(take), reason="重复登记", by=user, key=key)


def rows() -> dict[str, list]:
    """Everything that hangs on people, as it stands."""
    people = Cadre.objects.order_by("pk").values(
        "pk", "name", "birth_month", "phone", "education", "later_education", "is_party_school",
        "id_digest", "id_tail", "user", "merged_into", "left_on", "unit",
    )  # fmt: skip
    posts = Posting.objects.order_by("pk").values("pk", "cadre", "is_main", "from_on", "to_on")
    return {
        "people": list(people),
        "posts": list(posts),
        "mentors": list(Mentor.objects.order_by("pk").values("pk", "cadre")),
        "pairs": list(Pairing.objects.order_by("pk").values("pk", "mentor_cadre", "mentee")),
        "looks": list(PhoneLook.objects.order_by("pk").values("pk", "cadre")),
    }


@pytest.fixture
def two(cast, tree) -> tuple[Cadre, Cadre]:
    """马徒弟 (with a pair and a sign-in) and a second record of his from 递铺街道."""
    second = make_cadre(
        unit=tree.dipu, name="马徒弟", birth_month="1998-07", phone="13800001234",
        education="31", later_education="21", is_party_school=True, title="干事",
    )  # fmt: skip
    second.set_id_number("330599199807010012")
    second.save()
    PhoneLook.objects.create(cadre=second, by=cast.county)
    Cadre.objects.filter(pk=cast.mentee_row.pk).update(education="21")
    cast.mentee_row.refresh_from_db()
    return cast.mentee_row, second


def test_the_kept_record_takes_over_what_points_at_the_second(cast, tree, two):
    kept, second = two
    mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name="曾师"))
    pair = make_pairing(
        mentor=mentor, mentee=second, state=State.COMPLETED,
        from_on=dt.date(2024, 3, 1), to_on=dt.date(2025, 2, 28),
    )  # fmt: skip
    one_of(kept, second, cast.county, take=["education"])
    kept.refresh_from_db()
    second.refresh_from_db()
    assert (kept.education, kept.later_education, kept.is_party_school, kept.phone) == (
        "31", "21", True, "13800001234",
    )  # fmt: skip
    assert (kept.id_tail, kept.user, second.id_digest) == ("0012", cast.mentee, None)
    assert set(Pairing.objects.filter(mentee=kept)) == {cast.pairing, pair}
    assert PhoneLook.objects.get().cadre == kept
    assert set(kept.postings.values_list("title", "is_main", "to_on")) == {
        ("干部", True, None),
        ("干事", False, timezone.localdate()),
    }
    assert (second.merged_into, second.postings.count()) == (kept, 0)
    assert [event.verb for event in kept.events.all()] == ["merge"]
    assert [event.verb for event in second.events.all()] == ["absorb"]


def test_an_earlier_main_post_of_the_second_record_stays_one(cast, tree, two):
    kept, second = two
    kept.postings.update(from_on=dt.date(2026, 1, 1))
    second.postings.update(from_on=dt.date(2020, 1, 1), to_on=dt.date(2025, 12, 31))
    one_of(kept, second, cast.county)
    assert set(kept.postings.values_list("title", "is_main", "to_on")) == {
        ("干部", True, None),
        ("干事", True, dt.date(2025, 12, 31)),
    }


def test_undoing_puts_everything_back(cast, two):
    kept, second = two
    before = rows()
    merged = one_of(kept, second, cast.county, take=["education"])
    assert rows() != before
    undo(merged, by=cast.county)
    assert rows() == before
    merged.refresh_from_db()
    assert merged.undone_by == cast.county
    with pytest.raises(CannotMerge, match="已撤销"):
        undo(merged, by=cast.county)
    one_of(second, kept, cast.county)  # and the other way round
    assert kept_record(kept.pk) == second.pk


def test_what_changed_after_the_merge_is_not_overwritten(cast, two):
    kept, second = two
    merged = one_of(kept, second, cast.county)
    Cadre.objects.filter(pk=kept.pk).update(phone="13900000000")
    before = rows()
    with pytest.raises(CannotMerge, match="手机号"):
        undo(merged, by=cast.county)
    assert rows() == before


def test_a_post_that_changed_after_the_merge_is_not_opened_again(cast, two):
    kept, second = two
    merged = one_of(kept, second, cast.county)
    kept.postings.filter(title="干事").update(to_on=dt.date(2020, 1, 1))
    with pytest.raises(CannotMerge, match="任职"):
        undo(merged, by=cast.county)


def test_a_record_entered_after_the_merge_stays_with_the_kept_one(cast, two):
    kept, second = two
    merged = one_of(kept, second, cast.county)
    later = PhoneLook.objects.create(cadre=kept, by=cast.county)
    undo(merged, by=cast.county)
    later.refresh_from_db()
    assert later.cadre == kept


def test_two_people_are_not_merged(cast, tree, two):
    kept, second = two
    other = make_cadre(unit=tree.dipu, name="马徒弟", birth_month="1998-07")
    other.set_id_number("330599199807010020")
    other.save()
    with pytest.raises(CannotMerge, match="身份证号"):
        one_of(other, second, cast.county)
    signed = make_cadre(unit=tree.dipu, name="马徒弟", user=make_user(name="马徒弟"))
    with pytest.raises(CannotMerge, match="账号"):
        one_of(kept, signed, cast.county)
    gone = make_cadre(unit=tree.dipu, name="马徒弟")
    gone.leave(on=dt.date(2026, 1, 1), reason="调出")
    with pytest.raises(CannotMerge, match="退出"):
        one_of(gone, kept, cast.county)


@pytest.mark.parametrize("case", ["two appointments", "the same pair", "oneself"])
def test_what_a_constraint_forbids_is_said_and_nothing_is_changed(cast, tree, two, case):
    kept, second = two
    if case == "two appointments":
        kept = cast.mentor_row.cadre
        make_mentor(cadre=second)
    elif case == "the same pair":
        make_pairing(mentor=cast.mentor_row, mentee=second)
    else:
        kept = cast.mentor_row.cadre
        make_pairing(mentor=cast.mentor_row, mentee=second)
    before = rows()
    with pytest.raises(CannotMerge, match="导师" if case == "two appointments" else "结对"):
        one_of(kept, second, cast.county)
    assert rows() == before


def test_the_second_record_vanishes_and_its_address_leads_to_the_kept_one(cast, two, signed_in):
    kept, second = two
    client = signed_in(cast.county)
    assert client.get("/cadres/?q=马徒弟").context["page"].total == 2
    one_of(kept, second, cast.county)
    assert client.get("/cadres/?q=马徒弟&left=all").context["page"].total == 1
    assert len(client.get("/cadres/options/?q=马徒弟").json()["results"]) == 1
    answer = client.get(f"/cadres/{second.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cadres/{kept.pk}/")
    for user in (cast.stranger, cast.other_county, cast.sibling):
        assert signed_in(user).get(f"/cadres/{second.pk}/").status_code == 404
    for address in ("edit", "move", "leave", "phone"):
        assert client.post(f"/cadres/{second.pk}/{address}/").status_code == 404
    today = client.get("/cadres/serving/?q=马徒弟").context["page"].rows
    assert {row.cadre_id for row in today} == {kept.pk}


def test_likely_records_are_offered_to_who_keeps_both(cast, tree, two):
    kept, second = two
    make_cadre(unit=tree.yuyue, name="马徒弟", birth_month="1998-07")  # of another county
    make_cadre(unit=tree.dipu, name="马徒弟", birth_month="1990-01")
    assert likely_same(kept, user=cast.county) == [second]
    assert likely_same(kept, user=cast.township) == []
    assert likely_same(kept, user=cast.viewer) == []


def test_a_county_compares_and_merges_and_undoes(cast, tree, two, signed_in):
    kept, second = two
    client = signed_in(cast.county)
    assert f"/cadres/{kept.pk}/merge/{second.pk}/" in client.get(f"/cadres/{kept.pk}/").text
    address = f"/cadres/{kept.pk}/merge/{second.pk}/"
    page = client.get(address).text
    for text in ("大学本科毕业", "大学专科毕业", "138****1234", "上墅乡", "递铺街道"):
        assert text in page
    assert "13800001234" not in page
    data = {"keep": str(second.pk), "education": str(kept.pk), "client_key": str(uuid.uuid4())}
    assert client.post(address, data).status_code == 422  # no reason given
    data["reason"] = "重复登记"
    for _ in range(2):
        answer = client.post(address, data)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/cadres/{second.pk}/")
    merged = Merge.objects.get()
    second.refresh_from_db()
    assert (merged.kept, second.education, second.user) == (second, "21", cast.mentee)
    assert "撤销合并" in client.get(f"/cadres/{second.pk}/").text
    assert client.post(f"/cadres/merges/{merged.pk}/undo/").status_code == 302
    assert client.post(f"/cadres/merges/{merged.pk}/undo/").status_code == 409
    kept.refresh_from_db()
    assert (kept.merged_into, kept.user) == (None, cast.mentee)


def test_nobody_merges_a_record_that_another_office_keeps(cast, tree, two, signed_in):
    kept, second = two
    other = make_cadre(unit=tree.yuyue, name="马徒弟", birth_month="1998-07", title="德清的")
    for user, one, two_ in (
        (cast.township, kept, second),
        (cast.county, kept, other),
        (cast.county, other, kept),
    ):
        answer = signed_in(user).get(f"/cadres/{one.pk}/merge/{two_.pk}/")
        assert answer.status_code == 404
        assert "德清的" not in answer.text
    assert signed_in(cast.viewer).get(f"/cadres/{kept.pk}/merge/{second.pk}/").status_code == 403


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_merges_at_once_in_both_directions_one_is_made(cast, two):
    kept, second = two
    outcomes = []
    barrier = threading.Barrier(4)

    def run(one: Cadre, other: Cadre) -> None:
        barrier.wait()
        try:
            one_of(one, other, cast.county)
            outcomes.append("merged")
        except CannotMerge:
            outcomes.append("refused")
        finally:
            connection.close()

    pairs = [(kept, second), (second, kept)] * 2
    threads = [threading.Thread(target=run, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["merged", "refused", "refused", "refused"]
    assert Merge.objects.count() == 1
    assert Cadre.objects.exclude(merged_into=None).count() == 1
