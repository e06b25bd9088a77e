"""A pair, a telephone and a network that comes and goes."""

from __future__ import annotations

import io
import re
import time
from typing import Any

from PIL import Image

from pairings.models import Pairing
from tests.browser.walking import Person
from tests.factories import make_cadre, make_mentor, make_pairing, make_user
from units.models import Unit

PASSWORD = "correct horse battery"
# What the browser says of an answer that is no 200, or of none; what we say is on the page.
OF_THE_NETWORK = re.compile("Failed to load|ERR_INTERNET_DISCONNECTED|Failed to fetch|htmx:\\w+,")


def make_pair(county: Unit) -> Pairing:
    """褚师傅 and 马徒弟 of 上墅乡, who both sign in: `chu` and `ma`."""
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    people = {}
    for username, name in (("chu", "褚师傅"), ("ma", "马徒弟")):
        user = make_user(username=username, name=name)
        people[username] = make_cadre(unit=shangshu, name=name, user=user)
    return make_pairing(mentor=make_mentor(cadre=people["chu"]), mentee=people["ma"])


def photo(name: str = "茶园.jpg") -> dict[str, Any]:
    """Twelve megapixels, taken sideways: the camera says so in the EXIF data."""
    picture = Image.effect_noise((4000, 3000), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "some camera"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": written.getvalue()}


def begin(phone: Person, username: str) -> None:
    """Signed in, with the worker in charge of the page."""
    phone.sign_in(username, PASSWORD)
    phone.page.wait_for_function("navigator.serviceWorker.controller !== null")


def cut(phone: Person) -> None:
    phone.context.set_offline(True)


def join(phone: Person) -> None:
    phone.complaints = [said for said in phone.complaints if not OF_THE_NETWORK.search(said)]
    phone.context.set_offline(False)


def leave(phone: Person) -> None:
    phone.complaints = [said for said in phone.complaints if not OF_THE_NETWORK.search(said)]
    phone.leave()


def until(phone: Person, expression: str) -> None:
    """Wait for a promise that comes true; Playwright's own waiting takes any promise for true."""
    deadline = time.monotonic() + 15
    while not phone.page.evaluate(expression):
        assert time.monotonic() < deadline, f"never: {expression}"
        phone.page.wait_for_timeout(50)


def all_sent(phone: Person) -> None:
    until(phone, "sending.owner.then(owner => kept.all('queue', owner)).then(rows => !rows.length)")


def all_kept(phone: Person, store: str) -> list[dict[str, Any]]:
    """Every row of a store of the device, whoever owns it."""
    found: list[dict[str, Any]] = phone.page.evaluate(
        """store => new Promise(done => {
            const opening = indexedDB.open("bangdai", 1);
            opening.onsuccess = () => {
                const database = opening.result;
                const asked = database.transaction(store).objectStore(store).getAll();
                asked.onsuccess = () => { database.close(); done(asked.result); };
            };
        })""",
        store,
    )
    return found
