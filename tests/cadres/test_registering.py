"""Putting people into the register by hand."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from psycopg2 import sql

from cadres import identity
from cadres.models import Cadre
from tests.factories import make_cadre


def id_number(first_17: str) -> str:
    return first_17 + identity.check_digit(first_17)


# Invented: no district has the code 330599.
MALE_1985_07 = id_number("33059919850703001")


def entry(tree, **changes) -> dict:
    return {
        "name": "王小明", "gender": "1", "birth_month": "1985.7", "unit": tree.dipu.pk,
        "title": "副主任", "client_key": str(uuid.uuid4()), **changes,
    }  # fmt: skip


def test_a_person_is_registered_with_a_post_and_found_at_once(cast, tree, signed_in):
    response = signed_in(cast.county).post(
        "/cadres/new/", entry(tree, id_number=MALE_1985_07, phone="138 0000 1234")
    )
    cadre = Cadre.objects.get(name="王小明")
    assert (response.status_code, response.url) == (302, f"/cadres/{cadre.pk}/")
    assert (cadre.unit, cadre.county, cadre.birth_month) == (tree.dipu, tree.anji, "1985-07")
    assert (cadre.created_by, cadre.phone) == (cast.county, "13800001234")
    posting = cadre.postings.get()
    assert (posting.unit, posting.title, posting.is_main) == (tree.dipu, "副主任", True)


def test_a_form_sent_twice_registers_one_person(cast, tree, signed_in):
    client = signed_in(cast.county)
    data = entry(tree, id_number=MALE_1985_07)
    first, second = client.post("/cadres/new/", data), client.post("/cadres/new/", data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Cadre.objects.filter(name="王小明").count() == 1


def test_the_same_number_in_a_fresh_form_is_refused(cast, tree, signed_in):
    client = signed_in(cast.county)
    client.post("/cadres/new/", entry(tree, id_number=MALE_1985_07))
    response = client.post("/cadres/new/", entry(tree, id_number=MALE_1985_07, name="王大明"))
    assert response.status_code == 422
    assert "该身份证号已登记：王小明（递铺街道 · 1985.07）" in response.text
    assert not Cadre.objects.filter(name="王大明").exists()


def test_a_number_known_elsewhere_gives_no_name_away(cast, tree, signed_in):
    signed_in(cast.county).post("/cadres/new/", entry(tree, id_number=MALE_1985_07))
    response = signed_in(cast.other_county).post(
        "/cadres/new/",
        entry(tree, id_number=MALE_1985_07, name="王大明", unit=tree.yuyue.pk, title="干事"),
    )
    assert response.status_code == 422
    assert "该身份证号已在其他单位登记" in response.text
    for canary in ("王小明", "递铺街道", "安吉县", "副主任"):
        assert canary not in response.text


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (MALE_1985_07[:17] + ("1" if MALE_1985_07[17] != "1" else "2"), "身份证号校验位不正确"),
        (MALE_1985_07[:17], "身份证号应为 18 位"),
        (id_number("33059919851303001"), "身份证号格式不正确"),
        (id_number("33059919860703001"), "与身份证号中的出生年月不一致"),
        (id_number("33059919850703002"), "与身份证号中的性别不一致"),
    ],
)
def test_a_wrong_id_number_is_refused_in_chinese_and_not_shown_again(
    cast, tree, signed_in, number, message
):
    response = signed_in(cast.county).post("/cadres/new/", entry(tree, id_number=number))
    assert response.status_code == 422
    assert message in response.text
    assert number not in response.text
    assert not Cadre.objects.filter(name="王小明").exists()


def test_full_width_digits_and_a_small_x_are_read(cast, tree, signed_in):
    orders = (f"33059919850703{order:03d}" for order in range(1, 99, 2))
    number = next(n for n in map(id_number, orders) if n.endswith("X"))
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c.lower() for c in number)
    signed_in(cast.county).post("/cadres/new/", entry(tree, id_number=wide))
    assert Cadre.objects.get(name="王小明").id_digest == identity.digest(number)


def test_a_number_typed_once_lasts_until_the_form_is_right(cast, tree, signed_in):
    client = signed_in(cast.county)
    wrong = client.post("/cadres/new/", entry(tree, id_number=MALE_1985_07, unit=""))
    assert wrong.status_code == 422
    assert MALE_1985_07 not in wrong.text
    proof = wrong.context["form"]["id_proof"].value()
    assert "已核验，尾号 " + MALE_1985_07[-4:] in wrong.text
    client.post("/cadres/new/", entry(tree, id_proof=proof))
    cadre = Cadre.objects.get(name="王小明")
    assert (cadre.id_digest, cadre.id_tail) == (identity.digest(MALE_1985_07), MALE_1985_07[-4:])


def test_a_proof_that_somebody_made_up_is_worth_nothing(cast, tree, signed_in):
    signed_in(cast.county).post("/cadres/new/", entry(tree, id_proof='["aa","1234","1985-07","1"]'))
    assert Cadre.objects.get(name="王小明").id_digest is None


def test_a_homonym_is_shown_beside_the_new_one_and_waived_by_a_tick(cast, tree, signed_in):
    make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07", title="乡人大副主席")
    client = signed_in(cast.county)
    asked = client.post("/cadres/new/", entry(tree))
    assert asked.status_code == 422
    assert "已登记有姓名和出生年月都相同的人员" in asked.text
    assert "乡人大副主席" in asked.text
    assert Cadre.objects.filter(name="王小明").count() == 1
    assert client.post("/cadres/new/", entry(tree, is_another="on")).status_code == 302
    assert Cadre.objects.filter(name="王小明").count() == 2


def test_a_homonym_of_another_county_is_not_given_away(cast, tree, signed_in):
    make_cadre(unit=tree.yuyue, name="王小明", birth_month="1985-07", title="禹越干事")
    assert signed_in(cast.county).post("/cadres/new/", entry(tree)).status_code == 302


def test_nobody_is_registered_outside_ones_own_units(cast, tree, signed_in):
    response = signed_in(cast.township).post("/cadres/new/", entry(tree))
    assert response.status_code == 422
    assert "递铺街道" not in response.text
    assert not Cadre.objects.filter(name="王小明").exists()


def test_a_leader_reads_and_registers_nobody(cast, tree, signed_in):
    assert signed_in(cast.viewer).post("/cadres/new/", entry(tree)).status_code == 403


def test_the_id_number_is_nowhere_in_clear(cast, tree, signed_in, caplog):
    client = signed_in(cast.county)
    with caplog.at_level("DEBUG"):
        saved = client.post("/cadres/new/", entry(tree, id_number=MALE_1985_07), follow=True)
        client.post("/cadres/new/", entry(tree, id_number=MALE_1985_07))
    assert MALE_1985_07 not in saved.text
    assert "尾号 " + MALE_1985_07[-4:] in saved.text
    assert MALE_1985_07 not in caplog.text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            query = sql.SQL("SELECT count(*) FROM {} t WHERE t::text LIKE %s")
            cursor.execute(query.format(sql.Identifier(table)), [f"%{MALE_1985_07}%"])
            assert cursor.fetchone() == (0,), table


def test_a_session_that_ran_out_keeps_the_form_but_not_the_id_number(cast, tree, client):
    client.post("/accounts/sign-in/", {"username": "anji", "password": "correct horse battery"})
    Session.objects.all().delete()
    client.post("/cadres/new/", entry(tree, id_number=MALE_1985_07))
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert any("王小明" in text for text in kept)
    assert not any(MALE_1985_07 in text for text in kept)
