"""`manage.py import_roster`: what it prints, and its exit code."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from cadres.models import Cadre
from tests.cadres.sheets import csv
from tests.mentors.rosters import row, sheet


@pytest.fixture
def command(cast, tmp_path, capsys):
    """Runs the command on a file; gives what it printed and its error, if any."""

    def run(content: bytes, *options: str, user: str = "anji") -> tuple[str, str]:
        path = tmp_path / "名册.xlsx"
        path.write_bytes(content)
        error = ""
        try:
            call_command("import_roster", str(path), f"--as={user}", *options)
        except CommandError as problem:
            error = str(problem)
        return capsys.readouterr().out, error

    return run


def test_json_says_what_was_done(command):
    printed, error = command(sheet(row(), row(姓名="李小红")), "--json")
    assert (json.loads(printed), error) == (
        {"rows": 2, "created": 2, "updated": 0, "unchanged": 0, "errors": []},
        "",
    )
    assert Cadre.objects.filter(name="李小红").count() == 1


def test_json_says_what_is_wrong_and_the_command_fails(command):
    printed, error = command(sheet(row(), row(姓名="李小红", 性别="先生")), "--json")
    assert (json.loads(printed), error) == (
        {
            "rows": 2,
            "created": 0,
            "updated": 0,
            "unchanged": 0,
            "errors": [
                {"row": 3, "column": "性别", "message": "「先生」不在可选范围内，可选：男、女。"}
            ],
        },
        "共 1 处错误，没有保存任何内容。",
    )
    assert not Cadre.objects.filter(name__in=["王小明", "李小红"]).exists()


def test_a_dry_run_says_the_same_and_saves_nothing(command):
    printed, _error = command(sheet(row()), "--dry-run", "--json")
    assert json.loads(printed) == {
        "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "errors": [],
    }  # fmt: skip
    assert not Cadre.objects.filter(name="王小明").exists()


def test_without_json_it_speaks_chinese(command):
    assert command(sheet(row())) == ("已导入：共 1 行，新增 1，更新 0，无变化 0。\n", "")
    assert command(sheet(row(姓名="甲")), "--dry-run") == (
        "仅检查，未保存：共 1 行，新增 1，更新 0，无变化 0。\n",
        "",
    )
    assert command(sheet(row(单位="某地"))) == (
        "第 2 行，单位: 您管理的单位中没有「某地」。\n",
        "共 1 处错误，没有保存任何内容。",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件是空的。"),
        (
            b"%PDF-1.7",
            "这是 PDF 文件，不是表格。请把其中的表格复制到 Excel 或 WPS，另存为 .xlsx。",
        ),
        (sheet(row())[:900], "工作簿已损坏，请用 Excel 或 WPS 打开后重新保存。"),
        (csv(("姓名", "性别")), "缺少必填列：出生年月、单位。"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error_without_a_row(command, content, message):
    printed, error = command(content, "--json")
    assert json.loads(printed)["errors"] == [{"row": None, "column": "", "message": message}]
    assert error == "共 1 处错误，没有保存任何内容。"


def test_only_a_coordinator_imports(command, cast):
    assert command(sheet(row()), user="nobody") == ("", "没有用户 nobody。")
    for username in ("leader", "stranger", "sysadmin"):
        assert command(sheet(row()), user=username) == (
            "",
            f"用户 {username} 不是任何单位的组织部门工作人员，不能导入。",
        )
    assert not Cadre.objects.filter(name="王小明").exists()


def test_a_file_that_is_not_there_is_said(cast):
    with pytest.raises(CommandError, match="文件无法打开") as caught:
        call_command("import_roster", "/nowhere/x.xlsx", "--as=anji")
    assert caught.value.returncode == 1
