"""What stands in a handbook beside the records: words to them, and pictures by choice."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from activities.confirming import confirm
from activities.models import Attachment, OpenMatter, Submission
from handbooks import photos, rendering
from handbooks.gathering import gather
from handbooks.printing import printed
from handbooks.recording import MOST_PHOTOS
from pairings.models import Pairing
from pairings.states import State
from tests.activities.making import (
    make_assignment,
    make_comment,
    make_session,
    make_visit,
    photo,
)
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.plans.made import again, make_agreed

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def entries_of(pairing, user, **how):
    months = gather(pairing, user, TODAY, **how)["months"]
    return [entry for month in months for entry in month["entries"]]


def attach(record, content, *, by, mime="image/jpeg"):
    made = Attachment(name="照片.jpg", mime=mime, size=len(content), uploaded_by=by, session=record)
    made.file.save("", ContentFile(content, name="file"))
    return made


def pictures_in(pdf):
    document = pypdfium2.PdfDocument(pdf)
    kinds = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    return sum(len(list(page.get_objects(filter=kinds))) for page in document)


def test_what_was_said_and_confirmed_stands_under_its_record(cast):
    day = dt.date(2026, 11, 20)
    session = make_session(
        pairing=cast.pairing, happened_on=day, content="同走", created_by=cast.mentee
    )
    assignment = make_assignment(pairing=cast.pairing, due_on=day)
    make_comment(on=session, by=cast.mentor, text="讲得细")
    taken_back = make_comment(on=session, by=cast.mentor, text="说错了")
    type(taken_back).objects.filter(pk=taken_back.pk).update(text="", withdrawn_at=timezone.now())
    office = make_comment(on=assignment, by=cast.county, text="按期完成")
    type(office).objects.filter(pk=office.pk).update(is_from_office=True)
    word = confirm(session, by=again(cast.mentor))
    type(word).objects.update(confirmed_at=dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC))
    meeting, task = entries_of(cast.pairing, cast.mentee)
    assert meeting["lines"] == [
        "内容：同走", "确认属实：褚师傅，2026年11月21日", "点评（褚师傅）：讲得细",
    ]  # fmt: skip
    assert task["lines"] == ["点评（组织部门）：按期完成"]


def test_matters_left_open_say_what_became_of_them(cast):
    visit = make_visit(pairing=cast.pairing, people_count=4, happened_on=dt.date(2026, 11, 20))
    for text in ("路灯", "水渠"):
        OpenMatter.objects.create(
            pairing=cast.pairing, raised_in=visit, raised_on=visit.happened_on, text=text
        )
    (entry,) = entries_of(cast.pairing, cast.mentee)
    assert entry["lines"] == ["未了事项：路灯（未了）", "未了事项：水渠（未了）"]


def test_a_settled_matter_says_when_and_how(cast):
    visit = make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 11, 2))
    matter = OpenMatter.objects.create(raised_in=visit, text="路灯")
    matter.close(by=cast.mentor, on=dt.date(2026, 11, 5), note="已换灯")
    (entry,) = entries_of(cast.pairing, cast.mentee)
    assert entry["lines"] == ["未了事项：路灯（2026年11月5日办结，已换灯）"]


def test_work_handed_in_late_says_by_how_many_days_from_its_first_version(cast):
    due = timezone.localdate() - dt.timedelta(days=3)
    for title in ("按时", "逾期"):
        row = make_assignment(pairing=cast.pairing, title=title, due_on=due)
        given = [due, timezone.localdate()] if title == "按时" else [timezone.localdate()]
        for day in given:
            one = Submission.objects.create(assignment=row, text="稿", created_by=cast.mentee)
            at = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
            Submission.objects.filter(pk=one.pk).update(created_at=at)
    found = {entry["title"]: entry["lines"] for entry in entries_of(cast.pairing, cast.mentee)}
    late = "迟交：3 天（以首次提交计）"
    assert [late in lines for lines in found.values()] == [False, True]


def test_a_record_written_late_or_for_somebody_says_so(cast):
    make_session(pairing=cast.pairing, happened_on=dt.date(2026, 1, 2), is_on_behalf=True)
    (entry,) = entries_of(cast.pairing, cast.mentee)
    assert entry["title"].endswith("村务公开怎么做（补记、代录）")


def test_pictures_come_by_choice_small_and_four_a_record(cast):
    session = make_session(pairing=cast.pairing)
    large = photo(size=(2400, 1800)).read()
    for _number in range(MOST_PHOTOS + 1):
        attach(session, large, by=cast.mentee)
    attach(session, b"%PDF-1.7", by=cast.mentee, mime="application/pdf")
    assert pictures_in(printed(cast.pairing, cast.mentee)) == 0
    assert pictures_in(printed(cast.pairing, cast.mentee, with_photos=True)) == MOST_PHOTOS
    facts = gather(cast.pairing, cast.mentee, TODAY, with_photos=True)
    shrunk = photos.read(photos.names(facts))
    sizes = {Image.open(io.BytesIO(content)).size for content in shrunk.values()}
    assert (len(shrunk), sizes) == (MOST_PHOTOS, {(720, 540)})


def test_a_clear_picture_stands_on_white_and_a_lost_one_leaves_words(cast):
    session = make_session(pairing=cast.pairing)
    clear = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(clear, "PNG")
    kept = attach(session, clear.getvalue(), by=cast.mentee, mime="image/png")
    gone = attach(session, photo().read(), by=cast.mentee)
    broken = attach(session, b"no picture", by=cast.mentee)
    gone.file.storage.delete(gone.file.name)
    facts = gather(cast.pairing, cast.mentee, TODAY, with_photos=True)
    assert photos.names(facts) == [str(kept.pk), str(gone.pk), str(broken.pk)]
    shrunk = photos.read(photos.names(facts))
    assert list(shrunk) == [str(kept.pk)]
    assert Image.open(io.BytesIO(shrunk[str(kept.pk)])).getpixel((20, 20)) == (255, 255, 255)
    pdf = rendering.render(facts, shrunk)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "（有照片未能读取）" in text
    assert pictures_in(pdf) == 1


def test_the_earlier_mentors_plan_and_records_are_part_of_it(cast, tree):
    make_agreed(cast, steps=1)
    make_session(pairing=cast.pairing, topic="前任的课")
    Pairing.objects.filter(pk=cast.pairing.pk).update(
        state=State.TERMINATED, ended_on=dt.date(2026, 11, 1), end_reason="换师"
    )
    later = make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.shangshu, name="新师傅")),
        mentee=cast.mentee_row,
        succeeds=cast.pairing,
        from_on=dt.date(2026, 11, 1),
    )
    facts = gather(later, again(cast.township), TODAY)
    assert [plan["title"][:5] for plan in facts["plans"]] == ["导师褚师傅"]
    assert [step.split("　")[1][:3] for step in facts["plans"][0]["steps"]] == ["走村0"]
    assert "前任的课" in str(facts["months"])
    assert [lines[0][:6] for lines in facts["pairs"]] == ["导师：褚师傅", "导师：新师傅"]


def test_the_form_asks_for_pictures_and_gives_none_unasked(client, cast):
    session = make_session(pairing=cast.pairing)
    attach(session, photo().read(), by=cast.mentee)
    client.force_login(cast.mentee)
    address = f"/handbooks/{cast.pairing.pk}/"
    assert pictures_in(client.post(address).content) == 0
    assert pictures_in(client.post(address, {"with_photos": "on"}).content) == 1
