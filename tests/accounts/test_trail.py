import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import opening
from accounts.models import AccountEvent, grant
from tests.factories import make_user

ADDRESS = "/accounts/trail/"


@pytest.fixture
def events(cast, tree):
    """Four things done, by two people."""
    user, _ = opening.open_account(username="fresh", name="新人", by=cast.sysadmin)
    grant(user, "viewer", tree.anji, by=cast.secadmin)
    opening.switch(cast.stranger, is_active=False, by=cast.sysadmin)
    opening.reset_password(cast.mentee, by=cast.sysadmin)
    return list(AccountEvent.objects.order_by("-pk"))


def found(client, query="") -> list[str]:
    return [event.verb for event in client.get(f"{ADDRESS}?{query}").context["page"].rows]


def test_the_newest_comes_first_with_who_and_what(cast, events, signed_in):
    client = signed_in(cast.auditor)
    assert found(client) == ["reset", "disable", "grant", "open"]
    page = client.get(ADDRESS).text
    assert "领导（只读） · 安吉县" in page
    assert "新人（fresh）" in page


def test_it_is_narrowed_by_person_by_what_and_by_day(cast, events, signed_in):
    client, today = signed_in(cast.auditor), timezone.localdate()
    AccountEvent.objects.filter(verb="open").update(created_at="2026-01-31T15:59:59Z")
    assert found(client, "q=fresh") == ["grant", "open"]
    assert found(client, "q=secadmin") == ["grant"]
    assert found(client, "verb=disable") == ["disable"]
    # Days are those of Shanghai: 23:59:59 on the 31st.
    assert found(client, "since=2026-01-31&until=2026-01-31") == ["open"]
    assert found(client, "since=2026-02-01&until=2026-02-01") == []
    assert len(found(client, f"since={today}")) == 3
    assert len(found(client, "since=nonsense&verb=nonsense")) == 4


def test_pages_follow_one_another_without_a_gap(cast, signed_in):
    for number in range(60):
        opening.switch(make_user(username=f"u{number}"), is_active=False, by=cast.sysadmin)
    client = signed_in(cast.auditor)
    first = client.get(ADDRESS).context["page"]
    second = client.get(f"{ADDRESS}?after={first.next}").context["page"]
    pks = [event.pk for event in [*first.rows, *second.rows]]
    assert pks == sorted(pks, reverse=True)
    assert (len(pks), len(set(pks)), second.next) == (60, 60, "")


@pytest.mark.parametrize("count", [1, 3])
def test_a_trail_of_one_or_three_costs_the_same_queries(
    cast, signed_in, django_assert_num_queries, count
):
    for number in range(count):
        opening.switch(make_user(username=f"u{number}"), is_active=False, by=cast.sysadmin)
    client = signed_in(cast.auditor)
    with django_assert_num_queries(5):
        assert len(found(client)) == count


def test_an_empty_trail_says_so(cast, signed_in):
    client = signed_in(cast.auditor)
    assert "尚无账号操作记录。" in client.get(ADDRESS).text
    assert "没有符合条件的记录。" in client.get(f"{ADDRESS}?q=x").text


def test_nobody_but_the_auditor_reads_it(cast, events, signed_in):
    for user in (cast.sysadmin, cast.secadmin, cast.county, cast.viewer, cast.mentor):
        assert signed_in(user).get(ADDRESS).status_code == 403
        assert not AccountEvent.objects.visible_to(user).exists()


def test_the_auditor_changes_nothing(cast, signed_in):
    client = signed_in(cast.auditor)
    for name in ("reset", "switch", "grant", "edit"):
        address = reverse(f"accounts:{name}", args=[cast.stranger.pk])
        assert client.post(address).status_code == 403


def test_the_admin_site_is_for_superusers_and_reads_only(cast, events, signed_in):
    staff = make_user(username="staff", is_staff=True)
    root = make_user(username="root", is_staff=True, is_superuser=True)
    assert signed_in(staff).get("/admin/accounts/accountevent/").status_code == 403
    client = signed_in(root)
    for page in ("accounts/accountevent", "accounts/user", "accounts/grant", "units/unit"):
        assert client.get(f"/admin/{page}/").status_code == 200
        assert client.get(f"/admin/{page}/add/").status_code == 403
    one = f"/admin/accounts/accountevent/{events[0].pk}/"
    assert client.get(f"{one}change/").status_code == 200
    assert client.post(f"{one}delete/", {"post": "yes"}).status_code == 403
    assert "md5$" not in client.get(f"/admin/accounts/user/{root.pk}/change/").text
