"""What domain §3 forbids stays absent: no points, rankings, check-in, location, statistics of
log-ins, compulsory photos or journals, by any name, in columns, addresses, forms, pages, files
and figures. The last tests show that each of these readers finds what is planted before it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib
import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from django.urls import path
from django.utils import translation

from stats import indicators
from stats.shapes import Share
from tests.test_house_rules import ALL
from tools import messages

ROOT = Path(__file__).resolve().parent.parent
OWN = set(messages.APPS)
Words = Iterator[tuple[str, str]]  # where it stands, what it says

IN_WORDS = re.compile(
    "积分|得分|评分|打分|分值|排名|排行|排位|名次|榜单|红黑榜|末位|打卡|签到|定位|经纬度|地理位置|行动轨迹"
    "|(登录|登陆|上线|访问)(次数|统计|天数|频次)|在线时长|在线时间|活跃度|必须上传|必传|务必拍照|(日|周)报"
    "|每[日周天]必|留痕"
    r"|\b((?<!percentage )points?|scores?|rank(s|ed|ing|ings)?|leader ?boards?)\b"
    r"|\b(check[- ]?ins?|geo-?location|gps)\b"
    r"|\b(latitude|longitude|log-?ins? (count|statistics)|number of log-?ins?|online time)\b"
    r"|\b(photos? (is|are) (required|compulsory)|(daily|weekly) (journal|report))\b",
    re.IGNORECASE,
)
IN_NAMES = re.compile(
    r"(^|_)(points?|scores?|rank(s|ed|ing|ings)?|leaderboard|check_?ins?|punch|streak|location"
    r"|geo|gps|lat|lng|latitude|longitude|coordinates|geolocation|last_login|(log_?in|visit)_count"
    r"|online|jifen|paiming|daka|qiandao)($|_)",
)
# Texts that deny it, and the points by which the mentors suggested for ONE mentee are put in an
# order: they belong to a possible pair, are kept nowhere beside a person and say so themselves.
DENIALS = {
    "Mentoring scheme · light touch: no check-in, no points, no ranking",
    "Each number opens the list behind it. Units stand in the order of their codes; nobody is "
    "ranked.",
    "导师帮带制 · 为基层减负：不打卡、不积分、不排名",
    "点击数字可查看名单；各单位按区划代码顺序排列，不作排名。",
    "分值仅用于本名单内各种搭配的比较，不是对人的评价。",
}
OF_SUGGESTIONS = ("pairings", "programmes", "cadres")  # "points at" is no point either
MAY_ASK_FOR_A_FILE = {"rosters"}


def breaches(words: Iterable[tuple[str, str]], pattern: re.Pattern[str] = IN_WORDS) -> list[str]:
    return [
        f"{place}: {text}" for place, text in words if text not in DENIALS and pattern.search(text)
    ]


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OWN]


def field_names(found: Iterable[type[models.Model]]) -> Words:
    for model in found:
        for field in model._meta.get_fields():
            yield model._meta.label, field.name
        yield model._meta.label, re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def field_words(found: Iterable[type[models.Model]]) -> Words:
    for model in found:
        for field in model._meta.get_fields():
            for name in ("verbose_name", "help_text"):
                yield f"{model._meta.label}.{field.name}", str(getattr(field, name, ""))


def url_names(patterns: dict[str, Any]) -> Words:
    for name, pattern in patterns.items():
        for part in re.split(r"[^a-z_]+", f"{name}/{pattern.pattern}".replace("-", "_")):
            yield name, part


def own_forms(base: type = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in base.__subclasses__():
        if form.__module__.split(".")[0] in OWN:
            yield form
        yield from own_forms(form)


def form_names(found: Iterable[type[forms.BaseForm]]) -> Words:
    for form in found:
        for name in getattr(form, "base_fields", {}):
            yield f"{form.__module__}.{form.__name__}", name


def template_words(folder: Path) -> Words:
    """Every line of every template, without its comments and the words that Python translates."""
    for file in sorted(folder.rglob("*.html")):
        text = re.sub(
            r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", file.read_text(), flags=re.S
        )
        place = str(file.relative_to(folder))
        yield place, file.stem
        for line in re.sub(r"\{[%{].*?[%}]\}|<[^>]*>", "\n", text, flags=re.S).splitlines():
            if place.split("/")[0] not in OF_SUGGESTIONS:
                yield place, line.strip()


def catalogue_words(app: str, po: polib.POFile) -> Words:
    for entry in po:
        said = re.sub(r"(?i)\bpoints?\b", "", entry.msgid) if app in OF_SUGGESTIONS else entry.msgid
        yield app, entry.msgid if entry.msgid in DENIALS else said
        yield app, entry.msgstr or "".join(entry.msgstr_plural.values())


def chinese_in(source: str, place: str) -> Words:
    """The texts of a module: headings of files and rosters are Chinese data of the source."""
    for node in ast.walk(ast.parse(source)):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and re.search("[一-鿿]", text):
            yield f"{place}:{node.lineno}", text


def compulsory_files(found: Iterable[type[forms.BaseForm]]) -> list[str]:
    return [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in found
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField) and field.required
        if form.__module__.split(".")[0] not in MAY_ASK_FOR_A_FILE
    ]


def devices_asked(source: str) -> list[str]:
    """What a page may not ask of a device: where it is, or a picture taken at that moment."""
    return re.findall(r"geolocation|getCurrentPosition|watchPosition|\bcapture\s*=", source)


def test_no_column_keeps_it():
    assert breaches(field_names(own_models()), IN_NAMES) == []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert breaches(field_words(own_models())) == []


def test_no_address_leads_to_it():
    assert breaches(url_names(ALL), IN_NAMES) == []


def test_no_form_asks_for_it():
    assert breaches(form_names(own_forms()), IN_NAMES) == []


def test_no_form_insists_on_a_photo():
    assert compulsory_files(own_forms()) == []


def test_no_page_says_it():
    assert breaches(template_words(ROOT / "templates")) == []
    for app in messages.APPS:
        file = messages.catalogue(app)
        if file.exists():
            assert breaches(catalogue_words(app, polib.pofile(str(file)))) == []


def test_no_page_asks_a_device_for_its_place_or_a_picture():
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.js")]
    assert {str(file): found for file in files if (found := devices_asked(file.read_text()))} == {}


def test_no_heading_of_a_file_names_it():
    for app in messages.APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in file.parts:
                place = str(file.relative_to(ROOT))
                assert breaches(chinese_in(file.read_text(), place)) == []


def test_no_figure_counts_it(db):
    figures = [
        part
        for section in indicators.sections()
        for band in section.bands
        for column in band.columns
        for part in (
            (column, column.part, column.whole) if isinstance(column, Share) else (column,)
        )
    ]
    assert len(figures) > 30
    assert breaches(((part.code, part.code) for part in figures), IN_NAMES) == []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said = [(part.code, f"{part.title} {part.definition}") for part in figures]
            assert breaches(said) == []


@pytest.mark.parametrize(
    "text",
    ["本月积分", "乡镇排名", "每日打卡", "会议签到", "定位", "登录次数", "在线时长", "照片必传",
     "周报",
     "Points this month", "Ranking of townships", "Check-in", "Geolocation", "login statistics",
     "A photo is required", "Daily journal"],
)  # fmt: skip
def test_the_words_are_caught(text, tmp_path):
    assert breaches([("here", text)]) == [f"here: {text}"]
    (tmp_path / "stats").mkdir()
    (tmp_path / "stats" / "page.html").write_text(f"<h1>{text}</h1><p>次数</p>")
    assert breaches(template_words(tmp_path)) == [f"stats/page.html: {text}"]
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Times", msgstr=text))
    assert breaches(catalogue_words("stats", po)) == [f"stats: {text}"]


def test_a_planted_column_address_form_and_heading_is_caught():
    with isolate_apps("stats"):

        class Planted(models.Model):
            rank = models.IntegerField("乡镇排名")

            class Meta:
                app_label = "stats"

            def __str__(self):
                return str(self.rank)

    class PlantedForm(forms.Form):
        latitude = forms.FloatField()
        photo = forms.ImageField()

    address = path("check-in/", lambda request: None)
    assert breaches(field_names([Planted]), IN_NAMES) == ["stats.Planted: rank"]
    assert breaches(field_words([Planted])) == ["stats.Planted.rank: 乡镇排名"]
    named = {"activities:here": SimpleNamespace(pattern=address.pattern)}
    assert breaches(url_names(named), IN_NAMES) == ["activities:here: check_in"]
    here = f"{__name__}.PlantedForm"
    assert breaches(form_names([PlantedForm]), IN_NAMES) == [f"{here}: latitude"]
    assert compulsory_files([PlantedForm]) == [f"{here}.photo"]
    source = 'COLUMNS = [Column("姓名", "name"), Column("登录次数", "times")]'
    assert breaches(chinese_in(source, "x.py")) == ["x.py:1: 登录次数"]
    assert devices_asked('<input type="file" capture="camera">') == ["capture="]
