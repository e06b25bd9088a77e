from mentors.import_command import ImportCommand
from pairings.pair_roster import PAIR_ROSTER


class Command(ImportCommand):
    help = "Import pairs that an office has already, as a coordinator: all rows or none."
    importer = PAIR_ROSTER
