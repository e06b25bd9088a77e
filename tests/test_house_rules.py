"""The house's rules that a machine can check."""

from __future__ import annotations

import importlib
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tools import messages

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    "units", "accounts", "rosters", "cadres", "mentors", "pairings", "programmes", "activities",
    "plans", "calendars",
    "certificates", "reminders", "stats", "sampling", "handbooks", "snapshots", "papers",
]  # fmt: skip


def patterns(resolver: URLResolver, namespace: str = ""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from patterns(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}:{entry.name}", entry


ALL = dict(patterns(get_resolver()))


@pytest.mark.parametrize("name", sorted(ALL))
def test_no_view_is_bare(name):
    assert getattr(ALL[name].callback, "access", ""), f"{name} wears no access decorator"


ROW_URLS = {name for name, pattern in ALL.items() if pattern.pattern.converters}
# Addresses that anybody may open by design: what they show is masked.
PUBLIC_ROWS = {name for name in ROW_URLS if getattr(ALL[name].callback, "access", "") == "public"}


def row_table(cast) -> dict[str, dict]:
    table = {}
    for room in ROOMS:
        try:
            rows = importlib.import_module(f"tests.{room}.rows")
        except ModuleNotFoundError:
            continue
        table |= rows.row_urls(cast)
    return table


def test_every_row_url_is_in_the_table_of_its_room(cast):
    assert set(row_table(cast)) == ROW_URLS - PUBLIC_ROWS


def test_a_stranger_and_the_other_county_find_no_row(cast, signed_in):
    for user in (cast.stranger, cast.other_county, cast.sibling, cast.sysadmin):
        client = signed_in(user)
        for name, kwargs in row_table(cast).items():
            kwargs = dict(kwargs)
            allowed = kwargs.pop("also_for", ())
            if user.username in allowed:
                continue
            address = reverse(name, kwargs=kwargs)
            for response in (client.get(address), client.post(address)):
                assert response.status_code in {403, 404, 405}, (user.username, address)
                assert "马徒弟" not in response.text
                assert "褚师傅" not in response.text


def test_every_row_url_opens_for_somebody_or_is_a_verb(cast, signed_in):
    """The negative control: the table's rows exist and are found by who may see them."""
    clients = [
        signed_in(user)
        for user in (cast.county, cast.mentee, cast.mentor, cast.sysadmin, cast.secadmin)
    ]
    for name, kwargs in row_table(cast).items():
        kwargs = {key: value for key, value in kwargs.items() if key != "also_for"}
        address = reverse(name, kwargs=kwargs)
        codes = [client.get(address).status_code for client in clients]
        assert {200, 302, 405, 409} & set(codes), (address, codes)


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_text_is_in_chinese():
    assert messages.faults() == []


def test_floors_are_kept():
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout
