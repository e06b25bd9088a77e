"""Who came and who went between two days, with what happened; on the page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, office
from accounts.models import Export, User
from stats import figures
from stats.changing import Changes, changes
from stats.compare_forms import CompareForm, NamesFileForm
from stats.compare_grids import View, remarks
from stats.compare_views import as_file, refused
from stats.cuts import say
from stats.explaining import Side, explained
from stats.indicators import find
from stats.listing import LISTINGS, Entry, entry
from stats.shapes import COUNTED, Indicator
from stats.sheets import WRITERS, Heading, Sheet
from stats.views import place_of_row, unit_asked
from tables.paging import Page, page_of

MOST = 10_000  # rows of a file; each of them is explained
_AT_ONCE = 500


class Question(NamedTuple):
    """One figure of one row on two days."""

    view: View
    above: str
    indicator: Indicator
    row: str
    place: str
    user: User

    @property
    def title(self) -> str:
        return f"{self.above}：{say(self.indicator.title, self.view.against.now)}"

    @property
    def found(self) -> Changes:
        return changes(self.view.unit, self.view.against, self.indicator, self.row, user=self.user)

    def also(self) -> dict[str, str]:
        return {"row": self.row, "indicator": self.indicator.code}


class Block(NamedTuple):
    """The rows of one side that a page shows."""

    side: Side
    title: str
    total: int
    lines: list[tuple[Entry, list[str]]]
    more: str  # the cursor of the next page, empty at the end


@office
@require_safe
def changed(request: UserRequest) -> HttpResponse:
    """The equation now = then + came − went, and the rows of both sides with their reasons."""
    question, form = _question(request)
    if question is None:
        return refused(request, form)
    return _page(request, question, NamesFileForm())


@office
@require_POST
def changed_file(request: UserRequest) -> HttpResponse:
    """Names leave the system: recorded with the purpose, before the file."""
    question, form = _question(request)
    if question is None:
        return refused(request, form)
    asked = NamesFileForm(request.POST)
    if not asked.is_valid():
        return _page(request, question, asked)
    found = question.found
    if found.came.count() + found.went.count() > MOST:
        messages.error(
            request, _("More than %(n)s rows: choose a smaller unit or row.") % {"n": MOST}
        )
        return redirect(question.view.address("stats:changes", **question.also()))
    kind = asked.cleaned_data["format"]
    sheet = _sheet(question)
    export = Export.objects.create(
        by=request.user,
        register=_("who came and who went"),
        scope=question.view.unit.name[:300],
        filters=f"{question.title} · {question.place} · {sheet.subtitle}"[:1000],
        columns="、".join(heading.title for heading in sheet.headings)[:1000],
        format=kind,
        is_masked=True,
        purpose=asked.cleaned_data["purpose"],
    )
    rows = list(_sheet_rows(question, found))
    write, mime = WRITERS[kind]
    content = write(sheet, rows)
    export.finish(len(rows))
    return as_file(content, mime, f"{sheet.title}.{kind}")


def _question(request: UserRequest) -> tuple[Question | None, CompareForm]:
    """What is asked for, None where the form complains; 404 for what there is not."""
    unit = unit_asked(request)
    form = CompareForm(request.GET, user=request.user, unit=unit)
    found = find(request.GET.get("indicator", ""))
    if found is None:
        raise Http404
    row = request.GET.get("row", figures.TOTAL)
    place = place_of_row(unit, row)
    if not form.is_valid():
        return None, form
    view = View(unit, form.against, form.shown)
    return Question(view, say(found[0], form.cut), found[1], row, place, request.user), form


def _page(request: UserRequest, question: Question, form: NamesFileForm) -> HttpResponse:
    found, against = question.found, question.view.against
    blocks = [
        _block(request, question, Side.CAME, _("came"), found.came),
        _block(request, question, Side.WENT, _("went"), found.went),
    ]
    came, went = (block.total for block in blocks)
    context = {
        "question": question,
        "against": against,
        "counted": COUNTED[question.indicator.base],
        "then": found.then,
        "now": found.now,
        "came": came,
        "went": went,
        "blocks": blocks,
        "headers": LISTINGS[question.indicator.base].headers,
        "definitions": [say(each, against.now) for each in question.indicator.definitions],
        "remark": remarks(against)[0],
        "form": form,
        "file_href": question.view.address("stats:changes_file", **question.also()),
        "back": question.view.address("stats:compare", row=question.row),
    }
    return render(request, "stats/changes.html", context, status=422 if form.errors else 200)


def _block(request: UserRequest, question: Question, side: Side, title: str, rows: Any) -> Block:
    page = _rows(question, rows, request.GET.get(f"{side}_after", ""), 50)
    reasons = explained(question.indicator, page.rows, side, question.view.against, request.user)
    base = question.indicator.base
    lines = [
        (entry(base, row, request.user), why) for row, why in zip(page.rows, reasons, strict=True)
    ]
    total = rows.count() if page.is_capped else page.total
    return Block(side, title, total, lines, page.next)


def _rows(question: Question, rows: Any, after: str, size: int) -> Page:
    listing = LISTINGS[question.indicator.base]
    return page_of(
        rows.select_related(*listing.related), order=listing.order, after=after, size=size
    )


def _sheet(question: Question) -> Sheet:
    against = question.view.against
    listing = LISTINGS[question.indicator.base]
    headings = [
        Heading(_("came or went"), 10),
        *(Heading(str(header), 18) for header in listing.headers),
        Heading(_("what happened"), 60),
    ]
    subtitle = _("%(place)s: %(figure)s, %(as_of)s compared with %(then_as_of)s") % {
        **against.words,
        "place": question.place,
        "figure": question.title,
    }
    notes = [say(each, against.now) for each in question.indicator.definitions]
    return Sheet(
        _("Who came and who went"),
        _("%(unit)s: who came and who went") % {"unit": question.view.unit.name},
        subtitle,
        headings,
        [*notes, remarks(against)[0]],
    )


def _sheet_rows(question: Question, found: Changes) -> Iterator[list[str]]:
    sides = ((Side.CAME, _("came"), found.came), (Side.WENT, _("went"), found.went))
    base = question.indicator.base
    for side, title, rows in sides:
        after, is_first = "", True
        while after or is_first:
            page, is_first = _rows(question, rows, after, _AT_ONCE), False
            reasons = explained(
                question.indicator, page.rows, side, question.view.against, question.user
            )
            for row, why in zip(page.rows, reasons, strict=True):
                told = [each.text for each in entry(base, row, question.user).labelled]
                yield [title, *told, "；".join(why)]
            after = page.next
