"""A finished ZIP lies for a week: it is taken while all that it holds may still be read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Export, Grant
from handbooks import many
from handbooks.models import HandbookRun
from handbooks.runs import standing
from pairings.models import Pairing
from tests.factories import make_cadre, make_grants, make_mentor, make_pairing
from tests.handbooks.made import asked, couple, names_in, ran

GONE = "不能再下载"
AGAIN = "重新生成"
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def page_of(run, more=""):
    return f"/handbooks/runs/{run.pk}/{more}"


def moved(pairing, unit):
    pairing.unit = unit
    pairing.save()


def with_a_second_mentor(cast, unit):
    """The pair of before has ended at that unit; the mentee goes on with another mentor."""
    Pairing.objects.filter(pk=cast.pairing.pk).update(
        state="terminated", ended_on=dt.date(2026, 9, 1)
    )
    earlier = Pairing.objects.get(pk=cast.pairing.pk)
    moved(earlier, unit)
    mentor = make_mentor(cadre=make_cadre(unit=cast.mentee_row.unit, name="新师傅"))
    return make_pairing(
        mentor=mentor, mentee=cast.mentee_row, succeeds=earlier, from_on=dt.date(2026, 9, 1)
    )


def test_a_pair_that_has_left_closes_the_file_and_one_press_makes_it_again(cast, tree, signed_in):
    couple(tree.dipu, "递铺师傅", "递铺徒弟")
    run, client = ran(cast.county, tree.anji, with_photos=True), signed_in(cast.county)
    assert standing(run, cast.county) == (True, True)
    assert AGAIN not in client.get(page_of(run)).text
    moved(cast.pairing, tree.yuyue)
    refused = client.post(page_of(run, "file/"))
    assert (refused.status_code, Export.objects.count()) == (409, 0)
    for page in (refused, client.get(page_of(run))):
        found = [text in page.text for text in (GONE, AGAIN, "下载 ZIP", "褚师傅", "马徒弟")]
        assert found == [True, True, False, False, False]
    sent = {one.html_name: one.value() for one in refused.context["again"]}
    pressed = [client.post("/handbooks/", sent).url for _ in "ab"]
    made = HandbookRun.objects.latest("pk")
    assert pressed == [page_of(made)] * 2
    asked_for = (made.unit, made.among, made.with_photos, made.purpose)
    assert asked_for == (run.unit, run.among, True, run.purpose)
    many.run(made.pk)
    made.refresh_from_db()
    assert names_in(made) == ["递铺街道/帮带手册_递铺师傅_递铺徒弟.pdf"]
    assert client.post(page_of(made, "file/")).status_code == 200


def test_a_pair_that_stays_in_ones_charge_closes_nothing(cast, tree):
    """From one township of the county to the other: the county reads it as before."""
    run = ran(cast.county, tree.shangshu)
    moved(cast.pairing, tree.dipu)
    assert standing(run, cast.county).may_take is True


def test_the_list_of_those_that_failed_names_people_as_well(cast, tree):
    bad = couple(tree.dipu, "递铺师傅", "徒\ue123弟")
    run = ran(cast.county, tree.anji)
    assert ({*run.pairs}, run.left_out) == ({cast.pairing.pk, bad.pk}, 1)
    moved(bad, tree.yuyue)
    assert standing(run, cast.county).may_take is False


def test_the_pairs_before_that_a_handbook_tells_of_count_too(cast, tree):
    later = with_a_second_mentor(cast, tree.shangshu)
    run = ran(cast.county, tree.anji)
    assert {*run.pairs} == {cast.pairing.pk, later.pk}
    moved(Pairing.objects.get(pk=cast.pairing.pk), tree.yuyue)
    assert standing(run, cast.county).may_take is False


def test_a_pair_before_that_was_never_ones_own_closes_nothing(cast, tree):
    later = with_a_second_mentor(cast, tree.yuyue)
    run = ran(cast.county, tree.anji)
    assert run.pairs == [later.pk]
    assert standing(run, cast.county).may_take is True


def test_a_grant_that_has_ended_closes_the_file_and_a_new_one_does_not(cast, tree):
    """Records that were read under the lost grant stand in it, wherever their pair is now."""
    make_grants((cast.county, "viewer", tree.deqing))
    run = ran(cast.county, tree.anji)
    make_grants((cast.county, "viewer", tree.zone))
    assert standing(run, HandbookRun.objects.get(pk=run.pk).created_by) == (True, True)
    Grant.objects.filter(user=cast.county, unit=tree.deqing).update(to_on=TODAY())
    assert standing(run, HandbookRun.objects.get(pk=run.pk).created_by) == (False, True)


def test_a_file_of_before_pairs_were_kept_is_made_again(cast, tree):
    run = ran(cast.county, tree.anji)
    HandbookRun.objects.update(pairs=[])
    run.refresh_from_db()
    assert standing(run, cast.county) == (False, True)


def test_what_failed_or_is_removed_is_asked_for_again_with_the_same_press(cast, tree, signed_in):
    run = asked(cast.county, tree.anji, state="failed", failure="error", ended_at=timezone.now())
    client = signed_in(cast.county)
    page = client.get(page_of(run))
    assert [text in page.text for text in ("系统管理员", AGAIN)] == [True, True]
    Grant.objects.filter(user=cast.county).delete()
    make_grants((cast.county, "coordinator", tree.deqing))
    assert AGAIN not in client.get(page_of(run)).text


def test_the_database_keeps_pairs_of_a_file_alone(cast, tree):
    run = asked(cast.county, tree.anji)
    with pytest.raises(IntegrityError, match="pairs_of_its_file"), transaction.atomic():
        HandbookRun.objects.filter(pk=run.pk).update(pairs=[cast.pairing.pk])
