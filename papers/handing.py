"""Handing in: the files are put aside in the request, and a worker reads them afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activities.files import MEGABYTE, Refused, check, shown_name
from core.once import once
from papers import placing
from papers.models import Stack, StackFile
from papers.reading import MOST_PAGES, count_pages
from papers.tasks import read

MAX_PDF = 100 * MEGABYTE
MAX_FILES = 20


class Handed(NamedTuple):
    """A file that was looked into: a picture drawn anew, or a PDF that opens."""

    file: File[bytes]
    is_pdf: bool
    pages: int

    @property
    def size(self) -> int:
        return int(self.file.size or 0)


def looked_into(upload: UploadedFile) -> Handed:
    """ValidationError with a sentence that names the file, where it cannot be taken."""
    upload.seek(0)
    is_pdf = upload.read(5) == b"%PDF-"
    upload.seek(0)
    if not is_pdf:
        picture = check(upload, pictures_only=True)
        return Handed(ContentFile(picture.content), is_pdf=False, pages=1)
    name = shown_name(upload.name or "")
    if (upload.size or 0) > MAX_PDF:
        raise ValidationError(_("%(name)s is larger than 100 MB: split it.") % {"name": name})
    try:
        pages = count_pages(upload)
    except Refused as refused:
        sentence = _("%(name)s was not taken: %(reason)s.")
        raise ValidationError(sentence % {"name": name, "reason": refused}) from None
    if pages > MOST_PAGES:
        sentence = _("%(name)s has %(n)d pages; at most %(most)d are read at once: split it.")
        raise ValidationError(sentence % {"name": name, "n": pages, "most": MOST_PAGES})
    return Handed(upload, is_pdf=True, pages=pages)


class NoRoom(Exception):
    """The person's room does not hold these files; `left` bytes of it are free."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


def hand_in(files: Sequence[Handed], *, by: User, key: uuid.UUID | None) -> Stack:
    """The stack with its files put aside; what was stored goes when one fails.

    NoRoom where they do not fit; the person's row is held, so that of two hand-ins at once the
    second sees the first.
    """

    def make() -> Stack:
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        left = placing.room_for_files(by)
        if sum(file.size for file in files) > left or not left:
            raise NoRoom(left)
        total = sum(file.pages for file in files)
        stack = Stack.objects.create(created_by=by, client_key=key, pages_total=total)
        with ExitStack() as undo:
            for position, handed in enumerate(files, start=1):
                row = StackFile(stack=stack, position=position)
                row.is_pdf, row.pages, row.size = handed.is_pdf, handed.pages, handed.size
                handed.file.seek(0)
                row.file.save("source", handed.file, save=False)
                undo.callback(row.file.storage.delete, str(row.file.name))
                row.save()
            undo.pop_all()
        transaction.on_commit(lambda: read.delay(str(stack.pk)), robust=True)
        return stack

    return once(Stack, by=by, key=key, make=make)
