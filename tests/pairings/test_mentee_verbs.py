"""The verbs on an entry of the register of mentees, in the browser: days, states, roles."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from cadres.models import Mentee, MenteeCategory
from tests.factories import make_mentee

D = dt.date
VERBS = ("exempt", "include", "category", "correct", "end", "reopen")


@pytest.fixture
def kinds(db) -> list[MenteeCategory]:
    return list(MenteeCategory.objects.all())


@pytest.fixture
def entry(cast) -> Mentee:
    return cast.mentee_entry


@pytest.fixture
def send(cast, entry, signed_in):
    client = signed_in(cast.township)

    def post(verb, **data):
        return client.post(f"/mentees/{entry.pk}/move/{verb}/", data)

    return post


def test_exempt_and_to_be_paired_again(cast, entry, send, signed_in):
    key = str(uuid.uuid4())
    data = {"from_on": "2026-05-01", "reason": "产假", "document": "1号", "client_key": key}
    codes = [send("exempt", **data).status_code for _ in range(2)]
    assert codes == [302, 302]
    held = entry.exemptions.get()
    assert (held.from_on, held.to_on, held.reason, held.document, held.created_by) == (
        D(2026, 5, 1), None, "产假", "1号", cast.township,
    )  # fmt: skip
    panel = signed_in(cast.county).get(f"/mentees/of/{entry.cadre_id}/").text
    assert "免于结对" in panel
    assert "产假" in panel
    assert "上墅组织委员" in panel
    other = send("exempt", **data | {"client_key": str(uuid.uuid4())})
    assert other.status_code == 409
    assert send("include", on="2026-09-01", reason="").status_code == 302
    assert entry.exemptions.get().to_on == D(2026, 8, 31)


@pytest.mark.parametrize(
    ("verb", "data", "field", "message"),
    [
        (
            "exempt",
            {"from_on": "2025-12-31", "reason": "借调"},
            "from_on",
            "早于此人列入名册的日期。",
        ),
        (
            "exempt",
            {"from_on": "2099-01-01", "reason": "借调"},
            "from_on",
            "日期不能晚于今天。",
        ),
        ("exempt", {"from_on": "2026-05-01", "reason": " "}, "reason", "这个字段是必填项。"),
        (
            "exempt",
            {"from_on": "2026-05-02", "to_on": "2026-05-01", "reason": "借调"},
            "to_on",
            "最后一天早于开始日期。",
        ),
        (
            "exempt",
            {"from_on": "2026-02-15", "to_on": "2026-04-01", "reason": "借调"},
            "from_on",
            "其中某些日期已登记为免于结对。",
        ),
        ("end", {"on": "2025-12-31", "reason": "已出师"}, "on", "早于此人列入名册的日期。"),
        ("end", {"on": "2026-06-30", "reason": ""}, "reason", "这个字段是必填项。"),
        ("category", {"category": "same", "on": "2026-06-30"}, "category", "与现类别相同。"),
        (
            "category",
            {"category": "other", "on": "2025-06-30"},
            "on",
            "早于此人列入名册的日期。",
        ),
        (
            "correct",
            {"category": "same", "from_on": "2026-02-02"},
            "from_on",
            "此人在该日之前已登记免于结对。",
        ),
        (
            "correct",
            {"category": "same", "from_on": "2025-06-30"},
            "from_on",
            "与此人以前的登记日期重叠。",
        ),
        (
            "correct",
            {"category": "same", "from_on": ""},
            "from_on",
            "与此人以前的登记日期重叠。",
        ),
    ],
)
def test_a_bad_form_is_explained_beside_the_field(
    cast, entry, kinds, send, verb, data, field, message
):
    make_mentee(cadre=entry.cadre, from_on=D(2025, 1, 1), to_on=D(2025, 6, 30))
    entry.exempt(from_on=D(2026, 2, 1), to_on=D(2026, 3, 1), reason="产假", by=cast.county)
    kind = {"same": entry.category_id, "other": kinds[1].pk}.get(data.get("category"))
    response = send(verb, **data | ({"category": kind} if kind else {}))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert entry.events.count() == 1


def test_another_category_a_correction_an_end_and_its_return(cast, entry, kinds, send):
    assert send("category", category=kinds[1].pk, on="2026-06-01", reason="").status_code == 302
    entry.refresh_from_db()
    assert entry.to_on == D(2026, 5, 31)
    assert send("end", on="2026-07-01", reason="已出师").status_code == 409
    now = Mentee.objects.get(cadre=entry.cadre, to_on=None)
    assert (now.category, now.from_on) == (kinds[1], D(2026, 6, 1))


def test_a_correction_an_end_and_its_return(cast, entry, kinds, send):
    assert send("correct", category=kinds[2].pk, from_on="").status_code == 302
    assert send("end", on="2026-07-01", reason="已出师").status_code == 302
    entry.refresh_from_db()
    assert (entry.category, entry.from_on, entry.to_on, entry.end_reason) == (
        kinds[2], None, D(2026, 7, 1), "已出师",
    )  # fmt: skip
    assert send("reopen", reason="误操作").status_code == 302
    assert list(entry.events.values_list("verb", flat=True)) == ["correct", "end", "reopen"]


def test_a_return_beside_a_later_entry_is_refused(cast, entry, send):
    send("end", on="2026-07-01", reason="已出师")
    make_mentee(cadre=entry.cadre, from_on=D(2026, 8, 1))
    assert send("reopen", reason="误操作").status_code == 409


@pytest.mark.parametrize("state", ["due", "exempt", "ended", "left"])
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_in_each_state_and_role(cast, entry, signed_in, verb, state):
    if state == "exempt":
        entry.exempt(from_on=D(2026, 5, 1), to_on=None, reason="借调", by=cast.county)
    if state == "ended":
        entry.end(on=D(2026, 7, 1), reason="已出师", by=cast.county)
    if state == "left":
        entry.cadre.leave(on=D(2026, 7, 1), reason="调离")
    open_now = {
        "due": {"exempt", "category", "correct", "end"},
        "exempt": {"include", "category", "correct", "end"},
        "ended": {"reopen"},
        "left": {"end"},
    }[state]
    address = f"/mentees/{entry.pk}/move/{verb}/"
    for user, code in (
        (cast.township, 200 if verb in open_now else 409),
        (cast.county, 200 if verb in open_now else 409),
        (cast.viewer, 403), (cast.mentee, 403),
        (cast.sibling, 404), (cast.other_county, 404),
    ):  # fmt: skip
        assert signed_in(user).get(address).status_code == code, (user, address)
    # The panel offers what the address opens.
    panel = signed_in(cast.township).get(f"/mentees/of/{entry.cadre_id}/").text
    assert (address in panel) == (verb in open_now)


def test_an_unknown_verb_is_no_page(entry, send):
    assert [send(verb).status_code for verb in ("register", "delete")] == [404, 404]
