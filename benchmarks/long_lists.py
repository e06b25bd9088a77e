"""The registers' lists over a county of 100,000 people: pages, searches, filters and sorts."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from pypinyin import lazy_pinyin

from accounts.models import Role, User, grant
from benchmarks.lists import client_of, opened
from benchmarks.timing import Row, compare
from units.models import Unit

COUNTY = "330523000000"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文志海山晓红春雨东亮宇浩然子轩一梦佳"
# What is opened, and the admin's page of the same rows where it has one.
PAGES = {
    "cadres, first page": ("/cadres/", "/admin/cadres/cadre/"),
    "cadres, by name 王伟": ("/cadres/?q=王伟", "/admin/cadres/cadre/?q=王伟"),
    "cadres, by name 伟": ("/cadres/?q=伟", "/admin/cadres/cadre/?q=伟"),
    "cadres, by initials": ("/cadres/?q=ww", "/admin/cadres/cadre/?q=ww"),
    "cadres, by unit name": ("/cadres/?q=递铺", ""),
    "cadres, nobody found": ("/cadres/?q=龘龘", "/admin/cadres/cadre/?q=龘龘"),
    "cadres, post contains 主任": ("/cadres/?title=主任", ""),
    "mentors, first page": ("/mentors/", "/admin/mentors/mentor/"),
    "mentors, by name 王": ("/mentors/?q=王", "/admin/mentors/mentor/?q=王"),
    "mentors, by pinyin wang": ("/mentors/?q=wang", ""),
    "mentors, in the order of categories": ("/mentors/?sort=category", ""),
    "mentors, in the order of units": ("/mentors/?sort=unit", ""),
    "mentors, in the order of places": ("/mentors/?sort=capacity", ""),
    "mentees, first page": ("/mentees/", ""),
    "mentees, not yet paired": ("/mentees/?state=unpaired", ""),
    "mentees, by name 王伟": ("/mentees/?q=王伟", ""),
    "pairs, first page": ("/pairings/", ""),
    "pairs, active": ("/pairings/?state=active", ""),
    # The same as of a past day.
    "mentors, of a day": ("/mentors/?as_of=2026-03-31", ""),
    "mentors, of a day, in the order of places": ("/mentors/?sort=capacity&as_of=2026-03-31", ""),
    "mentors, of a day, with room": ("/mentors/?is_free=on&as_of=2026-03-31", ""),
    "mentees, of a day": ("/mentees/?as_of=2026-03-31", ""),
    "mentees, of a day, not yet paired": ("/mentees/?state=unpaired&as_of=2026-03-31", ""),
    "mentees, of a day, in the order of units": ("/mentees/?sort=unit&as_of=2026-03-31", ""),
    "pairs, of a day": ("/pairings/?as_of=2026-03-31", ""),
    "pairs, of a day, active": ("/pairings/?state=active&as_of=2026-03-31", ""),
}


def fill(rows: int) -> User:
    """So many invented people in one county in place of all others; its coordinator."""
    county = Unit.objects.get(code=COUNTY)
    values = {"county": county.pk, "rows": rows, "surnames": len(SURNAMES), "given": len(GIVEN)}
    for name, characters in (("surname", SURNAMES), ("given", GIVEN)):
        values[name if name == "surname" else "given_name"] = list(characters)
        values[f"{name}_pinyin"] = [lazy_pinyin(character)[0] for character in characters]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cadres_cadre CASCADE")
        # The rows point at what is there; asking that for each of them would take minutes.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), values)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    user, is_new = User.objects.get_or_create(username="bench.lists", name="bench")
    if is_new:
        grant(user, Role.COORDINATOR, county, by=None)
    return user


def measure(rows: int, *, rounds: int) -> list[Row]:
    ours = client_of(fill(rows))
    admin, _made = User.objects.get_or_create(
        username="demo.bench", name="bench", is_staff=True, is_superuser=True
    )
    theirs = client_of(admin)
    found = []
    for what, (page, changelist) in PAGES.items():
        ways = {"Bangdai: page of 50": lambda page=page: opened(ours, page)}
        if changelist:
            ways["Django admin changelist of the same rows"] = lambda other=changelist: opened(
                theirs, other
            )
        found += compare(f"Long list of {what}", f"{rows:,} people", ways, rounds=rounds)
    return found
