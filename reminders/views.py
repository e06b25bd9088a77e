from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, office, signed_in
from core.htmx import page_or_part
from reminders import desk, suggesting
from reminders.forms import MailChoiceForm, SuggestionForm
from reminders.matters import Standing
from reminders.models import MailChoice, Reminder, Suggestion
from tables.paging import page_of


@signed_in
def home(request: UserRequest) -> HttpResponse:
    context = {"desk": desk.desk_of(request.user)}
    return page_or_part(request, "reminders/home.html", "reminders/_todos.html", context)


@signed_in
def todo_list(request: UserRequest) -> HttpResponse:
    rows = Reminder.objects.open().visible_to(request.user)
    page = page_of(rows, order=("due_on", "pk"), after=request.GET.get("after", ""))
    todos = [desk.todo_of(reminder) for reminder in page.rows]
    return render(request, "reminders/list.html", {"page": page, "todos": todos})


@signed_in
@require_POST
def close(request: UserRequest, pk: UUID) -> HttpResponse:
    """「知道了」: put aside for good; what is not done stays visible where it belongs."""
    reminder = get_object_or_404(Reminder.objects.visible_to(request.user), pk=pk)
    Reminder.objects.open().filter(pk=reminder.pk).update(closed_at=timezone.now())
    return redirect("reminders:list" if request.POST.get("back") == "list" else "reminders:home")


@office
def pairs(request: UserRequest) -> HttpResponse:
    """The pairs behind a number of the office's home page."""
    slug = request.GET.get("group", "silent")
    if slug not in desk.GROUPS:
        raise Http404
    today = timezone.localdate()
    rows = desk.group_rows(request.user, slug, Standing.on(today))
    page = page_of(rows, order=desk.ORDERS[slug], after=request.GET.get("after", ""))
    context = {
        "slug": slug,
        "label": desk.GROUPS[slug],
        "groups": desk.GROUPS,
        "page": page,
        "today": today,
    }
    return render(request, "reminders/pairs.html", context)


@signed_in
def settings(request: UserRequest) -> HttpResponse:
    choice = MailChoice.objects.filter(user=request.user).first() or MailChoice(user=request.user)
    # A form with the box unticked and no address is empty, and says no.
    data = request.POST if request.method == "POST" else None
    form = MailChoiceForm(data, instance=choice, account_address=request.user.email)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("reminders:settings")
    status = 422 if form.errors else 200
    return render(request, "reminders/settings.html", {"form": form}, status=status)


@signed_in
def suggest(request: UserRequest) -> HttpResponse:
    unit = suggesting.unit_of(request.user)
    form = SuggestionForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and unit is None:
        status = 409
    elif request.method == "POST" and unit is not None and form.is_valid():
        suggesting.send(form.save(commit=False), by=request.user, unit=unit)
        messages.success(request, _("Thank you. The office of your unit reads it."))
        return redirect("reminders:suggest")
    rows = Suggestion.objects.visible_to(request.user).select_related("created_by", "unit")
    page = page_of(rows, order=("-pk",), after=request.GET.get("after", ""), size=20)
    context = {"form": form, "unit": unit, "page": page}
    return render(request, "reminders/suggest.html", context, status=status)
