from mentors.import_command import ImportCommand
from mentors.roster import ROSTER


class Command(ImportCommand):
    help = "Import a cadre roster (.xlsx, .xls, .csv) as a coordinator: all rows or none."
    importer = ROSTER
