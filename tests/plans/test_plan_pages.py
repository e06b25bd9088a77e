"""The pages of a plan, with and without an agreed one."""

import uuid

import pytest
from django.urls import reverse

from plans import keeping
from plans.models import Plan, PlanStep
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.plans.made import add_steps, again, make_agreed, make_draft, make_template, reread


def url(name, cast, **more):
    return reverse(f"plans:{name}", kwargs={"pk": cast.pairing.pk, **more})


def filled(client, address, **changes):
    """What a browser sends of the edit page."""
    context = client.get(address).context
    form, rows = context["form"], context["rows"]
    data = {"goals": form["goals"].value() or "", "seen": form["seen"].value()}
    data["client_key"] = str(uuid.uuid4())
    for field in rows.management_form:
        data[field.html_name] = field.value()
    for row in rows:
        for field in row:
            data[field.html_name] = field.value() or ""
    return {**data, **changes}


def test_a_draft_begins_from_the_template_of_the_units_above(cast, signed_in, tree):
    template = make_template(unit=tree.anji)
    make_template(unit=tree.deqing, title="德清的模板")
    make_template(unit=tree.anji, title="支书的模板", mentee_category=_category("别的"))
    client = signed_in(cast.mentee)
    response = client.get(url("detail", cast))
    assert [row.title for row in response.context["templates"]] == ["新进乡镇干部"]
    sent = {"template": template.pk, "client_key": uuid.uuid4()}
    assert client.post(url("start", cast), sent).status_code == 302
    client.post(url("start", cast), sent)
    plan = Plan.objects.get()
    first = f"{cast.pairing.from_on:%Y-%m}"
    assert plan.goals == "会做群众工作"
    steps = {step.text: step.month for step in plan.steps.all()}
    assert (steps["走遍全村"], steps["读完村志"]) == (first, "")
    assert steps["主持一次村民会"] > first


def _category(name):
    from cadres.models import MenteeCategory

    return MenteeCategory.objects.create(name=name)


def test_a_template_of_elsewhere_begins_nothing(cast, signed_in, tree):
    template = make_template(unit=tree.deqing)
    response = signed_in(cast.mentee).post(url("start", cast), {"template": template.pk})
    assert response.status_code == 404
    assert Plan.objects.count() == 0


def test_both_write_on_the_draft_and_the_second_keeps_what_he_typed(cast, signed_in):
    make_draft(cast)
    mentor, mentee = signed_in(cast.mentor), signed_in(cast.mentee)
    late = filled(mentor, url("edit", cast), goals="导师的话")
    assert mentee.post(url("edit", cast), filled(mentee, url("edit", cast), goals="徒弟的话",
                       **{"steps-1-text": "  新的，\r\n一步："})).status_code == 302  # fmt: skip
    response = mentor.post(url("edit", cast), late)
    assert response.status_code == 409
    assert "导师的话" in response.text
    assert Plan.objects.get().goals == "徒弟的话"
    assert {step.text for step in PlanStep.objects.all()} == {"走村0", "新的， 一步："}


def test_a_bad_row_loses_nothing_and_more_rows_come_without_saving(cast, signed_in):
    make_draft(cast)
    client = signed_in(cast.mentor)
    data = filled(client, url("edit", cast), **{"steps-1-text": "走", "steps-1-month": "1900-01"})
    response = client.post(url("edit", cast), data)
    assert response.status_code == 422
    assert response.context["rows"][1]["text"].value() == "走"
    response = client.post(url("edit", cast), {**data, "more": "1"})
    assert (response.status_code, len(response.context["rows"].forms)) == (200, 9)
    assert PlanStep.objects.count() == 1


def test_a_plan_is_agreed_and_its_steps_done_page_by_page(cast, signed_in):
    make_draft(cast)
    for user, verb in ((cast.mentee, "agree_mentee"), (cast.mentor, "agree_mentor")):
        client = signed_in(user)
        form = client.get(url("detail", cast)).context["seen_form"]
        sent = {"seen": form["seen"].value(), "client_key": uuid.uuid4()}
        assert client.post(url("move", cast, verb=verb), sent).status_code == 302
    step = PlanStep.objects.get()
    address = reverse("plans:step", kwargs={"pk": step.pk, "verb": "put_off"})
    assert client.post(address, {}).status_code == 422
    address = reverse("plans:step", kwargs={"pk": step.pk, "verb": "done"})
    key = {"client_key": uuid.uuid4()}
    assert client.get(address).status_code == 200
    assert [client.post(address, key).status_code for _ in range(2)] == [302, 302]
    assert client.post(address, {"client_key": uuid.uuid4()}).status_code == 409
    response = client.get(url("panel", cast))
    assert "已完成 1 项，0 项待办" in response.text


def test_who_only_reads_writes_nothing(cast, signed_in):
    plan = make_agreed(cast)
    client = signed_in(cast.viewer)
    response = client.get(url("detail", cast))
    assert (response.status_code, response.context["moves"]) == (200, [])
    step = reverse("plans:step", kwargs={"pk": plan.steps.get().pk, "verb": "done"})
    for address in (url("edit", cast), url("move", cast, verb="revise"), step, url("start", cast)):
        assert client.post(address).status_code == 403
    assert reread(plan).state == "agreed"


def test_a_mentor_does_not_agree_for_the_mentee(cast, signed_in):
    plan = make_draft(cast)
    sent = {"seen": plan.revision}
    response = signed_in(cast.mentor).post(url("move", cast, verb="agree_mentee"), sent)
    assert response.status_code == 403


def test_after_a_change_of_mentor_the_new_pair_goes_on_with_what_is_left(cast, signed_in):
    plan = make_agreed(cast, steps=2)
    step = plan.steps.first()
    step.plan = plan
    keeping.move_step(step, "done", by=again(cast.mentee), key=None)
    cast.pairing.move("terminate", by=again(cast.county), reason="调动", document="无")
    cast.pairing.refresh_from_db()
    other = make_mentor(cadre=make_cadre(unit=cast.pairing.unit, name="新师傅"))
    pair = make_pairing(
        mentor=other, mentee=cast.mentee_row, from_on=cast.pairing.ended_on, succeeds=cast.pairing
    )
    client = signed_in(cast.mentee)
    address = reverse("plans:start", kwargs={"pk": pair.pk})
    assert client.post(address, {"carry": "on", "client_key": uuid.uuid4()}).status_code == 302
    assert [row.text for row in Plan.objects.get(pairing=pair).steps.all()] == ["走村1"]


def test_the_mentees_home_names_the_steps_of_this_month_alone(cast, signed_in):
    plan = make_agreed(cast, steps=1)
    PlanStep.objects.create(plan=plan, month="2999-01", text="以后的事")
    PlanStep.objects.create(plan=plan, month="", text="不定月份的事")
    address = reverse("plans:mine")
    response = signed_in(cast.mentee).get(address)
    assert [step.text for step in response.context["steps"]] == ["走村0"]
    for user in (cast.mentor, cast.stranger, cast.county):
        assert signed_in(user).get(address).context["steps"] == []


@pytest.mark.parametrize(("name", "queries"), [("detail", 9), ("panel", 8), ("edit", 7)])
def test_as_many_questions_for_three_steps_as_for_one(
    cast, signed_in, name, queries, django_assert_num_queries
):
    plan = make_agreed(cast) if name != "edit" else make_draft(cast)
    client = signed_in(cast.mentor)
    for _ in range(2):
        with django_assert_num_queries(queries):
            client.get(url(name, cast))
        add_steps(plan, 2)
