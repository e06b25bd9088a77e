"""What a developer would write with django-import-export: a resource on the same models, with the
same words, months, units, digests and matching as ours. It keeps no batch, gives no workbook back
and undoes nothing.
"""

from __future__ import annotations

from typing import Any

from import_export import fields, resources

from accounts.models import User
from cadres.models import Cadre, CadreEvent, CadreVerb, Mentee, Posting
from mentors.importing.columns import CADRES
from mentors.importing.plans import PLAIN
from mentors.importing.reader import Reader
from mentors.models import Mentor, MentorEvent

NAMES = {column.name: column.field for column in CADRES}
_COLUMNS = [name for name in PLAIN if name != "is_party_school"]


class CadreResource(resources.ModelResource):
    class Meta:
        model = Cadre
        fields = (*_COLUMNS, "unit")
        import_id_fields = ("id_digest",)
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    unit = fields.Field(attribute="unit_id", column_name="unit")
    # Named as in the sheet: the columns that identify are looked for among its headings.
    id_digest = fields.Field(attribute="id_digest", column_name="身份证号")

    def __init__(self, user: User) -> None:
        super().__init__()
        self._user, self._read = user, Reader(CADRES, user)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        cells = {NAMES[name]: cell for name, cell in row.items() if cell is not None}
        values, faults = self._read(cells)
        if faults:
            raise ValueError(faults)
        row.clear()
        row.update({name: values.get(name, "") for name in _COLUMNS} | values)
        row["身份证号"] = values["id_digest"]

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        if not Posting.objects.filter(cadre=instance).exists():
            Posting.objects.create(
                cadre=instance, unit_id=row["unit"], title=row.get("title") or ""
            )
            CadreEvent.note(instance, CadreVerb.REGISTER, by=self._user)
        if row.get("mentor_category") and not instance.mentorships.exists():
            mentor = Mentor.objects.create(
                cadre=instance, unit_id=row["unit"], category_id=row["mentor_category"],
                capacity=row.get("capacity", 2), created_by=self._user,
            )  # fmt: skip
            MentorEvent.objects.create(mentor=mentor, verb="import", actor=self._user)
        if row.get("mentee_category") and not instance.menteeships.exists():
            Mentee.enter(
                [Mentee(cadre=instance, category_id=row["mentee_category"], created_by=self._user)]
            )
