"""Sealing: the figures of a unit and the rows behind them, at one moment, for good."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from core.once import once
from snapshots import rows
from snapshots.freezing import digest, freeze
from snapshots.models import Snapshot
from stats import figures
from stats.bases import rows_of
from stats.cuts import Cut
from stats.shapes import Base
from units.models import Unit

# Above it the figures are sealed alone: the rows of a whole city are some 60,000.
MOST_ROWS = 200_000


def seal(
    unit: Unit, cut: Cut, *, purpose: str, by: User | None, key: uuid.UUID | None = None
) -> Snapshot:
    """The snapshot; the earlier one when this form was sent before.

    Figures and rows are read in one transaction that sees one moment (REPEATABLE READ), so that
    they agree whoever writes meanwhile.
    """
    made = Snapshot(
        unit=unit,
        as_of=cut.as_of,
        period_from=cut.period_from,
        age=cut.age,
        purpose=purpose,
        created_by=by,
        client_key=key,
    )

    def make() -> Snapshot:
        table = figures.table(unit, cut.as_of, cut.period_from, age=cut.age)
        content = freeze(table)
        if keeps_rows(unit, cut):
            content["rows"] = _keep(made, unit, cut)
            made.row_count = sum(count for count, _hash in content["rows"].values())
        made.content, made.digest = content, digest(content)
        made.save(force_insert=True)
        return made

    if connection.in_atomic_block:  # somebody's transaction sees what it sees
        return once(Snapshot, by=by, key=key, make=make)
    try:
        return _at_one_moment(lambda: once(Snapshot, by=by, key=key, make=make))
    except IntegrityError:
        # The same form came twice at once: the second does not see the first in its moment.
        return Snapshot.objects.get(created_by=by, client_key=key)


def _at_one_moment(work: Callable[[], Snapshot]) -> Snapshot:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return work()


def is_whole(snapshot: Snapshot) -> bool:
    """Whether content and rows still give the digest under which they were sealed."""
    kept = snapshot.content.get("rows", {})
    rows_agree = all(
        list(rows.digest(snapshot.pk, Base(base))) == list(sealed) for base, sealed in kept.items()
    )
    return rows_agree and digest(snapshot.content) == snapshot.digest


def keeps_rows(unit: Unit, cut: Cut) -> bool:
    """Whether the rows are few enough to be sealed beside the figures."""
    room = MOST_ROWS
    for base in Base:
        room -= rows_of(base, unit, cut).order_by()[: room + 1].count()
        if room < 0:
            return False
    return True


def _keep(snapshot: Snapshot, unit: Unit, cut: Cut) -> dict[str, list[int | str]]:
    """Count and digest by base. That the snapshot is there is checked when all is committed."""
    for base in Base:
        rows.keep(snapshot.pk, base, unit, cut)
    return {base.value: list(rows.digest(snapshot.pk, base)) for base in Base}
