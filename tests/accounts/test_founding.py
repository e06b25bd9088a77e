from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Grant, User


def found(code: str) -> str:
    said = StringIO()
    call_command("found_office", "--unit", code, stdout=said)
    return said.getvalue()


def test_a_new_installation_gets_three_administrators_and_their_passwords(tree):
    lines = [line.split("\t") for line in found("330523000000").splitlines() if "\t" in line]
    assert [line[0].strip() for line in lines] == ["xitong", "anquan", "shenji"]
    for name, password, _title in lines:
        user = User.objects.get(username=name.strip())
        assert user.check_password(password)
        assert user.must_change_password
    assert sorted(Grant.objects.values_list("role", "unit")) == [
        ("auditor", tree.anji.pk),
        ("secadmin", tree.anji.pk),
        ("sysadmin", tree.anji.pk),
    ]


def test_a_second_founding_changes_nothing(tree):
    found("330523000000")
    before = list(User.objects.values_list("username", "password"))
    with pytest.raises(CommandError, match="已有管理员"):
        found("330523000000")
    assert list(User.objects.values_list("username", "password")) == before


def test_an_unknown_code_is_said(tree):
    with pytest.raises(CommandError, match="没有单位"):
        found("999999999999")
