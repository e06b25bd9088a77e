"""Rows and readings that several tests of certificates share."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from certificates.rendering import Facts
from pairings.models import Pairing
from tests.factories import make_cadre, make_pairing


def make_pairs(cast, count: int, **fields) -> list[Pairing]:
    """Active pairs of the cast's mentor with so many new mentees in 上墅乡."""
    return [
        make_pairing(
            mentor=cast.mentor_row,
            mentee=make_cadre(unit=cast.mentee_row.unit, name=f"徒弟{number}"),
            **fields,
        )
        for number in range(count)
    ]


def make_facts(**fields) -> Facts:
    return Facts(
        **{
            "title": "拜师帖",
            "vow": "愿执弟子之礼，谨遵师教，团结同事，刻苦钻研，增强本领",
            "serial": "安吉帖〔2026〕第0012号",
            "mentor": {"name": "褚师傅", "unit": "安吉县上墅乡刘家塘村"},
            "mentee": {"name": "马徒弟", "unit": "安吉县上墅乡"},
            "from_on": "2026-03-01",
            "to_on": "2027-02-28",
            "issuer": "安吉县",
            "issued_on": "2026-03-02",
            "address": "https://bangdai.example/certificates/v/AAAAAAAAAAAAAAAAAAAAAA/",
            **fields,
        }
    )


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(bytes(pdf)))


def words_of(pdf: bytes) -> str:
    """The text of the PDF in its order, without blanks and line ends."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in opened(pdf).pages))
