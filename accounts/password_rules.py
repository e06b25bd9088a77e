from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class MinimumLength(MinimumLengthValidator):
    """Django's own, in words that have a translation: its catalogue lags behind its code here."""

    def get_error_message(self) -> str:
        return _("The password needs %(count)s characters or more.") % {"count": self.min_length}
