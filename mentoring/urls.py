"""Each app's addresses, under the word that its users would expect."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("reminders.urls")),
    # The worker's scope is every page, so it stands at the root.
    path("", include("accounts.device_urls")),
    path("accounts/", include("accounts.urls")),
    # The tree stands below sign-ins, so its pages live one floor up.
    path("units/", include("accounts.unit_urls")),
    path("rosters/", include("rosters.urls")),
    path("cadres/", include("cadres.urls")),
    path("mentors/", include("mentors.urls")),
    # Mentees are people of the register; whether they are paired is known one floor up.
    path("mentees/", include("pairings.mentee_urls")),
    path("pairings/", include("pairings.urls")),
    path("programmes/", include("programmes.urls")),
    path("activities/", include("activities.urls")),
    path("plans/", include("plans.urls")),
    path("calendars/", include("calendars.urls")),
    path("certificates/", include("certificates.urls")),
    path("statistics/", include("stats.urls")),
    path("snapshots/", include("snapshots.urls")),
    path("samples/", include("sampling.urls")),
    path("handbooks/", include("handbooks.urls")),
    path("papers/", include("papers.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "accounts.views.bad_request"
handler403 = "accounts.views.forbidden"
handler404 = "accounts.views.not_found"
handler500 = "accounts.views.server_error"
