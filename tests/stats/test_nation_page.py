"""The whole country: for who has an office over every province, and for nobody else."""

from __future__ import annotations

import csv
import io

import pytest

from accounts.models import Role
from tests.factories import (
    make_cadre,
    make_grants,
    make_mentor,
    make_pairing,
    make_unit,
    make_users,
)

PAGE = "/statistics/"
ALL = {"unit": "all", "section": "pairs"}


@pytest.fixture
def far(tree):
    """A second province with a pair of its own."""
    province = make_unit(name="江西省", kind="province", code="360000000000")
    city = make_unit(name="南昌市", kind="city", parent=province)
    county = make_unit(name="安义县", kind="county", parent=city)
    mentor = make_mentor(cadre=make_cadre(unit=county, name="远方导师"))
    make_pairing(mentor=mentor, mentee=make_cadre(unit=county, name="远方徒弟"))
    return province


@pytest.fixture
def ministry(tree, far):
    users = make_users(ministry="中央单位")
    for province in (tree.province, far):
        make_grants((users["ministry"], Role.VIEWER, province))
    return users["ministry"]


def test_the_rows_are_the_provinces_and_each_number_opens_its_names(
    cast, tree, far, ministry, signed_in
):
    client = signed_in(ministry)
    response = client.get(PAGE, ALL)
    (grid,) = response.context["grids"]
    rows = {row.name: row for row in grid.rows}
    assert {name: row.cells[0].text for name, row in rows.items() if row.cells[0].text != "0"} == {
        "合计": "2", "浙江省": "1", "江西省": "1",
    }  # fmt: skip
    assert "远方导师 → 远方徒弟" in client.get(rows["江西省"].cells[0].href).text
    listed = client.get(rows["合计"].cells[0].href).text
    assert "褚师傅 → 马徒弟" in listed
    assert "远方导师 → 远方徒弟" in listed
    assert client.get(rows["江西省"].href).status_code == 200
    assert client.get(response.context["definitions_href"]).status_code == 200
    # From the table of a province a link leads here.
    assert "unit=all" in client.get(PAGE, {"unit": str(far.pk)}).context["nation_href"]


def test_it_leaves_as_a_file_by_province_by_county_and_by_group(cast, ministry, signed_in):
    client = signed_in(ministry)

    def names(address):
        content = client.get(address).content.decode("utf-8-sig")
        return [line[0] for line in csv.reader(io.StringIO(content))][1:]

    assert {"浙江省", "江西省"} <= set(names(f"{PAGE}export/?unit=all&format=csv"))
    assert {"安吉县", "德清县", "安义县"} <= set(names(f"{PAGE}counties/?unit=all"))
    assert names(f"{PAGE}export/?unit=all&format=csv&by=gender") == ["合计", "男", "女", "未填写"]


def test_who_lacks_one_province_is_told_of_no_country(cast, tree, far, ministry, signed_in):
    make_unit(name="云南省", kind="province", code="530000000000")
    some = make_users(province="浙江省委组织部")["province"]
    make_grants((some, Role.COORDINATOR, tree.province))
    for user in (ministry, some, cast.county):
        client = signed_in(user)
        for page in ("", "names/", "export/", "counties/"):
            asked = {**ALL, "indicator": "pairs_running", "format": "csv"}
            assert client.get(f"{PAGE}{page}", asked).status_code == 404
    assert signed_in(ministry).get(PAGE).context["nation_href"] == ""


def test_of_one_province_alone_it_is_that_province(cast, tree, signed_in):
    office = make_users(province="浙江省委组织部")["province"]
    make_grants((office, Role.VIEWER, tree.province))
    response = signed_in(office).get(PAGE, ALL)
    assert response.context["unit"] == tree.province
