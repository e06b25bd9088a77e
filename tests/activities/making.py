"""Plain functions that make this room's rows and files."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from activities.models import (
    Assignment,
    AssignmentTemplate,
    Comment,
    OpenMatter,
    Record,
    Session,
    Visit,
)
from pairings.models import Pairing
from units.models import Unit

DAY = dt.timedelta(days=1)


def make_visit(*, pairing: Pairing, **fields: Any) -> Visit:
    fields.setdefault("place_text", "溪边茶园")
    return Visit.objects.create(pairing=pairing, **{"visited": "household", **fields})


def make_session(*, pairing: Pairing, **fields: Any) -> Session:
    return Session.objects.create(
        pairing=pairing, **{"method": "on_site", "topic": "村务公开怎么做", **fields}
    )


def make_assignment(*, pairing: Pairing, **fields: Any) -> Assignment:
    fields.setdefault("due_on", timezone.localdate() + 7 * DAY)
    return Assignment.objects.create(pairing=pairing, **{"title": "写一份走访报告", **fields})


def make_template(*, unit: Unit, **fields: Any) -> AssignmentTemplate:
    fields = {"title": "走访十户", "body": "写一份报告", "days": 10, **fields}
    return AssignmentTemplate.objects.create(unit=unit, **fields)


def photo(
    name: str = "合影.jpg", *, size: tuple[int, int] = (60, 40), format: str = "JPEG", **save: Any
) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, "#9b2c1f").save(content, format, **save)
    return SimpleUploadedFile(name, content.getvalue())


def make_comment(*, on: Record, by: User, text: str = "讲得细") -> Comment:
    fields: dict[str, Any] = {type(on).__name__.lower(): on}
    return Comment.objects.create(text=text, created_by=by, **fields)


def make_matter(*, in_: Visit, text: str = "村口路灯不亮", **fields: Any) -> OpenMatter:
    return OpenMatter.objects.create(raised_in=in_, text=text, **fields)
