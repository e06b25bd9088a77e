"""What a page of a record costs on a slow line, once the telephone has been here before."""

from __future__ import annotations

import time

import pytest

from activities.models import Assignment
from tests.activities.making import make_assignment, make_session, make_visit
from tests.browser.village import PASSWORD, make_pair
from tests.browser.walking import PHONE

LIMIT = 100 * 1024  # bytes
# As Chromium's "slow 3G": 400 kbit/s both ways, 400 ms there and back.
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}


@pytest.mark.browser
def test_a_page_of_a_record_is_light(county, person):
    """Bytes are held to a limit; seconds are printed, since the machine has a say in them."""
    pair = make_pair(county)
    visit, session = make_visit(pairing=pair), make_session(pairing=pair)
    assignment: Assignment = make_assignment(pairing=pair)
    create = f"/activities/pairings/{pair.pk}"
    pages = {
        "visit, form": f"{create}/visit/",
        "visits of a day, form": f"{create}/visits/",
        "session, form": f"{create}/session/",
        "visit": f"/activities/visits/{visit.pk}/",
        "session": f"/activities/sessions/{session.pk}/",
        "assignment, handing in": f"/activities/assignments/{assignment.pk}/",
    }
    # Without the worker, whose own requests a page does not see: a little heavier than with it.
    phone = person(PHONE, service_workers="block")
    phone.sign_in("ma", PASSWORD)
    wire = phone.context.new_cdp_session(phone.page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)
    came: list[int] = []
    wire.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    print()
    weights = {}
    for name, path in pages.items():
        came.clear()
        began = time.monotonic()
        phone.page.goto(f"{phone.address}{path}", wait_until="domcontentloaded")
        seconds = time.monotonic() - began
        phone.page.wait_for_load_state("networkidle")
        weights[name] = sum(came)
        print(f"{name:24}{weights[name] / 1024:6.1f} KB, readable after {seconds:.2f} s")
    assert {name: weight for name, weight in weights.items() if weight > LIMIT} == {}
    assert min(weights.values()) > 1000  # the answers were counted at all
