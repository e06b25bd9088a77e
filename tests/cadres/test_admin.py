"""The admin site: corrections by superusers, the open lists, and no deletion."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import Cadre, Mentee, MenteeCategory, PhoneLook
from mentors.models import Mentor, MentorCategory
from tests.factories import make_cadre, make_user


@pytest.fixture
def superuser(db):
    return make_user(username="root", is_staff=True, is_superuser=True)


@pytest.mark.parametrize(
    "model", [Cadre, Mentee, MenteeCategory, PhoneLook, Mentor, MentorCategory]
)
def test_nothing_of_the_registers_is_deleted(superuser, rf, model):
    request = rf.get("/")
    request.user = superuser
    assert not admin.site.get_model_admin(model).has_delete_permission(request)


def test_the_list_of_cadres_shows_the_same_columns_as_the_register(
    cast, tree, superuser, signed_in
):
    make_cadre(
        unit=tree.dipu, name="单小明", title="组织干事", education="31", later_education="21"
    )
    page = signed_in(superuser).get(reverse("admin:cadres_cadre_changelist"), {"q": "sxm"})
    assert [str(cadre) for cadre in page.context["cl"].result_list] == ["单小明"]
    for text in ("组织干事", "大学本科毕业", "递铺街道"):
        assert text in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_admin_list_asks_as_often_for_one_row_as_for_three(tree, superuser, signed_in, count):
    for number in range(count):
        make_cadre(
            unit=tree.dipu, name=f"万{number}", mentee_category=MenteeCategory.objects.first()
        )
    client = signed_in(superuser)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("admin:cadres_cadre_changelist"))
    assert len(queries) == 5, [query["sql"][:100] for query in queries]


def test_categories_are_an_open_list(superuser, signed_in):
    for model, name in ((MentorCategory, "退役军人导师"), (MenteeCategory, "选调生")):
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
        data = {"name": name, "position": 7, "is_active": "on"}
        assert signed_in(superuser).post(address, data).status_code == 302
        assert model.objects.filter(name=name, is_active=True).exists()


def test_a_correction_in_the_admin_keeps_unit_and_sign_in(cast, tree, superuser, signed_in):
    cadre = cast.mentee_row
    address = reverse("admin:cadres_cadre_change", args=[cadre.pk])
    data = {"name": "马改名", "gender": "1", "birth_month": "1998-07", "unit": tree.dipu.pk}
    assert signed_in(superuser).post(address, data).status_code == 302
    cadre.refresh_from_db()
    assert (cadre.name, cadre.pinyin, cadre.unit) == ("马改名", "magaiming", tree.shangshu)
