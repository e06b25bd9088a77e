"""What a telephone keeps of the pages: the files that all of them load, and the page that stands
in when there is no network. No page of a person is kept by the worker (see
docs/decisions/what-stays-on-the-phone.md).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse

# Loaded by templates/base.html and by what it loads; a test holds the two together.
FILES = (
    "bootstrap/css/bootstrap.min.css",
    "bootstrap/js/bootstrap.bundle.min.js",
    "bootstrap-icons/bootstrap-icons.min.css",
    "bootstrap-icons/fonts/bootstrap-icons.woff2",
    "css/app.css",
    "django_htmx/htmx-2.min.js",
    "img/icon.svg",
    "js/app.js",
    "js/drafts.js",
    "js/hints.js",
    "js/kept.js",
    "js/leaving.js",
    "js/offline.js",
    "js/photos.js",
    "js/sending.js",
    "js/type_size.js",
    "tom-select/css/tom-select.bootstrap5.min.css",
    "tom-select/js/tom-select.complete.min.js",
)
WORKER = "js/worker.js"
ICONS = (
    ("img/icon-192.png", "192x192", "any"),
    ("img/icon-512.png", "512x512", "any"),
    ("img/icon-maskable-512.png", "512x512", "maskable"),
)
SENT = "bangdai_sent"  # the cookie that tells a page which of its forms went through


class Shell(TypedDict):
    version: str
    page: str
    static: str
    files: list[str]


def shell(page: str) -> Shell:
    """What the worker keeps. `page` is the page without a network, as it reads now."""
    digest = hashlib.sha256(page.encode())
    for name in (*FILES, WORKER):
        digest.update(_mark(name))
    return Shell(
        version=digest.hexdigest()[:16],
        page=reverse("device:kept"),
        static=settings.STATIC_URL,
        files=[static(name) for name in FILES],
    )


def _mark(name: str) -> bytes:
    """The address of a hashed file says what is in it; of another only its content does."""
    if isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return static(name).encode()
    return Path(str(finders.find(name))).read_bytes()
