"""Templates of plans: kept by the office of a unit, read below it."""

import uuid

from django.urls import reverse

from plans.models import Plan, PlanTemplate, TemplateEvent
from tests.plans.made import make_template


def sent(**changes):
    data = {"title": "新任支书", "goals": "会带班子", "client_key": str(uuid.uuid4()),
            "steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0",
            "steps-0-number": "2", "steps-0-text": "开一次支委会", "steps-1-text": ""}  # fmt: skip
    return {**data, **changes}


def test_an_office_makes_changes_and_withdraws_a_template(cast, signed_in, tree):
    client = signed_in(cast.county)
    made = sent(unit=tree.anji.pk)
    for _ in range(2):
        assert client.post(reverse("plans:template_create"), made).status_code == 302
    template = PlanTemplate.objects.get()
    assert list(template.steps.values_list("number", "text")) == [(2, "开一次支委会")]
    address = reverse("plans:template_edit", kwargs={"pk": template.pk})
    changed = sent(title="新任村书记", seen="1")
    assert client.post(address, changed).status_code == 302
    response = client.post(address, sent(title="晚来的", seen="1"))
    assert (response.status_code, "晚来的" in response.text) == (409, True)
    withdraw = reverse("plans:template_withdraw", kwargs={"pk": template.pk})
    assert [client.post(withdraw).status_code for _ in range(2)] == [302, 409]
    template.refresh_from_db()
    assert (template.title, template.withdrawn_at is None) == ("新任村书记", False)
    verbs = TemplateEvent.objects.values_list("verb", flat=True)
    assert list(verbs) == ["create", "edit", "withdraw"]


def test_a_second_template_of_the_title_is_refused_beside_the_field(cast, signed_in, tree):
    make_template(unit=tree.anji, title="新任支书")
    client = signed_in(cast.county)
    response = client.post(reverse("plans:template_create"), sent(unit=tree.anji.pk))
    assert response.status_code == 422
    assert "title" in response.context["form"].errors


def test_a_township_reads_the_countys_template_and_changes_its_own_alone(cast, signed_in, tree):
    county = make_template(unit=tree.anji)
    own = make_template(unit=tree.shangshu, title="本镇")
    make_template(unit=tree.deqing, title="德清")
    client = signed_in(cast.township)
    rows = client.get(reverse("plans:templates")).context["page"].rows
    assert {(row.title, row.is_ours) for row in rows} == {("新进乡镇干部", False), ("本镇", True)}
    edit = "plans:template_edit"
    assert client.get(reverse(edit, kwargs={"pk": county.pk})).status_code == 403
    assert client.get(reverse(edit, kwargs={"pk": own.pk})).status_code == 200
    assert signed_in(cast.mentee).get(reverse("plans:templates")).status_code == 403


def test_a_withdrawn_template_is_offered_to_nobody(cast, signed_in, tree):
    template = make_template(unit=tree.anji)
    client = signed_in(cast.county)
    client.post(reverse("plans:template_withdraw", kwargs={"pk": template.pk}))
    address = reverse("plans:start", kwargs={"pk": cast.pairing.pk})
    response = signed_in(cast.mentee).post(address, {"template": template.pk})
    assert (response.status_code, Plan.objects.count()) == (404, 0)


def test_as_many_questions_for_three_as_for_one(cast, signed_in, tree, django_assert_num_queries):
    client = signed_in(cast.county)
    for titles in (("a",), ("b", "c")):
        for title in titles:
            make_template(unit=tree.anji, title=title)
        with django_assert_num_queries(5):
            client.get(reverse("plans:templates"))


def test_a_new_template_is_of_the_office_s_own_unit_unless_it_says_otherwise(cast, signed_in, tree):
    form = signed_in(cast.township).get(reverse("plans:template_create")).context["form"]
    assert form["unit"].value() == tree.shangshu.pk
