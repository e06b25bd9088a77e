"""The list of an office's rosters."""

from __future__ import annotations

import pytest

from rosters.states import Outcome, State
from tests.rosters.making import make_batch, make_row


def test_an_office_finds_its_rosters_again(cast, tree, signed_in):
    batch = make_batch(unit=tree.anji, by=cast.county, filename="县里的.xlsx")
    make_row(batch, number=3)
    make_row(batch, number=4, outcome=Outcome.WRONG)
    text = " ".join(signed_in(cast.county).get("/rosters/").text.split())
    for part in ("县里的.xlsx", "已核对，未导入", "新增 1", "有错误 1", "安吉组织部"):
        assert part in text


def test_the_county_sees_a_townships_rosters_and_not_the_other_way_round(cast, tree, signed_in):
    make_batch(unit=tree.anji, by=cast.county, filename="县里的.xlsx")
    make_batch(unit=tree.shangshu, by=cast.township, filename="乡里的.xlsx")
    seen = {
        user: [
            name for name in ("县里的", "乡里的") if name in signed_in(user).get("/rosters/").text
        ]
        for user in (cast.county, cast.township, cast.sibling, cast.other_county)
    }
    assert seen == {
        cast.county: ["县里的", "乡里的"],
        cast.township: ["乡里的"],
        cast.sibling: [],
        cast.other_county: [],
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_has_a_fixed_number_of_queries(
    rows, cast, tree, signed_in, django_assert_num_queries
):
    for number in range(rows):
        make_batch(unit=tree.anji, by=cast.county, filename=f"{number}.xlsx", state=State.DONE)
    client = signed_in(cast.county)
    with django_assert_num_queries(5):
        assert len(client.get("/rosters/").context["listed"]) == rows
