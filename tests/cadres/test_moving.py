"""A roster's moves are the moves of the register, many at once."""

from __future__ import annotations

import datetime as dt

from cadres.models import Cadre, Posting
from cadres.moving import PLACE, Move, move_all
from tests.factories import make_cadre

DAY = dt.date(2026, 3, 1)


def people(tree) -> list[Cadre]:
    """A post of unknown beginning, one from long ago, one of the same day, and a second post."""
    cadres = [make_cadre(unit=tree.shangshu, name=name) for name in "甲乙丙丁"]
    Posting.objects.filter(cadre=cadres[1]).update(from_on=dt.date(2020, 1, 1))
    Posting.objects.filter(cadre=cadres[2]).update(from_on=DAY)
    Posting.objects.create(cadre=cadres[3], unit=tree.anji, title="兼职", is_main=False)
    return cadres


def posts() -> list[tuple]:
    columns = ("cadre__name", "unit__name", "county__name", "title", "is_main", "from_on", "to_on")
    return sorted(Posting.objects.values_list(*columns), key=str)


def test_many_moves_write_what_single_moves_write(tree):
    for cadre in people(tree):
        cadre.move_to(tree.yuyue, title="主任", on=DAY)
    singly = posts()
    Posting.objects.all().delete()
    Cadre.objects.all().delete()
    moved = people(tree)
    move_all([Move(cadre, tree.yuyue, "主任") for cadre in moved], on=DAY)
    Cadre.objects.bulk_update(moved, PLACE)
    assert posts() == singly
    placed = Cadre.objects.values_list("unit", "township", "county", "city", "province").distinct()
    assert list(placed) == [
        (tree.yuyue.pk, tree.yuyue.pk, tree.deqing.pk, tree.city.pk, tree.province.pk)
    ]
