"""Wishes 意向: the page of a person, and what the office of the programme sees of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, coordinator, signed_in
from core.problems import Refused
from programmes import choosing, couples, listing, wishing
from programmes.models import NotNow, Origin, Preference, Programme, Side
from programmes.participants import mentees_of, mentors_of
from programmes.states import State
from programmes.views import governed, stale
from programmes.wish_forms import CoupleForm, WishersForm, WishForm
from programmes.wishing import NotAChoice, Wisher
from tables.paging import page_of


@signed_in
def wish(request: UserRequest, pk: UUID, side: str, cadre_pk: UUID) -> HttpResponse:
    """The wishes of one person: of oneself, or entered by the office on behalf."""
    wisher = _wisher_or_404(request, pk, side, cadre_pk)
    sent = request.POST if request.method == "POST" else None
    form = WishForm(sent, saved=wisher.partner_ids(), most=wisher.programme.most_wishes)
    refusal, status = "", 200
    try:
        if sent is not None and (response := _pressed(request, wisher, form)):
            return response
    except NotAChoice as error:
        refusal, status = error.sentence, 422
    except NotNow as error:
        refusal, status = error.sentence, 409
    context = _shown(wisher, form) | {"refusal": refusal}
    context["is_own"] = wisher.cadre.user_id == request.user.pk
    return render(request, "programmes/wish.html", context, status=status)


def _pressed(request: UserRequest, wisher: Wisher, form: WishForm) -> HttpResponse | None:
    """The answer to a button that saves; None for those that change the page alone."""
    today = timezone.localdate()
    if not wisher.programme.takes_wishes(today):
        raise NotNow(wishing.closed(wisher.programme, today))
    if form.verb not in ("save", "withdraw"):
        return None
    chosen = [] if form.verb == "withdraw" else form.chosen
    wishing.say(wisher, chosen, by=request.user)
    done = _("Your wishes are saved.") if chosen else _("The wishes are withdrawn.")
    if chosen and wisher.cadre.user_id != request.user.pk:
        done = _("The wishes of %(name)s are saved.") % {"name": wisher.cadre.name}
    messages.success(request, done)
    return redirect(request.path)


def _shown(wisher: Wisher, form: WishForm) -> dict[str, Any]:
    programme, today = wisher.programme, timezone.localdate()
    context = {
        "wisher": wisher,
        "programme": programme,
        "form": form,
        "live": wisher.wishes.live().select_related("created_by").first(),
        "history": couples.history_of(wisher),
    }
    if not programme.takes_wishes(today):
        chosen = choosing.faces(wisher, form.saved, today)
        return context | {"chosen": chosen, "closed": wishing.closed(programme, today)}
    page = choosing.page_of_candidates(wisher, today, text=form.text, after=form.cursor)
    return context | {"chosen": choosing.faces(wisher, form.chosen, today), "page": page}


def _wisher_or_404(request: UserRequest, pk: UUID, side: str, cadre_pk: UUID) -> Wisher:
    """Of the person, once wishes were announced, and of the office; nobody else finds a page."""
    if side not in Side.values:
        raise Http404
    programme = get_object_or_404(Programme.objects.select_related("unit"), pk=pk)
    own = getattr(request.user, "cadre", None)
    is_own = own is not None and own.pk == cadre_pk
    is_announced = programme.state not in (State.DRAFT, State.WITHDRAWN)
    if not (is_own and is_announced) and not request.user.governs(programme.unit):
        raise Http404
    wisher = wishing.wisher_of(programme, Side(side), cadre_pk, timezone.localdate())
    if wisher is None:
        raise Http404
    return wisher


@coordinator
def overview(request: UserRequest, pk: UUID) -> HttpResponse:
    """Who wished for whom, mutual ones first; one button each puts the two on the list."""
    programme = governed(request, pk)
    rows = couples.couples_of(programme)
    page = page_of(rows, order=couples.ORDER, after=request.GET.get("after", ""))
    for row in page.rows:
        row.mentee_nth, row.mentor_nth = couples.choices(row)
    context = {"programme": programme, "page": page}
    context["mutual"] = len(wishing.mutual(programme))
    return render(request, "programmes/wishes.html", context)


@coordinator
def wishers(request: UserRequest, pk: UUID) -> HttpResponse:
    """The people of one side, to enter wishes for an elder or to look at them."""
    programme, today = governed(request, pk), timezone.localdate()
    form = WishersForm(request.GET)
    everybody = {Side.MENTOR: mentors_of, Side.MENTEE: mentees_of}[form.shown_side](
        programme, today
    )
    rows = couples.with_said(choosing.search(everybody, form.text), programme, form.shown_side)
    rows = rows.select_related("cadre__unit", "category")
    page = page_of(rows, order=("cadre__pinyin", "pk"), after=request.GET.get("after", ""))
    context = {"programme": programme, "form": form, "page": page, "sides": Side.choices}
    context["is_open"] = programme.takes_wishes(today)
    return render(request, "programmes/wishers.html", context)


@coordinator
@require_POST
def adopt(request: UserRequest, pk: UUID) -> HttpResponse:
    """「采纳为拟配对」: a couple of a live wish goes on the list."""
    programme = governed(request, pk)
    form = CoupleForm(request.POST)
    if not form.is_valid():
        raise Http404
    live = Preference.objects.live().filter(programme=programme, **form.cleaned_data)
    wishes = list(live.select_related("mentor__cadre__unit", "mentee__unit"))
    if not wishes:
        raise Http404
    # The list is read beyond this office: a wish of one side alone is not told there.
    wished, origin = wishes[0], Origin.WISH if len(wishes) == len(Side) else Origin.ASSIGNED
    try:
        listing.add(programme, wished.mentor, wished.mentee, by=request.user, origin=origin)
    except Refused as refusal:
        said = "".join(problem.sentence for problem in refusal.problems)
        return stale(request, programme, said)
    except NotNow as refusal:
        return stale(request, programme, refusal.sentence)
    names = {"mentor": wished.mentor.cadre.name, "mentee": wished.mentee.name}
    messages.success(request, _("On the list: %(mentor)s → %(mentee)s.") % names)
    return redirect("programmes:wishes", pk=pk)
