"""What makes the pages installable, and what a device may ask for the forms that it keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from accounts import device
from activities.models import Visit
from tools import icons

ROOT = Path(__file__).resolve().parents[2]
KEY = "0199c0de-0000-7000-8000-000000000001"


def shell_of(response) -> dict:
    return json.loads(re.match(r"self\.shell = (.*);\n", response.text)[1])


def test_the_manifest_names_icons_that_are_there(client, db):
    response = client.get("/manifest.webmanifest")
    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["name"], manifest["short_name"]) == ("导师帮带", "帮带")
    assert [icon["purpose"] for icon in manifest["icons"]] == ["any", "any", "maskable"]
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200


@pytest.mark.parametrize(("name", "size", "behind", "width"), icons.ICONS)
def test_the_icons_are_drawn_from_the_sign(name, size, behind, width):
    assert (icons.IMAGES / name).read_bytes() == icons.drawn(size, behind, width)


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(client, db):
    response = client.get("/worker.js")
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"
    shell = shell_of(response)
    assert shell["page"] == "/offline/"
    assert [client.get(file).status_code for file in shell["files"]] == [200] * len(device.FILES)


def test_another_file_is_another_worker(client, db, tmp_path, monkeypatch):
    before = shell_of(client.get("/worker.js"))["version"]
    assert shell_of(client.get("/worker.js"))["version"] == before
    changed = tmp_path / "app.css"
    changed.write_text("body { color: red }")
    found = finders.find
    monkeypatch.setattr(
        finders, "find", lambda name: changed if name == "css/app.css" else found(name)
    )
    assert shell_of(client.get("/worker.js"))["version"] != before


def test_the_worker_keeps_all_that_every_page_loads():
    """A file of the frame that is not kept would be missing without a network."""
    frame = "".join(
        (ROOT / "templates" / name).read_text() for name in ("base.html", "accounts/kept.html")
    )
    named = set(re.findall(r"static '([^']+\.(?:js|css|svg))'", frame))
    assert named - set(device.FILES) == set()
    icons_of_the_font = "bootstrap-icons/fonts/bootstrap-icons.woff2"
    assert set(device.FILES) - named == {icons_of_the_font}


def test_the_page_that_is_kept_names_nobody(client, signed_in, cast):
    """The worker asks for it without cookies; what it then gets is everybody's."""
    bare = client.get("/offline/")
    assert 'data-owner=""' in bare.text
    assert reverse("accounts:sign_out") not in bare.text
    own = signed_in(cast.mentee).get("/offline/")
    assert f'data-owner="{cast.mentee.device_key}"' in own.text
    assert reverse("accounts:sign_out") in own.text
    assert "马徒弟" in own.text
    assert own["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_a_device_knows_its_owner_by_no_name(cast):
    keys = {user.device_key for user in (cast.mentee, cast.mentor, cast.county)}
    assert len(keys) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


def test_the_token_is_for_whoever_is_signed_in(signed_in, cast, client):
    answer = signed_in(cast.mentee).get("/accounts/token/")
    assert answer.json()["owner"] == cast.mentee.device_key
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert client.get("/accounts/token/").status_code == 302


def visit(pairing) -> str:
    return reverse("activities:visit_create", args=[pairing.pk])


@pytest.fixture
def written(cast):
    return {
        "client_key": KEY,
        "place_text": "溪边茶园",
        "visited": "household",
        "people_count": "2",
        "happened_on": f"{cast.pairing.from_on:%Y-%m-%d}",
        "asked": "修水渠",
    }


def test_a_kept_form_goes_through_by_the_token_once(cast, written):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.mentee, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(visit(cast.pairing), written).status_code == 403
    assert device.SENT not in client.cookies
    token = client.get("/accounts/token/").json()["token"]
    for _ in range(2):
        response = client.post(visit(cast.pairing), {**written, "csrfmiddlewaretoken": token})
        assert response.status_code == 302
        assert client.cookies[device.SENT].value == KEY
    assert Visit.objects.count() == 1


def test_the_cookie_names_no_form_that_was_refused(cast, signed_in, written):
    client = signed_in(cast.mentee)
    response = client.post(visit(cast.pairing), {**written, "people_count": "0"})
    assert response.status_code == 422
    assert device.SENT not in client.cookies
    signed_out = Client()
    assert signed_out.post(visit(cast.pairing), written).status_code == 302
    assert device.SENT not in signed_out.cookies


def test_no_policy_was_loosened_for_the_worker(client, db):
    policy = client.get("/offline/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "worker-src" not in policy
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'self'"]
