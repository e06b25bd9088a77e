import re
import uuid

import pytest
from axes.utils import reset as unlock
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import opening
from accounts.models import AccountEvent, User
from tests.factories import make_user


def trail() -> list[tuple]:
    events = AccountEvent.objects.order_by("pk")
    return [(e.verb, e.user.username, e.created_by.username, e.detail) for e in events]


def names(response) -> list[str]:
    return [account.username for account in response.context["page"].rows]


def first_password(response) -> str:
    return re.search(r'class="first-password">([^<]+)<', response.text)[1]


def can_sign_in(username: str, password: str) -> bool:
    form = {"username": username, "password": password}
    return Client().post(reverse("accounts:sign_in"), form).status_code == 302


@pytest.fixture
def keeper(cast, signed_in) -> Client:
    return signed_in(cast.sysadmin)


@pytest.fixture
def form() -> dict:
    return {
        "username": "new-one",
        "name": "麦麦提•艾力",
        "email": "",
        "client_key": str(uuid.uuid4()),
    }


def test_the_list_shows_accounts_with_their_roles_and_no_superuser(cast, keeper):
    make_user(username="root", name="根", is_superuser=True)
    response = keeper.get("/accounts/")
    assert names(response) == sorted(
        User.objects.exclude(username="root").values_list("username", flat=True)
    )
    assert "组织部工作人员 · 安吉县" in response.text


def test_the_list_is_searched_by_name_and_user_name_and_narrowed_by_state(cast, keeper):
    make_user(username="gone", name="已停用的人", is_active=False)
    assert names(keeper.get("/accounts/?q=安吉")) == ["anji", "leader"]
    assert names(keeper.get("/accounts/?q=DEQ")) == ["deqing"]
    assert names(keeper.get("/accounts/?state=closed")) == ["gone"]
    assert "gone" not in names(keeper.get("/accounts/?state=open"))
    assert "没有符合条件的账号。" in keeper.get("/accounts/?q=没有").text


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_one_or_three_costs_the_same_queries(
    cast, keeper, django_assert_num_queries, count
):
    for number in range(count):
        make_user(username=f"same{number}")
    with django_assert_num_queries(6):
        assert len(names(keeper.get("/accounts/?q=same"))) == count


def test_an_account_is_opened_and_its_password_shown_once(cast, keeper, form):
    response = keeper.post("/accounts/new/", form)
    made = User.objects.get(username="new-one")
    assert (made.name, made.must_change_password) == ("麦麦提·艾力", True)
    password = first_password(response)
    assert can_sign_in("new-one", password)
    assert "no-store" in response.headers["Cache-Control"]
    for address in ("/accounts/", f"/accounts/{made.pk}/", f"/accounts/{made.pk}/reset/"):
        assert password not in keeper.get(address).text
    assert trail() == [("open", "new-one", "sysadmin", "")]


def test_the_form_sent_twice_opens_one_account_and_shows_the_same_password(cast, keeper, form):
    first, second = (keeper.post("/accounts/new/", form) for _ in range(2))
    assert first_password(first) == first_password(second)
    assert User.objects.filter(username="new-one").count() == 1
    assert trail() == [("open", "new-one", "sysadmin", "")]


def test_the_form_sent_again_after_the_owner_chose_a_password_gives_nothing_away(
    cast, keeper, form
):
    password = first_password(keeper.post("/accounts/new/", form))
    opening.choose_password(User.objects.get(username="new-one"), "my own choice, long")
    response = keeper.post("/accounts/new/", form)
    assert password not in response.text
    assert "密码已被修改，不再显示。" in response.text
    assert can_sign_in("new-one", "my own choice, long")


def test_the_same_key_of_another_administrator_is_another_password(cast, form, signed_in):
    key = uuid.UUID(form["client_key"])
    _, one = opening.open_account(username="a", name="甲", by=cast.sysadmin, key=key)
    _, other = opening.open_account(username="b", name="乙", by=cast.secadmin, key=key)
    assert one != other


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"username": "anji"}, "username", "该用户名已被使用。"),
        ({"username": ""}, "username", "这个字段是必填项。"),
        ({"name": ""}, "name", "这个字段是必填项。"),
        ({"email": "nothing"}, "email", "输入一个有效的 Email 地址。"),
    ],
)
def test_a_wrong_form_opens_nothing_and_says_where(cast, keeper, form, change, field, message):
    before = User.objects.count()
    response = keeper.post("/accounts/new/", form | change)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert User.objects.count() == before


def test_a_user_name_taken_in_the_same_moment_is_a_sentence_not_an_error_page(cast):
    with pytest.raises(ValidationError) as refused:
        opening.open_account(username="anji", name="某人", by=cast.sysadmin)
    assert refused.value.message_dict == {"username": ["该用户名已被使用。"]}


def test_first_passwords_differ_and_are_long(cast):
    made = {
        opening.open_account(username=f"u{number}", name="某人", by=cast.sysadmin)[1]
        for number in range(20)
    }
    assert len(made) == 20
    assert all(re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", password) for password in made)


def test_a_reset_password_replaces_the_old_one_and_ends_open_sessions(cast, keeper, signed_in):
    there = signed_in(cast.mentee)
    response = keeper.post(
        reverse("accounts:reset", args=[cast.mentee.pk]), {"client_key": str(uuid.uuid4())}
    )
    assert can_sign_in("tudi", first_password(response))
    assert not can_sign_in("tudi", "correct horse battery")
    assert there.get("/units/options/").status_code == 302
    assert trail() == [("reset", "tudi", "sysadmin", "")]
    unlock()


def test_resetting_twice_by_one_form_is_one_reset(cast, keeper):
    address, key = (
        reverse("accounts:reset", args=[cast.mentee.pk]),
        {"client_key": str(uuid.uuid4())},
    )
    assert first_password(keeper.post(address, key)) == first_password(keeper.post(address, key))
    assert trail() == [("reset", "tudi", "sysadmin", "")]


def test_a_reset_lifts_a_lock_out(cast, keeper):
    for _ in range(8):
        can_sign_in("tudi", "wrong")
    assert not can_sign_in("tudi", "correct horse battery")
    address = reverse("accounts:reset", args=[cast.mentee.pk])
    password = first_password(keeper.post(address, {"client_key": str(uuid.uuid4())}))
    assert can_sign_in("tudi", password)


def test_closing_an_account_signs_it_out_and_opening_it_again_lets_it_in(cast, keeper, signed_in):
    there, address = signed_in(cast.mentee), reverse("accounts:switch", args=[cast.mentee.pk])
    for _ in range(2):
        assert keeper.post(address, {"to": "closed"}).status_code == 302
    assert there.get("/units/options/").status_code == 302
    assert not can_sign_in("tudi", "correct horse battery")
    keeper.post(address, {"to": "open"})
    unlock()
    assert can_sign_in("tudi", "correct horse battery")
    assert trail() == [("disable", "tudi", "sysadmin", ""), ("enable", "tudi", "sysadmin", "")]


def test_a_changed_name_is_on_the_trail_by_field(cast, keeper):
    address = reverse("accounts:edit", args=[cast.mentee.pk])
    keeper.post(address, {"name": "马 徒弟", "email": "tudi@example.org"})
    cast.mentee.refresh_from_db()
    assert (cast.mentee.name, cast.mentee.email) == ("马徒弟", "tudi@example.org")
    keeper.post(address, {"name": "马徒弟", "email": "tudi@example.org"})
    assert trail() == [("edit", "tudi", "sysadmin", "email")]


def test_nobody_keeps_the_own_account_or_a_superusers(cast, keeper):
    root = make_user(username="root", is_superuser=True)
    for name in ("reset", "switch"):
        assert keeper.post(reverse(f"accounts:{name}", args=[cast.sysadmin.pk])).status_code == 403
    for name in ("detail", "edit", "reset", "switch"):
        assert keeper.post(reverse(f"accounts:{name}", args=[root.pk])).status_code == 404
    assert trail() == []


def test_the_other_administrators_and_business_users_keep_no_accounts(cast, signed_in):
    for user in (cast.secadmin, cast.auditor, cast.county, cast.mentee):
        client = signed_in(user)
        assert client.post("/accounts/new/", {"username": "x", "name": "x"}).status_code == 403
        for name in ("edit", "reset", "switch"):
            address = reverse(f"accounts:{name}", args=[cast.stranger.pk])
            assert client.post(address, {"to": "closed"}).status_code == 403
    for user in (cast.auditor, cast.county, cast.mentee):
        assert signed_in(user).get("/accounts/").status_code == 403
    assert trail() == []


def test_a_system_administrator_sees_no_business_page(cast, keeper):
    for address in ("/units/", f"/units/{cast.pairing.unit_id}/", "/accounts/trail/"):
        assert keeper.get(address).status_code == 403
