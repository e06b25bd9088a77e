"""The code tables are rows: what they say is read, and offices add words of their own."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres import codes
from cadres.models import Code, CodeAlias, CodeAliasEvent, CodeAliasVerb
from tests.factories import make_cadre


def add(unit, word: str, code: str = "21", table: str = "education") -> CodeAlias:
    row = Code.objects.get(table=table, code=code)
    return CodeAlias.objects.create(unit=unit, word=word, code=row)


def test_the_national_tables_are_there(db):
    assert [len(codes.choices(table)) for table in ("gender", "ethnicity", "political_status")] == [
        2, 56, 13,
    ]  # fmt: skip
    assert (codes.name("education", "28"), codes.name("education", "")) == ("大学普通班毕业", "")
    words = codes.words("education")
    assert [words[word] for word in ("大普", "大学", "本科", "研究生", "中专")] == [
        "28", "21", "21", "14", "41",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "highest"),
    [
        (("", ""), ""),
        (("31", "21"), "21"),
        (("21", "16"), "21"),  # 硕士研究生肄业 stands below a completed 本科
        (("16", "22"), "16"),
        (("28", "31"), "28"),
        (("", "90"), "90"),
    ],
)
def test_the_highest_education_is_a_completed_one_in_python_and_in_the_database(
    tree, given, highest
):
    assert codes.highest(*given) == highest
    cadre = make_cadre(unit=tree.dipu, education=given[0], later_education=given[1])
    cadre.refresh_from_db()
    assert (cadre.highest_code or "") == highest


@pytest.mark.parametrize(
    ("code", "counts"),
    [("21", True), ("28", False), ("17", False), ("22", False), ("11", True), ("14", True)],
)
def test_bachelor_and_more_are_three_completed_levels(tree, code, counts):
    cadre = make_cadre(unit=tree.dipu, later_education=code)
    assert cadre.has_bachelor is counts


def test_names_are_read_once_for_a_whole_list(tree):
    codes.forget()
    with CaptureQueriesContext(connection) as queries:
        for number in range(1, 57):
            codes.name("ethnicity", f"{number:02d}")
    assert len(queries) == 2


def test_a_change_by_another_process_is_seen_after_some_seconds(tree, monkeypatch):
    monkeypatch.setattr(codes, "_SECONDS", 0.0)
    codes.forget()
    assert codes.name("staffing", "worker") == "工勤"
    Code.objects.filter(table="staffing", code="worker").update(name="工勤人员编")
    assert codes.name("staffing", "worker") == "工勤人员编"


def test_a_local_word_is_read_in_the_units_below_and_nowhere_else(tree):
    add(tree.anji, "函授本科")
    assert codes.words("education", tree.liujiatang)["函授本科"] == "21"
    for elsewhere in (tree.deqing, tree.city, None):
        assert "函授本科" not in codes.words("education", elsewhere)


@pytest.mark.parametrize("at", ["anji", "liujiatang", "city"])
def test_a_word_has_one_meaning_above_and_below(tree, at):
    add(tree.anji, "函本", "21")
    other = Code.objects.get(table="education", code="31")
    with pytest.raises(ValidationError):
        CodeAlias(unit=getattr(tree, at), word=" 函 本", code=other).full_clean()


def test_an_office_adds_a_word_once_and_removes_it(cast, tree, signed_in):
    client = signed_in(cast.county)
    row = Code.objects.get(table="education", code="21")
    data = {"word": "函授 本科", "code": row.pk, "unit": tree.anji.pk, "client_key": uuid.uuid4()}
    for _ in range(2):
        assert client.post("/cadres/codes/?table=education", data).status_code == 302
    assert list(CodeAlias.objects.exclude(unit=None).values_list("word", "unit", "code__code")) == [
        ("函授本科", tree.anji.pk, "21")
    ]
    assert codes.words("education", tree.anji)["函授本科"] == "21"
    word = CodeAlias.objects.get(word="函授本科")
    assert client.post(f"/cadres/codes/words/{word.pk}/remove/").status_code == 302
    assert "函授本科" not in codes.words("education", tree.anji)
    assert client.post(f"/cadres/codes/words/{word.pk}/remove/").status_code == 404
    kept = CodeAliasEvent.objects.order_by("pk").values_list("verb", "word", "actor", "unit")
    assert list(kept) == [
        (verb, "函授本科", cast.county.pk, tree.anji.pk) for verb in ("add", "remove")
    ]
    page = client.get("/cadres/codes/?table=education").text
    assert ("删除“函授本科”→ 大学本科毕业" in page, "添加“函授本科”→ 大学本科毕业" in page) == (
        True, True,
    )  # fmt: skip
    assert "函授本科" in signed_in(cast.township).get("/cadres/codes/?table=education").text
    assert "函授本科" not in signed_in(cast.county).get("/cadres/codes/?table=gender").text
    assert "函授本科" not in signed_in(cast.other_county).get("/cadres/codes/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_one_word_as_for_three(cast, tree, signed_in, count):
    for number in range(count):
        word = add(tree.anji, f"词{number}")
        CodeAliasEvent.note(word, CodeAliasVerb.ADD, by=cast.county)
    client = signed_in(cast.county)
    client.get("/cadres/codes/?table=education")
    with CaptureQueriesContext(connection) as queries:
        client.get("/cadres/codes/?table=education")
    assert len(queries) == 10


def test_a_word_in_use_for_another_code_is_refused_with_a_sentence(cast, tree, signed_in):
    row = Code.objects.get(table="education", code="31")
    response = signed_in(cast.county).post(
        "/cadres/codes/?table=education", {"word": "本科", "code": row.pk, "unit": tree.anji.pk}
    )
    assert response.status_code == 422
    assert "“本科”在此已表示“大学本科毕业”" in response.text


def test_a_form_without_a_code_or_with_another_tables_is_refused(cast, tree, signed_in):
    gender = Code.objects.get(table="gender", code="1")
    for code in ("", gender.pk, "x", 999999):
        data = {"word": "函本", "code": code, "unit": tree.anji.pk}
        answer = signed_in(cast.county).post("/cadres/codes/?table=education", data)
        assert answer.status_code == 422
    assert not CodeAlias.objects.filter(word="函本").exists()


def test_nobody_adds_words_for_other_offices_or_removes_theirs(cast, tree, signed_in):
    client = signed_in(cast.other_county)
    row = Code.objects.get(table="education", code="31")
    for unit in (tree.anji, tree.city):
        data = {"word": "电大", "code": row.pk, "unit": unit.pk}
        assert client.post("/cadres/codes/?table=education", data).status_code == 422
    theirs = add(tree.anji, "安吉电大", "31")
    everywhere = CodeAlias.objects.filter(unit=None).first()
    assert "安吉电大" not in client.get("/cadres/codes/?table=education").text
    assert "安吉电大" in signed_in(cast.township).get("/cadres/codes/?table=education").text
    assert client.post(f"/cadres/codes/words/{theirs.pk}/remove/").status_code == 404
    assert client.post(f"/cadres/codes/words/{everywhere.pk}/remove/").status_code == 403
    below = signed_in(cast.township)
    assert below.post(f"/cadres/codes/words/{theirs.pk}/remove/").status_code == 403
    assert CodeAlias.objects.filter(pk__in=[theirs.pk, everywhere.pk]).count() == 2
    assert signed_in(cast.viewer).get("/cadres/codes/").status_code == 403


def test_a_code_out_of_use_is_offered_to_nobody_but_who_has_it(cast, tree, signed_in):
    row = Code.objects.get(table="education", code="28")
    row.is_active = False
    row.save()
    client = signed_in(cast.sibling)
    assert "大学普通班毕业" not in client.get("/cadres/new/").text
    kept = make_cadre(unit=tree.dipu, education="28")
    assert "大学普通班毕业" in client.get(f"/cadres/{kept.pk}/edit/").text
    assert "大学普通班毕业" in client.get(f"/cadres/{kept.pk}/").text
