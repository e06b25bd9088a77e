from rosters.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import pairs that an office has already, as a coordinator: all rows or none."
    kind_code = "pairings"
