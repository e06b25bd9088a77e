"""The list of cadres: our page, Django's admin changelist on the same rows, and the rows alone."""

from __future__ import annotations

from django.db import connection
from django.test import Client

from accounts.models import User
from benchmarks.timing import Row, compare
from cadres.models import Cadre
from tables.paging import _cursor

ORDER = ("pinyin", "id")
BACKEND = "django.contrib.auth.backends.ModelBackend"
# The columns of the page, by hand: what the database needs for fifty rows and nothing else.
BY_HAND = """
    SELECT c.name, c.gender, c.birth_month, u.name, c.education, c.staffing, m.name
    FROM cadres_cadre c JOIN units_unit u ON u.id = c.unit_id
    LEFT JOIN cadres_mentee e ON e.cadre_id = c.id AND e.to_on IS NULL
    LEFT JOIN cadres_menteecategory m ON m.id = e.category_id
    WHERE c.city_id = %s AND c.left_on IS NULL AND (c.pinyin, c.id) > (%s, %s)
    ORDER BY c.pinyin, c.id LIMIT 50
"""


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def opened(client: Client, address: str) -> bytes:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return response.content


def measure(size: str, *, rounds: int) -> list[Row]:
    coordinator = User.objects.get(username="demo.shi")
    ours = client_of(coordinator)
    admin, _made = User.objects.get_or_create(
        username="demo.bench", name="bench", is_staff=True, is_superuser=True
    )
    theirs = client_of(admin)
    city = coordinator.live_grants[0].unit_id
    middle = Cadre.objects.order_by(*ORDER)[Cadre.objects.count() // 2]
    admin_page = Cadre.objects.count() // 2 // 50

    def by_hand(pinyin: str, pk: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(BY_HAND, [city, pinyin, pk])
            return len(cursor.fetchall())

    nobody = "00000000-0000-0000-0000-000000000000"
    first = compare(
        "List of cadres, first page",
        size,
        {
            "Bangdai: page of 50": lambda: opened(ours, "/cadres/"),
            "Django admin changelist of the same rows": lambda: opened(
                theirs, "/admin/cadres/cadre/"
            ),
            "limit: the 50 rows by SQL, no page": lambda: by_hand("", nobody),
        },
        rounds=rounds,
    )
    after = _cursor(ORDER, middle)
    deep = compare(
        "List of cadres, a page in the middle",
        size,
        {
            "Bangdai: page of 50": lambda: opened(ours, f"/cadres/?after={after}"),
            "Django admin changelist of the same rows": lambda: opened(
                theirs, f"/admin/cadres/cadre/?p={admin_page}"
            ),
            "limit: the 50 rows by SQL, no page": lambda: by_hand(middle.pinyin, str(middle.pk)),
        },
        rounds=rounds,
    )
    search = compare(
        "List of cadres, search by pinyin initials",
        size,
        {
            "Bangdai: page of 50": lambda: opened(ours, "/cadres/?q=zw"),
            "Django admin changelist of the same rows": lambda: opened(
                theirs, "/admin/cadres/cadre/?q=zw"
            ),
        },
        rounds=rounds,
    )
    return first + deep + search
