#!/usr/bin/env python
"""Django's command line; brings up the embedded servers when none are configured."""

import os
import sys

from mentoring import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    embedded.provide_database()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
