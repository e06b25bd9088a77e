from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reminders/home.html", {})
