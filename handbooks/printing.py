"""One pair's handbook as a file, for whoever may read it."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from handbooks import photos, rendering
from handbooks.gathering import gather
from pairings.models import Pairing


def printed(pairing: Pairing, user: User, *, with_photos: bool = False) -> bytes:
    """The PDF with what the user may read; glyphs.MissingGlyph as rendering.render."""
    facts = gather(pairing, user, timezone.localdate(), with_photos=with_photos)
    return rendering.render(facts, photos.read(photos.names(facts)))
