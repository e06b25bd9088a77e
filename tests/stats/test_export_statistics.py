"""`manage.py export_statistics`: the same files, and plain words when something is wrong."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from stats import exports, figures
from tests.factories import make_unit

ANJI = "330523000000"


def run(tmp_path, **changes) -> str:
    out = tmp_path / "table"
    options = {
        "unit": ANJI,
        "as_of": "2026-06-30",
        "format": "json",
        "out": str(out),
        **changes,
    }
    said = io.StringIO()
    call_command("export_statistics", stdout=said, **options)
    return said.getvalue()


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_the_file_is_the_one_that_the_page_gives(cast, tree, tmp_path, format_):
    said = run(tmp_path, format=format_)
    table = figures.table(tree.anji, dt.date(2026, 6, 30))
    assert (tmp_path / "table").read_bytes() == exports.WRITERS[format_].write(table)
    assert said.startswith("安吉县导师帮带情况统计表（截至2026年6月30日）：共4行，已写入")


def test_a_workbook_is_written_and_a_short_code_is_understood(cast, tmp_path):
    run(tmp_path, format="xlsx", unit="330523")
    assert (tmp_path / "table").read_bytes().startswith(b"PK")


def test_a_code_of_two_units_asks_which_one(tree, tmp_path):
    city = make_unit(name="东莞市", kind="city", code="441900000000", parent=tree.province)
    make_unit(name="东莞市", kind="county", code="441900000000", parent=city)
    with pytest.raises(CommandError, match="东莞市（--kind city）、东莞市（--kind county）"):
        run(tmp_path, unit="441900000000")
    run(tmp_path, unit="441900000000", kind="county")
    names = [row["name"] for row in json.loads((tmp_path / "table").read_text())["rows"]]
    assert names == ["合计", "东莞市本级"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": "999999000000"}, "没有代码为 999999000000 的单位"),
        ({"as_of": "2026-13-01"}, "2026-13-01 不是有效日期"),
        ({"as_of": "上月底"}, "上月底 不是有效日期"),
        ({"as_of": "2999-01-01"}, "截至日期不能晚于今天"),
        ({"out": "/nowhere/at/all.csv"}, "无法写入文件 /nowhere/at/all.csv"),
        ({"username": "nobody"}, "没有用户 nobody"),
        ({"username": "deqing"}, "没有代码为 330523000000 的单位"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(cast, tmp_path, changes, words):
    with pytest.raises(CommandError, match=words):
        run(tmp_path, **changes)
    assert not (tmp_path / "table").exists()


def test_with_a_user_the_command_keeps_to_that_users_scope(cast, tmp_path):
    assert "安吉县" in run(tmp_path, username="anji")
