"""Templates of assignments: kept by the office of a unit, filled in by its mentors."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils import timezone

from activities.models import Assignment, AssignmentTemplate, AssignmentTemplateEvent
from cadres.models import MenteeCategory
from tests.activities.making import make_template

TEMPLATES = "activities:templates"


def sent(**changes):
    data = {"title": "走访十户", "body": "写一份报告", "days": "10"}
    return {**data, "client_key": str(uuid.uuid4()), **changes}


def address(cast):
    return reverse("activities:assignment_create", args=[cast.pairing.pk])


def offered(client, cast):
    form = client.get(address(cast)).context["form"]
    return [template.title for template in form.templates]


def test_an_office_makes_changes_and_withdraws_a_template(cast, signed_in, tree):
    client = signed_in(cast.county)
    made = sent(unit=tree.anji.pk)
    for _ in range(2):
        assert client.post(reverse("activities:template_create"), made).status_code == 302
    template = AssignmentTemplate.objects.get()
    assert (template.title, template.days, template.county) == ("走访十户", 10, tree.anji)
    page = reverse("activities:template_edit", args=[template.pk])
    assert client.post(page, sent(title="走访二十户", seen="1")).status_code == 302
    late = client.post(page, sent(title="晚来的", seen="1"))
    assert (late.status_code, "晚来的" in late.text) == (409, True)
    withdraw = reverse("activities:template_withdraw", args=[template.pk])
    assert client.get(withdraw).status_code == 200
    assert [client.post(withdraw).status_code for _ in range(2)] == [302, 409]
    template.refresh_from_db()
    assert (template.title, template.withdrawn_at is None) == ("走访二十户", False)
    verbs = AssignmentTemplateEvent.objects.values_list("verb", flat=True)
    assert list(verbs) == ["create", "edit", "withdraw"]


def test_what_was_written_on_a_template_withdrawn_meanwhile_is_kept(cast, signed_in, tree):
    template, client = make_template(unit=tree.anji), signed_in(cast.county)
    page = reverse("activities:template_edit", args=[template.pk])
    AssignmentTemplate.objects.update(withdrawn_at=timezone.now())
    assert client.get(page).status_code == 409
    late = client.post(page, sent(title="晚来的", seen="1"))
    assert (late.status_code, "晚来的" in late.text) == (409, True)
    assert AssignmentTemplate.objects.get().title == "走访十户"


def test_a_second_template_of_the_title_is_refused_beside_the_field(cast, signed_in, tree):
    make_template(unit=tree.anji)
    client = signed_in(cast.county)
    response = client.post(reverse("activities:template_create"), sent(unit=tree.anji.pk))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["title"]


def test_days_lie_within_a_year(cast, signed_in, tree):
    client = signed_in(cast.county)
    for days in ("0", "367"):
        wrong = sent(unit=tree.anji.pk, days=days)
        response = client.post(reverse("activities:template_create"), wrong)
        assert list(response.context["form"].errors) == ["days"]


def test_a_township_reads_the_countys_template_and_changes_its_own_alone(cast, signed_in, tree):
    county = make_template(unit=tree.anji)
    own = make_template(unit=tree.shangshu, title="本镇")
    make_template(unit=tree.deqing, title="德清")
    client = signed_in(cast.township)
    rows = client.get(reverse(TEMPLATES)).context["page"].rows
    assert {(row.title, row.is_ours) for row in rows} == {("走访十户", False), ("本镇", True)}
    for name in ("activities:template_edit", "activities:template_withdraw"):
        codes = [client.get(reverse(name, args=[row.pk])).status_code for row in (county, own)]
        assert codes == [403, 200]
    assert signed_in(cast.mentor).get(reverse(TEMPLATES)).status_code == 403
    assert "德清" not in client.get(reverse(TEMPLATES)).text


def test_the_pair_is_offered_those_from_its_unit_upwards_the_nearest_first(cast, signed_in, tree):
    make_template(unit=tree.anji, title="县里的")
    make_template(unit=tree.shangshu, title="乡里的")
    make_template(unit=tree.dipu, title="别乡的")
    make_template(unit=tree.anji, title="撤下的", withdrawn_at=timezone.now())
    theirs, others = MenteeCategory.objects.order_by("pk")[:2]
    type(cast.mentee_entry).objects.update(category=theirs)
    make_template(unit=tree.anji, title="给这类的", mentee_category=theirs)
    make_template(unit=tree.anji, title="给那类的", mentee_category=others)
    assert offered(signed_in(cast.mentor), cast) == ["乡里的", "县里的", "给这类的"]
    assert signed_in(cast.mentee).get(address(cast)).status_code == 403


def test_a_template_fills_the_form_by_link_and_by_button(cast, signed_in, tree):
    template = make_template(unit=tree.anji)
    client = signed_in(cast.mentor)
    due = timezone.localdate() + dt.timedelta(days=10)
    by_link = client.get(address(cast), {"template": template.pk})
    by_button = client.post(address(cast), {"step": "template", "template": template.pk})
    for response in (by_link, by_button):
        form = response.context["form"]
        values = [form[name].value() for name in ("title", "body", "due_on")]
        assert (response.status_code, values) == (200, ["走访十户", "写一份报告", due])
    part = client.post(
        address(cast),
        {"step": "template", "template": template.pk},
        headers={"HX-Request": "true"},
    )
    assert part.text.strip().startswith('<div id="task"')
    assert Assignment.objects.count() == 0


def test_what_was_typed_is_not_lost_to_a_template(cast, signed_in, tree):
    first = make_template(unit=tree.anji)
    make_template(unit=tree.anji, title="学条例", body="写心得\n一千字")
    client = signed_in(cast.mentor)

    def chosen(template, **typed):
        sent = {"step": "template", "template": template.pk, **typed}
        form = client.post(address(cast), sent).context["form"]
        return [form[name].value() for name in ("title", "body")]

    typed = {"title": "我的题目", "body": "我的要求"}
    assert chosen(first, **typed) == ["我的题目", "写一份报告\n我的要求"]
    assert chosen(first, title="学条例", body="写心得\r\n一千字") == ["走访十户", "写一份报告"]


def test_a_template_withdrawn_meanwhile_spoils_no_form(cast, signed_in, tree):
    template = make_template(unit=tree.anji, withdrawn_at=timezone.now())
    client = signed_in(cast.mentor)
    typed = {"title": "走访十户", "body": "要求", "due_on": f"{timezone.localdate()}"}
    asked = client.post(address(cast), {"step": "template", "template": template.pk, **typed})
    assert "该模板已停用，已填写的内容保留。" in asked.text
    assert asked.context["form"]["body"].value() == "要求"
    assert client.post(address(cast), {"template": template.pk, **typed}).status_code == 302
    assert Assignment.objects.get().title == "走访十户"


def test_as_many_questions_for_three_as_for_one(cast, signed_in, tree, django_assert_num_queries):
    client = signed_in(cast.county)
    for titles in (("a",), ("b", "c")):
        for title in titles:
            make_template(unit=tree.anji, title=title)
        with django_assert_num_queries(5):
            client.get(reverse(TEMPLATES))
