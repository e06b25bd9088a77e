import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AccountEvent, Grant, Role, User, grant
from tests.factories import make_grant, make_user

EXCLUDED = "系统、安全、审计管理员与业务人员须由不同的人担任：请先终止此人的其他授权。"


@pytest.fixture
def give(cast, signed_in):
    """The security administrator (of the city) grants; gives the response."""

    def post(user, role, unit, by=None, **fields):
        form = {"role": role, "unit": unit.pk, "client_key": str(uuid.uuid4()), **fields}
        return signed_in(by or cast.secadmin).post(reverse("accounts:grant", args=[user.pk]), form)

    return post


def held(user) -> list[tuple]:
    user = User.objects.get(pk=user.pk)
    return [(grant.role, grant.unit.name) for grant in user.live_grants]


def test_a_role_is_granted_from_today_and_is_on_the_trail(cast, tree, give, signed_in):
    assert signed_in(cast.stranger).get("/units/").status_code == 403
    assert give(cast.stranger, "coordinator", tree.yuyue).status_code == 302
    assert held(cast.stranger) == [("coordinator", "禹越镇")]
    assert Grant.objects.get(user=cast.stranger).granted_by == cast.secadmin
    event = AccountEvent.objects.get()
    assert (event.verb, event.user, event.created_by, event.role, event.unit) == (
        "grant", cast.stranger, cast.secadmin, "coordinator", tree.yuyue,
    )  # fmt: skip
    assert signed_in(cast.stranger).get("/units/").status_code == 200


def test_the_form_sent_twice_grants_once(cast, tree, give):
    key = str(uuid.uuid4())
    codes = [give(cast.stranger, "viewer", tree.anji, client_key=key).status_code for _ in range(2)]
    assert codes == [302, 302]
    assert AccountEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("coordinator", "sysadmin"),
        ("viewer", "auditor"),
        ("sysadmin", "secadmin"),
        ("auditor", "sysadmin"),
        ("secadmin", "coordinator"),
    ],
)
def test_administrators_exclude_one_another_and_business(cast, tree, give, first, second):
    person = make_user()
    make_grant(user=person, role=first, unit=tree.anji)
    response = give(person, second, tree.anji)
    assert response.status_code == 422
    assert response.context["form"].errors == {"role": [EXCLUDED]}
    assert EXCLUDED in response.text
    assert held(person) == [(first, "安吉县")]
    assert not AccountEvent.objects.exists()


def test_the_database_refuses_what_the_form_would(cast, tree):
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=cast.county, role=Role.AUDITOR, unit=tree.city)


def test_a_grant_lost_in_a_race_is_a_sentence(cast, tree, monkeypatch):
    monkeypatch.setattr(Grant, "full_clean", lambda self: None)  # both had looked before
    with pytest.raises(ValidationError) as refused:
        grant(cast.county, "auditor", tree.city, by=cast.secadmin)
    assert refused.value.messages == ["此人的授权刚刚有变动，请刷新后核对。"]


def test_two_business_roles_go_together_but_not_the_same_twice(cast, tree, give):
    assert give(cast.county, "viewer", tree.city).status_code == 302
    response = give(cast.county, "viewer", tree.city)
    assert response.context["form"].errors == {"role": ["此人在该单位已有这一角色。"]}


def test_nobody_grants_to_themselves(cast, tree, give):
    assert give(cast.secadmin, "secadmin", tree.anji).status_code == 403
    assert held(cast.secadmin) == [("secadmin", "湖州市")]


def test_units_outside_the_administrators_own_area_are_not_granted(cast, tree, give):
    keeper = make_user(username="keeper")
    make_grant(user=keeper, role=Role.SECADMIN, unit=tree.anji)
    response = give(cast.stranger, "coordinator", tree.deqing, by=keeper)
    assert response.context["form"].errors == {"unit": ["请从列表中选择您管理范围内的单位。"]}
    assert give(cast.stranger, "coordinator", tree.dipu, by=keeper).status_code == 302
    assert held(cast.stranger) == [("coordinator", "递铺街道")]


def test_a_closed_account_is_granted_nothing(cast, tree, give):
    cast.stranger.is_active = False
    cast.stranger.save()
    response = give(cast.stranger, "viewer", tree.anji)
    assert response.status_code == 409
    assert "该账号已停用，不能授权。" in response.text
    assert not Grant.objects.filter(user=cast.stranger).exists()


def test_others_grant_nothing(cast, tree, give):
    for user in (cast.sysadmin, cast.auditor, cast.county, cast.mentee):
        assert give(cast.stranger, "viewer", tree.anji, by=user).status_code == 403
    assert not Grant.objects.filter(user=cast.stranger).exists()


def end(client, grant):
    return client.post(reverse("accounts:end_grant", args=[grant.pk]))


def test_an_ended_grant_opens_nothing_from_that_moment_and_stays_on_record(cast, signed_in):
    grant, there = Grant.objects.get(user=cast.county), signed_in(cast.county)
    assert there.get("/units/").status_code == 200
    client = signed_in(cast.secadmin)
    for _ in range(2):
        assert end(client, grant).status_code == 302
    assert there.get("/units/").status_code == 403
    assert Grant.objects.get(user=cast.county).to_on is not None
    assert [(e.verb, e.user) for e in AccountEvent.objects.all()] == [("end_grant", cast.county)]


def test_a_grant_of_today_can_be_ended_today(cast, tree, give, signed_in):
    give(cast.stranger, "viewer", tree.anji)
    end(signed_in(cast.secadmin), Grant.objects.get(user=cast.stranger))
    assert held(cast.stranger) == []


def test_after_the_end_another_family_of_roles_is_open(cast, tree, give, signed_in):
    end(signed_in(cast.secadmin), Grant.objects.get(user=cast.county))
    assert give(cast.county, "auditor", tree.city).status_code == 302
    assert held(cast.county) == [("auditor", "湖州市")]


def test_grants_elsewhere_and_ones_own_are_not_ended(cast, tree, signed_in):
    keeper = make_user(username="keeper")
    own = make_grant(user=keeper, role=Role.SECADMIN, unit=tree.anji)
    elsewhere = Grant.objects.get(user=cast.other_county)
    assert end(signed_in(keeper), elsewhere).status_code == 403
    assert end(signed_in(keeper), own).status_code == 403
    assert end(signed_in(cast.sysadmin), elsewhere).status_code == 403
    assert not Grant.objects.exclude(to_on=None).exists()


def test_the_page_shows_grants_of_now_and_then(cast, tree, signed_in):
    grant = make_grant(user=cast.stranger, role=Role.VIEWER, unit=tree.dipu)
    Grant.objects.filter(pk=grant.pk).update(to_on=dt.date(2021, 5, 1))
    page = signed_in(cast.secadmin).get(reverse("accounts:detail", args=[cast.stranger.pk])).text
    assert "领导（只读）" in page
    assert "2021年5月1日" in page
    assert "终止授权</button>" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_grants_of_one_or_three_cost_the_same_queries(
    cast, tree, signed_in, django_assert_num_queries, count
):
    for unit in (tree.anji, tree.dipu, tree.shangshu)[:count]:
        make_grant(user=cast.stranger, role=Role.VIEWER, unit=unit)
    client = signed_in(cast.secadmin)
    with django_assert_num_queries(6):
        client.get(reverse("accounts:detail", args=[cast.stranger.pk]))
