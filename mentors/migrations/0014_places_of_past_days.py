"""The places and terms of earlier changes, from the words that their events were given.

Read are 「名额 2 → 3」 of the form, 「帮带名额 2 → 3」 and 「期满日期 2027-01-01 → 2028-01-01」 of the
roster, and the same in English. A roster that was undone left no figures: it is taken to be what
changed the places between two that are known. What cannot be read stays empty, and a past day
before it shows the oldest number that is known.
"""

import datetime as dt
import re
from itertools import groupby

from django.db import migrations
from django.db.models import Q

_PLACES = re.compile(r"(?:^|；)(?:places|帮带名额|名额) (\d+|—) → (\d+)(?=；|$)")
_TERM = re.compile(
    r"(?:^|；)(?:term ends|期满日期) (\d{4}-\d\d-\d\d|—) → (\d{4}-\d\d-\d\d)(?=；|$)"
)
_UNDONE = ("roster import undone", "撤销花名册导入")
_LONGEST = 300  # as the words were cut: the last figure may lack its end


def read(reason):
    """(old, new) places and (old, new) last days, each None where the words do not say it."""
    places = _whole(_PLACES, reason)
    term = _whole(_TERM, reason)
    return (
        places and tuple(0 if word == "—" else int(word) for word in places),
        term and tuple(None if word == "—" else dt.date.fromisoformat(word) for word in term),
    )


def _whole(pattern, reason):
    found = pattern.search(reason)
    if found is None or (len(reason) >= _LONGEST and found.end() == len(reason)):
        return None
    return found.groups()


def fill(apps, schema_editor):
    event = apps.get_model("mentors", "MentorEvent")
    edits = event.objects.filter(verb="edit").order_by("mentor_id", "at", "pk")
    rows = edits.select_related("mentor").iterator(chunk_size=2_000)
    changed = []
    for _pk, of_mentor in groupby(rows, key=lambda row: row.mentor_id):
        changed += settle(list(of_mentor))
    names = ["old_capacity", "new_capacity", "old_to_on", "new_to_on"]
    event.objects.bulk_update(changed, names, batch_size=1_000)


def settle(edits):
    """One mentor's edits in the order of entry; those that say more now."""
    changed, silent, known = [], None, None
    for row in edits:
        places, term = read(row.reason)
        if term:
            row.old_to_on, row.new_to_on = term
        if places:
            if silent and known not in (None, places[0]):
                silent.old_capacity, silent.new_capacity = known, places[0]
                changed.append(silent)
            row.old_capacity, row.new_capacity = places
            known, silent = places[1], None
        elif row.reason in _UNDONE and known is not None:
            silent = row
        if places or term:
            changed.append(row)
    if silent and known != edits[0].mentor.capacity:
        silent.old_capacity, silent.new_capacity = known, edits[0].mentor.capacity
        changed.append(silent)
    return changed


def empty(apps, schema_editor):
    event = apps.get_model("mentors", "MentorEvent")
    event.objects.filter(Q(verb="edit")).update(old_to_on=None, new_to_on=None)


class Migration(migrations.Migration):
    dependencies = [("mentors", "0013_places_of_an_event")]

    operations = [migrations.RunPython(fill, empty)]
