import gzip
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_unit
from units import divisions, tree
from units.models import Unit

HEADER = "code,name,level,parent_code\n"
ZHEJIANG = "330000000000,浙江省,province,\n"
HUZHOU = "330500000000,湖州市,city,330000000000\n"
ANJI = "330523000000,安吉县,county,330500000000\n"
SHANGSHU = "330523205000,上墅乡,township,330523000000\n"
SMALL = HEADER + ZHEJIANG + HUZHOU + ANJI + SHANGSHU
DONGGUAN = (
    HEADER
    + "440000000000,广东省,province,\n"
    + "441900000000,东莞市,city,440000000000\n"
    + "441900000000,东莞市,county,441900000000\n"
    + "441900003000,东城街道,township,441900000000\n"
)


@pytest.fixture
def load(db, tmp_path):
    """Loads a text (or bytes) as a file; gives what was printed, or the error and its lines."""

    def run(content: str | bytes, name: str = "divisions.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        out, err = StringIO(), StringIO()
        try:
            call_command("load_divisions", path, stdout=out, stderr=err)
        except CommandError as error:
            return f"{err.getvalue()}{error}"
        return out.getvalue().strip()

    return run


def table() -> set[tuple]:
    return set(Unit.objects.values_list("code", "name", "kind", "parent__name"))


def places_are_right() -> None:
    """What the loader computed is what saving each unit by itself would compute."""
    for unit in Unit.objects.select_related("parent"):
        assert not unit.settle(), unit


def test_a_table_becomes_a_tree(load):
    assert load(SMALL) == "新增4个，更名0个，未变0个，保留原位0个，重复代码0个。"
    assert table() == {
        ("330000000000", "浙江省", "province", None),
        ("330500000000", "湖州市", "city", "浙江省"),
        ("330523000000", "安吉县", "county", "湖州市"),
        ("330523205000", "上墅乡", "township", "安吉县"),
    }
    places_are_right()
    township = Unit.objects.get(name="上墅乡")
    assert (township.county.name, township.city.name, township.township) == (
        "安吉县", "湖州市", township,
    )  # fmt: skip


def test_the_same_table_again_changes_nothing(load):
    load(SMALL)
    before = list(Unit.objects.order_by("pk").values())
    assert load(SMALL) == "新增0个，更名0个，未变4个，保留原位0个，重复代码0个。"
    assert list(Unit.objects.order_by("pk").values()) == before


def test_rows_may_stand_in_any_order_and_in_parts(load):
    load(HEADER + HUZHOU + ZHEJIANG)
    load(HEADER + SHANGSHU + ANJI)
    assert Unit.objects.get(name="上墅乡").parent.parent.name == "湖州市"
    places_are_right()


def test_a_new_name_in_the_table_renames_and_says_so(load):
    load(SMALL)
    said = load(SMALL.replace("上墅乡", "上墅镇"))
    assert said == (
        "330523205000 上墅乡 → 上墅镇\n新增0个，更名1个，未变3个，保留原位0个，重复代码0个。"
    )
    unit = Unit.objects.get(name="上墅镇")
    assert [(event.verb, event.detail) for event in unit.events.all()] == [("rename", "上墅乡")]


def test_a_code_of_a_city_and_a_county_makes_two_units_and_children_go_below_the_deeper(load):
    assert load(DONGGUAN).splitlines() == [
        "代码441900000000对应多个单位，均已保留：东莞市（地级市）、东莞市（县（市、区））。",
        "新增4个，更名0个，未变0个，保留原位0个，重复代码1个。",
    ]
    street = Unit.objects.get(name="东城街道")
    assert (street.parent.kind, street.parent.parent.kind) == ("county", "city")
    places_are_right()


def test_a_unit_moved_below_a_zone_stays_there_and_its_new_villages_follow(load):
    load(SMALL)
    zone = make_unit(name="某新区", kind="zone", parent=Unit.objects.get(name="湖州市"))
    tree.move(Unit.objects.get(name="上墅乡"), zone)
    said = load(SMALL + "330523205204,刘家塘村,village,330523205000\n")
    assert said == (
        "上墅乡 330523205000 保留在某新区之下；文件中属安吉县。\n"
        "新增1个，更名0个，未变4个，保留原位1个，重复代码0个。"
    )
    village = Unit.objects.get(name="刘家塘村")
    assert (village.parent.parent, village.county) == (zone, zone)
    places_are_right()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("33052320,上墅乡,township,330523000000", "第5行：“33052320”不是12位区划代码。"),
        ("3.30523E+11,上墅乡,township,330523000000", "第5行：“3.30523E+11”不是12位区划代码。"),
        ("330523205000,上墅乡,town,330523000000", "第5行：没有“town”这一级别。"),
        ("330523205000,,township,330523000000", "第5行：名称为空或超过100个字。"),
        ("330523205000,上墅乡,township,", "第5行：上墅乡没有上级代码。"),
        ("330523205000,上墅乡,township,330999000000", "第5行：上墅乡的上级330999000000不存在。"),
        ("330523205000,上墅乡,city,330523000000", "第5行：上墅乡的上级330523000000不存在。"),
        (
            "330523000000,安吉市,county,330500000000",
            "第5行：代码330523000000在此为安吉市，在第4行为安吉县，级别相同。",
        ),
        (
            "330523000000,安吉县,county,330000000000",
            "第5行：安吉县 330523000000 的上级与第4行不同。",
        ),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_saved(load, row, sentence):
    assert load(HEADER + ZHEJIANG + HUZHOU + ANJI + row) == f"{sentence}\n没有保存任何内容。"
    assert not Unit.objects.exists()


def test_all_wrong_rows_are_named_at_once(load):
    assert load(SMALL + "1,甲,village,2\n3,乙,village,4\n").splitlines() == [
        "第6行：“1”不是12位区划代码。",
        "第7行：“3”不是12位区划代码。",
        "没有保存任何内容。",
    ]


def test_the_very_same_row_twice_counts_once_and_is_reported(load):
    assert load(SMALL + SHANGSHU).splitlines() == [
        "第6行：上墅乡 330523205000 与第5行重复，只计一次。",
        "新增4个，更名0个，未变0个，保留原位0个，重复代码1个。",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的。"),
        (HEADER, "文件只有表头，没有数据行。"),
        ("code,name,level\n1,2,3\n", "缺少这些列：parent_code。"),
        (b"PK\x03\x04rest", "这是电子表格文件，请另存为 CSV 后再导入。"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "这不是 UTF-8 或 GBK 编码的 CSV 文件。"),
        (gzip.compress(SMALL.encode())[:-12], "压缩文件已损坏，请重新获取。"),
        (HEADER + '"330000000000"x,浙江省', "第2行不是正确的 CSV 格式。"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(load, content, sentence):
    assert load(content) == f"{sentence}\n没有保存任何内容。"


def test_a_missing_file_is_said(db, tmp_path):
    with pytest.raises(divisions.Refused) as refused:
        divisions.read(tmp_path / "none.csv")
    assert refused.value.faults == [f"文件 {tmp_path / 'none.csv'} 不存在。"]


@pytest.mark.parametrize(
    "content",
    [
        SMALL.encode("gbk"),
        b"\xef\xbb\xbf" + SMALL.encode(),
        SMALL.replace("\n", "\r\n").encode(),
        gzip.compress(SMALL.encode()),
        (SMALL + ",,,\n\n").encode(),
    ],
    ids=["gbk", "bom", "crlf", "gz", "blank rows"],
)
def test_encodings_and_endings_that_offices_use_are_read(load, content):
    load(content)
    assert Unit.objects.filter(name="上墅乡").count() == 1
    assert Unit.objects.count() == 4


def test_ten_thousand_new_units_take_seconds(load):
    villages = "".join(
        f"33052320{n // 999 % 10}{n % 999 + 1:03d},第{n}村,village,330523205000\n"
        for n in range(9990)
    )
    started = time.monotonic()
    load(SMALL + villages)
    assert Unit.objects.count() == 9994
    assert time.monotonic() - started < 10


def test_a_name_that_the_table_replaces_is_kept_as_a_former_one(load):
    load(SMALL)
    load(SMALL.replace("上墅乡", "上墅镇"))
    load(SMALL.replace("上墅乡", "上墅街道"))
    unit = Unit.objects.get(name="上墅街道")
    # The second change came on the same day: 上墅镇 was in force on none.
    assert [former.name for former in unit.former_names.all()] == ["上墅乡"]
    assert [found.name for found in Unit.objects.search("上墅乡")] == ["上墅街道"]
