"""The findings as a file; COPY reads on a connection of its own, so the rows are committed."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from accounts.models import Export
from activities.models import Session
from pairings.models import Pairing
from sampling.findings import find
from tests.activities.making import make_session
from tests.sampling.made import make_sample

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_the_file_is_on_record_and_leaves_out_what_moved_away(cast, tree, signed_in):
    for topic in ("村务公开", "=调解"):
        make_session(pairing=cast.pairing, happened_on=dt.date(2026, 6, 1), topic=topic)
    sample = make_sample(unit=tree.anji, by=cast.county, kinds=["session"])
    for item in sample.items.all():
        find(item, verdict="talk", note="值得推广", by=cast.county, key=None)
    gone = sample.items.get(position=1).session
    address = f"/samples/{sample.pk}/export/"
    client = signed_in(cast.county)
    assert client.post(address, {"format": "csv", "purpose": ""}).status_code == 422
    whole = rows_of(client.post(address, {"format": "csv", "purpose": "工作会商研究"}))
    assert whole[0][:7] == ["序号", "记录类别", "日期", "导师", "帮带对象", "单位", "记录内容"]
    shown = whole[2 if sample.items.get(position=2).session.topic == "村务公开" else 1]
    assert shown[2:7] == ["2026-06-01", "褚师傅", "马徒弟", "上墅乡", "村务公开"]
    assert shown[7:10] == ["值得交流", "值得推广", "安吉组织部"]
    Session.objects.filter(pk=gone.pk).update(unit=tree.yuyue)
    Pairing.objects.update(unit=tree.yuyue)
    left = rows_of(client.post(address, {"format": "csv", "purpose": "工作会商研究"}))
    assert left[1][2:7] == ["", "", "", "", ""]
    assert left[1][7:9] == ["值得交流", ""]
    assert list(Export.objects.values_list("purpose", "rows")) == [("工作会商研究", 2)] * 2


def rows_of(response) -> list[list[str]]:
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(body.splitlines()))
