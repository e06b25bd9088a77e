"""The pages of an assignment: who opens them, what they show, and the cost of a change."""

from __future__ import annotations

import uuid

import pytest

from programmes import assigning, pricing, runs
from programmes.models import AssignmentRun, PlannedPair, RunState
from tests.programmes.assignments import drawing_up, listed, mentee, mentor
from tests.programmes.made import make_wish


@pytest.fixture
def programme(cast, tree):
    cast.mentor_row.capacity = 1  # taken by his mentee
    cast.mentor_row.save()
    return drawing_up(tree.anji)


@pytest.fixture
def three(programme, tree):
    """Two near ones for one near mentor: the best list gives him to 甲."""
    near = mentor(tree.shangshu, "近师傅")
    far = mentor(tree.dipu, "远师傅", capacity=2)
    people = [mentee(tree.liujiatang, "甲"), mentee(tree.shangshu, "乙"), mentee(tree.dipu, "丙")]
    return near, far, *people


def assigned(programme, by):
    run = runs.start(programme, by=by, key=None)
    assigning.run(run.pk)
    run.refresh_from_db()
    return run


def address(programme, *more):
    return "/".join(["/programmes", str(programme.pk), *map(str, more), ""])


def test_pressing_twice_leads_to_one_run_and_its_progress(cast, programme, signed_in):
    client, key = signed_in(cast.county), str(uuid.uuid4())
    first = client.post(address(programme, "assign"), {"client_key": key})
    again = client.post(address(programme, "assign"), {"client_key": str(uuid.uuid4())})
    run = AssignmentRun.objects.get()
    assert {first["Location"], again["Location"]} == {address(programme, "assign", run.pk)}
    page = client.get(first["Location"])
    assert "等待中" in page.text
    AssignmentRun.objects.update(state=RunState.RUNNING, step=assigning.MATCH, done=120, total=300)
    part = client.get(first["Location"], headers={"HX-Request": "true"})
    assert "已处理 120 名，共 300 名帮带对象" in part.text
    assert "<html" not in part.text
    assigning.run(run.pk)
    over = client.get(first["Location"], headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    assert client.get(first["Location"]).status_code == 200


def test_the_result_names_who_is_left_and_why(cast, tree, programme, signed_in):
    mentor(tree.shangshu, "师傅")
    mentee(tree.liujiatang, "甲")
    left = mentee(tree.department, "乙")
    run = assigned(programme, cast.county)
    page = signed_in(cast.county).get(address(programme, "assign", run.pk))
    assert [(row.name, why) for row, why in page.context["left"]] == [
        ("乙", "本县（区）可选的导师均无空余名额。")
    ]
    assert "1 / 2" in page.text
    assert address(programme, "costs", left.pk) in page.text
    PlannedPair.objects.create(
        programme=programme, mentor=cast.mentor_row, mentee=left, is_fixed=True
    )
    later = signed_in(cast.county).get(address(programme, "assign", run.pk))
    assert (later.context["left"], later.context["left_all"]) == ([], 0)


def test_the_office_of_the_programme_alone_opens_the_pages(cast, three, programme, signed_in):
    run = assigned(programme, cast.county)
    pages = [address(programme, "assign"), address(programme, "assign", run.pk),
             address(programme, "costs", three[2].pk)]  # fmt: skip
    users = (cast.county, cast.viewer, cast.township, cast.other_county, cast.mentor, cast.mentee)
    codes = {
        user.username: [signed_in(user).get(page).status_code for page in pages] for user in users
    }
    assert codes == {
        "anji": [200] * 3, "leader": [403] * 3, "shangshu": [404] * 3, "deqing": [404] * 3,
        "shifu": [403] * 3, "tudi": [403] * 3,
    }  # fmt: skip
    other = drawing_up(programme.unit, title="别的")
    foreign = address(other, "assign", run.pk)
    assert signed_in(cast.county).get(foreign).status_code == 404


def test_each_other_mentor_has_the_cost_of_the_whole_list(cast, three, programme, signed_in):
    """What the page says is the difference of two totals worked out apart."""
    _near, _far, one, two, _three = three
    assigned(programme, cast.county)
    (loser,) = (who for who in (one, two) if (("近师傅", who.name) not in
                [row[:2] for row in listed(programme)]))  # fmt: skip
    page = signed_in(cast.county).get(address(programme, "costs", loser.pk))
    assert page.context["is_exact"] is True
    shown = {each.mentor.cadre.name: each.option for each in page.context["options"]}
    assert {*shown} == {"近师傅"}
    costs = pricing.costs_of(programme, loser)
    before = total(costs, costs.draft)
    after = costs.draft.copy()
    for row, column in shown["近师傅"].moves:
        after[row] = column
    assert shown["近师傅"].gain == total(costs, after) - before < 0
    assert f"名单总分减少 {-shown['近师傅'].gain}。" in page.text
    assert "另有 1 名帮带对象随之改换导师。" in page.text


def total(costs, draft):
    scores = costs.area.task(costs.sides.weights, costs.sides.tables).scores
    return sum(int(scores[row, column]) for row, column in enumerate(draft) if column >= 0)


def test_a_change_is_taken_as_it_was_shown(cast, three, programme, signed_in):
    near, _far, one, two, three_ = three
    assigned(programme, cast.county)
    before = {row[1]: row[0] for row in listed(programme)}
    loser = one if before["甲"] == "远师傅" else two
    winner = two if loser is one else one
    client, page = signed_in(cast.county), address(programme, "costs", loser.pk)
    shown = client.get(page, {"mentor": near.pk})
    assert [
        (who.name, was.name, to.name) for who, was, to in shown.context["moves"]
    ] == [(loser.name, "远师傅", "近师傅"), (winner.name, "近师傅", "远师傅")]  # fmt: skip
    sent = shown.context["form"].initial
    assert client.post(page, sent).status_code == 302
    assert listed(programme) == sorted(
        [
            ("近师傅", loser.name, "assigned", True),
            ("远师傅", winner.name, "suggested", False),
            ("远师傅", three_.name, "suggested", False),
        ],
        key=lambda row: row[1],
    )
    again = client.post(page, sent)  # fixed by now
    assert (again.status_code, PlannedPair.objects.count()) == (409, 3)
    assigned(programme, cast.county)
    assert ("近师傅", loser.name, "assigned", True) in listed(programme)


def test_a_cost_that_is_not_the_one_shown_is_not_taken(cast, tree, three, programme, signed_in):
    near, far, one, two, _three = three
    assigned(programme, cast.county)
    loser = one if dict(row[1::-1] for row in listed(programme))["甲"] == "远师傅" else two
    client, page = signed_in(cast.county), address(programme, "costs", loser.pk)
    sent = client.get(page, {"mentor": near.pk}).context["form"].initial
    far.capacity = 1
    far.save()
    before = listed(programme)
    response = client.post(page, sent)
    assert (response.status_code, listed(programme)) == (409, before)
    assert "未作改动：名单与显示影响时已不同" in response.text
    assert client.post(page, {"mentor": "x", "told": ""}).status_code == 409


def test_a_list_that_was_changed_by_hand_has_estimates_and_says_so(
    cast, tree, three, programme, signed_in
):
    near, _far, one, two, _three = three
    assigned(programme, cast.county)
    rows = {row.mentee_id: row for row in programme.planned.all()}
    winner = next(pk for pk, row in rows.items() if row.mentor_id == near.pk)
    rows[winner].delete()
    loser = two if winner == one.pk else one
    page = signed_in(cast.county).get(address(programme, "costs", loser.pk))
    assert page.context["is_exact"] is False
    assert "以下影响为估算" in page.text
    (option,) = (each.option for each in page.context["options"])
    costs = pricing.costs_of(programme, loser)
    after = costs.draft.copy()
    after[costs.row] = option.column
    assert (option.mentor.pk, option.change.left, len(option.moves)) == (near.pk, 0, 1)
    assert option.gain == total(costs, after) - total(costs, costs.draft)


def test_once_the_list_is_checked_nothing_is_priced_or_taken(cast, three, programme, signed_in):
    assigned(programme, cast.county)
    programme.move("check", by=cast.county)
    client, page = signed_in(cast.county), address(programme, "costs", three[2].pk)
    assert client.get(page).status_code == 409
    assert client.post(page, {"mentor": three[0].pk, "told": "x"}).status_code == 409
    assert client.post(address(programme, "assign"), {}).status_code == 409
    assert client.get(address(programme, "assign")).context["form"] is None


def test_wishes_are_told_as_reasons_on_the_offices_page(cast, three, programme, signed_in):
    near, _far, one, _two, _three = three
    make_wish(programme=programme, side="mentee", mentor=near, mentee=one, nth=2)
    assigned(programme, cast.county)
    text = signed_in(cast.county).get(address(programme, "costs", one.pk)).text
    assert "帮带对象的第 2 意向" in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_cost_page_takes_the_same_queries_for_one_option_and_three(
    cast, tree, programme, signed_in, number, django_assert_max_num_queries
):
    one = mentee(tree.dipu, "甲")
    for each in range(number + 1):
        mentor(tree.shangshu, f"师傅{each}")
    assigned(programme, cast.county)
    client = signed_in(cast.county)
    with django_assert_max_num_queries(QUERIES) as counted:
        page = client.get(address(programme, "costs", one.pk))
    assert (len(page.context["options"]), len(counted)) == (number, QUERIES)


QUERIES = 19
