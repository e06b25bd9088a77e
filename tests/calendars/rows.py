"""An existing row for every address of this room that names one."""

from __future__ import annotations

from tests.calendars.made import make_meeting


def row_urls(cast) -> dict[str, dict]:
    one = {"pk": cast.pairing.pk}
    meeting = {"pk": make_meeting(cast).pk}
    return {
        "calendars:pair": one,
        "calendars:panel": one,
        "calendars:create": one,
        "calendars:meeting": meeting,
        "calendars:move": {**meeting, "verb": "cancel"},
    }
