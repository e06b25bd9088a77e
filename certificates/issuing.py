"""Issuing and voiding: one valid certificate a pairing, numbered without gaps, then frozen.

Who issued and who voided, and when, stands on the certificate's own row: it has two moments
in its life, so it needs no table of events.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certificates.models import Certificate, Kind, Series, new_token
from certificates.rendering import Facts, Person, fonts_for, render
from core.masking import masked
from pairings.models import Pairing
from pairings.states import Role, State
from units.models import Unit

__all__ = ["Refused", "issue", "may_issue", "may_void", "render", "void"]

TITLE = "拜师帖"
# The opening words of a 拜师帖 that press reports have on record; no rule text is invented.
VOW = "愿执弟子之礼，谨遵师教，团结同事，刻苦钻研，增强本领"


class Refused(Exception):
    """The state forbids it; the message says why, in Chinese."""


def may_issue(pairing: Pairing, user: User) -> bool:
    """A coordinator over the pair's unit, who is not one of the two; never for a substitute."""
    if pairing.role == Role.SUBSTITUTE:
        return False
    return user.governs(pairing.unit) and pairing.side_of(user) is None


def may_void(certificate: Certificate, user: User) -> bool:
    return may_issue(certificate.pairing, user)


@transaction.atomic
def issue(pairing: Pairing, *, by: User, on: dt.date | None = None) -> Certificate:
    """Issue the 拜师帖 of an active pairing, dated `on` (today when empty).

    PermissionDenied when `by` may not; Refused when the pairing is not active or has a valid
    certificate; glyphs.MissingGlyph when a name cannot be drawn; ValueError for a day to come.
    Whatever is raised, nothing is saved and no number is used. For many pairs call it in a
    loop: inside one transaction of the caller all or none are issued.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise ValueError("a certificate is not dated ahead")
    # The pair's row is locked before the series', always in this order: of two who press at
    # once the second waits here and then finds the first one's certificate.
    rows = Pairing.objects.select_for_update(of=("self",), no_key=True)
    pairing = rows.select_related("unit", "county", "mentor_cadre__unit", "mentee__unit").get(
        pk=pairing.pk
    )
    if not may_issue(pairing, by):
        raise PermissionDenied
    if pairing.state != State.ACTIVE:
        raise Refused(_("A certificate is issued only while the pairing is active."))
    if pairing.certificates.valid().filter(kind=Kind.APPRENTICESHIP).exists():
        raise Refused(_("This pairing has a valid certificate already."))
    token = new_token()
    facts = facts_of(pairing, on=day, token=token)
    fonts_for(facts)  # a slow search for a rare character must not hold up the whole county
    series = _advanced(pairing.county, day.year)
    facts["serial"] = serial_text(pairing.county, day.year, series.last)
    pdf = render(facts)
    return Certificate.objects.create(
        unit=pairing.unit,
        kind=Kind.APPRENTICESHIP,
        pairing=pairing,
        series=series,
        year=day.year,
        number=series.last,
        serial=facts["serial"],
        token=token,
        facts=facts,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        issued_on=day,
        issued_by=by,
    )


@transaction.atomic
def void(certificate: Certificate, *, by: User, reason: str) -> None:
    """Declare a certificate void, for a reason. Its number stays used, its row stays listed.

    Compare-and-swap: Refused when it is void already. PermissionDenied when `by` may not.
    """
    if not may_void(certificate, by):
        raise PermissionDenied
    reason = masked(reason.strip())
    if not reason:
        raise ValueError("a certificate is voided for a reason")
    changes = {"voided_at": timezone.now(), "voided_by": by, "void_reason": reason}
    if not Certificate.objects.valid().filter(pk=certificate.pk).update(**changes):
        raise Refused(_("This certificate is void already."))
    for name, value in changes.items():
        setattr(certificate, name, value)


def facts_of(pairing: Pairing, *, on: dt.date, token: str) -> Facts:
    """Everything the certificate will print, but for its number."""
    names = _full_names([pairing.mentor_cadre.unit, pairing.mentee.unit])
    mentor, mentee = (
        Person(name=cadre.name, unit=names[cadre.unit_id])
        for cadre in (pairing.mentor_cadre, pairing.mentee)
    )
    path = reverse("certificates:verify", kwargs={"token": token})
    return Facts(
        title=TITLE,
        vow=VOW,
        serial="",
        mentor=mentor,
        mentee=mentee,
        from_on=pairing.from_on.isoformat(),
        to_on=pairing.to_on.isoformat() if pairing.to_on else "",
        issuer=pairing.county.name,
        issued_on=on.isoformat(),
        address=settings.SITE_URL + path,
    )


def serial_text(county: Unit, year: int, number: int) -> str:
    """安吉帖〔2026〕第0012号: the county without its suffix, 帖, the year, the number."""
    return f"{_stem(county.name)}帖〔{year}〕第{number:04d}号"


def _stem(name: str) -> str:
    bare = re.sub(r"(自治县|新区|县|区|市)$", "", name)
    return (bare if len(bare) >= 2 else name)[:40]


def _advanced(county: Unit, year: int) -> Series:
    """The county's series with its next number, locked until the transaction ends."""
    kind = Kind.APPRENTICESHIP
    Series.objects.get_or_create(county=county, year=year, kind=kind)
    series = Series.objects.select_for_update().get(county=county, year=year, kind=kind)
    series.last += 1
    series.save(update_fields=["last"])
    return series


def _full_names(units: list[Unit]) -> dict[int, str]:
    """For each unit's id its name in full from the county down, as one writes it. One query."""
    below = {unit.pk: _from_county(unit) for unit in units}
    wanted = {number for numbers in below.values() for number in numbers}
    names = dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {pk: _joined([names[number] for number in numbers]) for pk, numbers in below.items()}


def _from_county(unit: Unit) -> list[int]:
    ids = unit.ancestor_ids
    return ids[ids.index(unit.county_id) :] if unit.county_id in ids else ids[-1:]


def _joined(names: list[str]) -> str:
    """安吉县 + 上墅乡; 安吉县 + 县委组织部 is 安吉县委组织部, and 安吉县 + 安吉县教育局 itself."""
    whole = ""
    for name in names:
        if whole and name.startswith(whole):
            whole = name
        elif re.match(r"[县区市乡镇](委|政府|人大|政协|纪委|监委|直|府|党)", name):
            whole = whole[:-1] + name if whole.endswith(name[0]) else whole + name
        else:
            whole += name
    return whole
