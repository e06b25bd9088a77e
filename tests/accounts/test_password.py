import pytest

from accounts.models import AccountEvent
from tests.factories import make_user

ADDRESS = "/accounts/password/"
OLD = "correct horse battery"
NEW = "三人行必有我师焉择其善者"


def choose(client, old=OLD, new=NEW, again=None):
    form = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(ADDRESS, form)


def test_one_chooses_a_new_password_and_stays_signed_in(cast, signed_in):
    client = signed_in(cast.mentee)
    assert choose(client).url == "/"
    cast.mentee.refresh_from_db()
    assert cast.mentee.check_password(NEW)
    assert client.get(ADDRESS).status_code == 200
    assert [(e.verb, e.user, e.created_by) for e in AccountEvent.objects.all()] == [
        ("choose", cast.mentee, cast.mentee)
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"old": "guess"}, "当前密码不对。"),
        ({"new": "short"}, "密码至少需要10个字符。"),
        ({"new": "password123"}, "密码太常见"),
        ({"again": "another one entirely"}, "两个密码"),
    ],
)
def test_a_wrong_choice_changes_nothing_and_says_why(cast, signed_in, change, message):
    response = choose(signed_in(cast.mentee), **change)
    assert response.status_code == 422
    assert message in str(response.context["form"].errors)
    assert message in response.text
    cast.mentee.refresh_from_db()
    assert cast.mentee.check_password(OLD)
    assert not AccountEvent.objects.exists()


def test_a_first_password_must_be_changed_before_anything_else(db, signed_in):
    newcomer = make_user(username="newcomer", must_change_password=True)
    client = signed_in(newcomer)
    for address in ("/", "/units/options/"):
        assert client.get(address).url == ADDRESS
    page = client.get(ADDRESS)
    assert "old_password" not in page.context["form"].fields
    assert client.post(ADDRESS, {"new_password1": NEW, "new_password2": NEW}).url == "/"
    assert client.get("/units/options/").status_code == 200
