from rosters.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import a cadre roster (.xlsx, .xls, .csv) as a coordinator: all rows or none."
    kind_code = "cadres"
