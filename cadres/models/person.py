"""A person in the register."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Least, NullIf, Right
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cadres import codes, identity, pinyin
from cadres.characters import at_units_called, characters, holds
from cadres.codes import BACHELOR_OR_MORE, UNFINISHED
from cadres.models.event import CadreEvent, CadreVerb
from cadres.models.posting import Posting
from core.fields import MonthField
from core.models import Identified, Keyed
from core.months import dotted, full_years
from core.text import person_name, squeeze
from units.models import Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


class AlreadyLeft(Exception):
    """The person has left the register: nothing more is changed in the row."""


class Merged(Exception):
    """The record was merged into another one: nothing more is changed in it."""


class NotLeft(Exception):
    """The person is on the register: there is no leaving to take back."""


class CadreQuerySet(models.QuerySet["Cadre"]):
    def visible_to(self, user: User) -> Self:
        """People posted in the user's subtrees, the user's own row, and nobody else's.

        A partner in a pairing is read through the pairing, not through the register.
        """
        condition = user.rows_q()
        # An OR costs the index of the scope, so it stands only for people of the register.
        if own := getattr(user, "cadre", None):
            condition |= Q(pk=own.pk)
        return self.filter(condition, merged_into=None)

    def on_register(self) -> Self:
        return self.filter(left_on=None, merged_into=None)

    def search(self, text: str) -> Self:
        """By name, unit name, whole pinyin or its initials; four digits or more end a phone."""
        words = squeeze(text)
        if not words:
            return self
        if words.isdecimal() and len(words) >= 4:
            tail = self.filter(phone_tail=words[-4:])
            return tail if len(words) == 4 else tail.filter(phone__endswith=words)
        if "\0" in words:  # no text in PostgreSQL holds one
            return self.none()
        condition = holds("name", person_name(words))
        condition |= at_units_called(words)
        if words.isascii():
            key = "".join(words.lower().split())
            condition |= Q(pinyin__startswith=key) | Q(initials__startswith=key)
        return self.filter(condition)

    def with_bachelor(self) -> Self:
        """本科及以上 by the highest of full-time and in-service education."""
        return self.filter(
            Q(education__in=BACHELOR_OR_MORE) | Q(later_education__in=BACHELOR_OR_MORE)
        )

    def with_title(self, text: str) -> Self:
        """Who holds a post today whose title has these words."""
        held = Posting.objects.filter(holds("title", text), cadre=OuterRef("pk"), to_on=None)
        return self.filter(Exists(held))

    def with_post(self) -> Self:
        """Adds `post`: the title of the open main posting, None when there is none."""
        open_main = Posting.objects.filter(cadre=OuterRef("pk"), is_main=True, to_on=None)
        return self.annotate(post=Subquery(open_main.order_by().values("title")[:1]))

    def for_list(self) -> Self:
        return self.select_related("unit", "township", "county").with_mentee_category()

    def with_mentee_category(self) -> Self:
        """Adds `mentee_kind`: the category of the open entry as a mentee, None without one."""
        entry = self.model._default_manager.filter(
            pk=OuterRef("pk"), menteeships__isnull=False, menteeships__to_on=None
        )
        return self.annotate(
            mentee_kind=Subquery(entry.order_by().values("menteeships__category__name")[:1])
        )

    def for_detail(self) -> Self:
        return self.for_list().select_related("user")


class Cadre(Identified, Placed, Keyed):
    """A person in the register. Placed at the unit of the open main posting."""

    name = models.CharField(_("name"), max_length=100)
    pinyin = models.CharField(max_length=300, editable=False)
    initials = models.CharField(max_length=100, editable=False)
    # Forms and rosters ask for both; a row may lack them where nothing is known (old pairs).
    gender = models.CharField(_("gender"), max_length=1, blank=True)
    birth_month = MonthField(_("birth month"), blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=2, blank=True)
    id_digest = models.CharField(max_length=64, null=True, editable=False)
    id_tail = models.CharField(_("ID number ends in"), max_length=4, blank=True, editable=False)
    political_status = models.CharField(_("political status"), max_length=2, blank=True)
    party_month = MonthField(_("joined the party"), blank=True)
    education = models.CharField(_("full-time education"), max_length=2, blank=True)
    later_education = models.CharField(_("in-service education"), max_length=2, blank=True)
    # The higher of the two, for filters and sorting, NULL (which sorts last) where neither is
    # known; `codes.highest` says the same of values.
    highest_code = models.GeneratedField(
        expression=Case(
            When(education="", then=NullIf("later_education", Value(""))),
            When(later_education="", then=F("education")),
            When(
                Q(education__in=UNFINISHED) & ~Q(later_education__in=UNFINISHED),
                then=F("later_education"),
            ),
            When(
                ~Q(education__in=UNFINISHED) & Q(later_education__in=UNFINISHED),
                then=F("education"),
            ),
            default=Least("education", "later_education"),
        ),
        output_field=models.CharField(max_length=2, null=True),
        db_persist=True,
    )
    is_party_school = models.BooleanField(
        _("in-service education at a party school"), default=False
    )
    work_month = MonthField(_("started work"), blank=True)
    staffing = models.CharField(_("staffing"), max_length=12, blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    phone_tail = models.GeneratedField(
        expression=Right("phone", 4), output_field=models.CharField(max_length=4), db_persist=True
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sign-in"),
        on_delete=models.PROTECT,
        related_name="cadre",
        null=True,
        blank=True,
    )
    # The record that this one was merged into: a second row for one person, kept for undoing.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        related_name="absorbed",
        null=True,
        editable=False,
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)
    left_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    tally = _("%(n)d people")

    objects = CadreQuerySet.as_manager()

    post: str | None  # by with_post()
    mentee_kind: str | None  # by for_list()
    years: int | None  # set by a list for its day

    class Meta(Keyed.Meta):
        verbose_name = _("cadre")
        verbose_name_plural = _("cadres")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["id_digest"],
                name="cadre_once_per_id_number",
                violation_error_message=_("A person with this ID number is in the register."),
            ),
            models.CheckConstraint(
                name="cadre_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="cadre_birth_month_form",
                condition=Q(birth_month="") | Q(birth_month__regex=r"^\d{4}-(0[1-9]|1[0-2])$"),
            ),
            models.CheckConstraint(
                name="cadre_party_month_form",
                condition=Q(party_month="") | Q(party_month__regex=r"^\d{4}-(0[1-9]|1[0-2])$"),
            ),
            models.CheckConstraint(
                name="cadre_work_month_form",
                condition=Q(work_month="") | Q(work_month__regex=r"^\d{4}-(0[1-9]|1[0-2])$"),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "pinyin", "id"], name="cadre_county_pinyin"),
            models.Index(fields=["city", "pinyin", "id"], name="cadre_city_pinyin"),
            models.Index(fields=["township", "pinyin", "id"], name="cadre_township_pinyin"),
            models.Index(fields=["name", "birth_month"], name="cadre_name_birth"),
            models.Index(fields=["county", "birth_month", "id"], name="cadre_county_birth"),
            models.Index(fields=["county", "work_month", "id"], name="cadre_county_work"),
            models.Index(
                fields=["county", "highest_code", "pinyin", "id"], name="cadre_county_education"
            ),
            models.Index(fields=["county", "created_at", "id"], name="cadre_county_entered"),
            models.Index(fields=["county", "unit", "pinyin", "id"], name="cadre_county_unit"),
            models.Index(fields=["county", "phone_tail"], name="cadre_county_phone_tail"),
            GinIndex(characters("name"), name="cadre_name_characters"),
            models.Index(
                fields=["pinyin"], opclasses=["varchar_pattern_ops"], name="cadre_pinyin_begins"
            ),
            models.Index(
                fields=["initials"], opclasses=["varchar_pattern_ops"], name="cadre_initials_begin"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(left_on=None) | Q(left_on__gte=day)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = person_name(self.name)
        self.pinyin, self.initials = pinyin.keys(self.name)
        super().save(*args, **kwargs)

    @property
    def told_apart(self) -> str:
        """What stands beside the name so that homonyms are not confused: unit and birth month."""
        return " · ".join(filter(None, [self.unit.name, dotted(self.birth_month)]))

    @property
    def highest_education(self) -> str:
        """The word for the higher of the two."""
        return codes.name("education", codes.highest(self.education, self.later_education))

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 8 else self.phone

    @property
    def masked_name(self) -> str:
        """For public pages: the surname and asterisks."""
        return self.name[:1] + "*" * (len(self.name) - 1)

    @property
    def has_bachelor(self) -> bool:
        return self.education in BACHELOR_OR_MORE or self.later_education in BACHELOR_OR_MORE

    def age(self, as_of: dt.date) -> int | None:
        """Full years on that day; None while the birth month is unknown."""
        return full_years(self.birth_month, as_of) if self.birth_month else None

    def set_id_number(self, number: str) -> None:
        """Keep the digest and the last four characters of a verified ID number."""
        self.id_digest = identity.digest(number)
        self.id_tail = number[-4:]

    def hold(self) -> None:
        """Lock the row until the transaction ends; Merged when it was merged since it was read."""
        rows = Cadre.objects.select_for_update().order_by()
        if rows.values_list("merged_into", flat=True).get(pk=self.pk) is not None:
            raise Merged

    @transaction.atomic
    def move_to(
        self, unit: Unit, *, title: str = "", on: dt.date | None = None, by: User | None = None
    ) -> Posting:
        """Close the open main posting the day before and open one at the unit.

        Asked for again, it gives the posting that it opened before. Merged as `hold` raises it.
        """
        day = on or timezone.localdate()
        self.hold()  # one move at a time
        for posting in self.postings.filter(is_main=True, to_on=None):
            if (posting.unit_id, posting.title, posting.from_on) == (unit.pk, title, day):
                return posting
            if posting.from_on is not None and posting.from_on >= day:
                posting.delete()  # opened the same day or later: it never took effect
            else:
                posting.to_on = day - dt.timedelta(days=1)
                posting.save(update_fields=["to_on"])
        moved = Posting.objects.create(cadre=self, unit=unit, title=title, from_on=day)
        self.put_in(unit)
        self.save()
        CadreEvent.note(self, CadreVerb.MOVE, by=by, on=day, detail=str(moved))
        return moved

    @transaction.atomic
    def leave(self, *, on: dt.date, reason: str, by: User | None = None) -> None:
        """Close the row and its open posts on that day, or raise AlreadyLeft."""
        changed = Cadre.objects.filter(pk=self.pk, left_on=None, merged_into=None).update(
            left_on=on, left_reason=reason, updated_at=timezone.now()
        )
        if not changed:
            raise AlreadyLeft
        held = self.postings.filter(Q(from_on=None) | Q(from_on__lte=on), to_on=None)
        closed = [str(pk) for pk in held.values_list("pk", flat=True)]
        held.update(to_on=on)
        CadreEvent.note(self, CadreVerb.LEAVE, by=by, on=on, detail=reason, posts=closed)
        self.refresh_from_db()

    @transaction.atomic
    def reinstate(self, *, reason: str, by: User | None = None) -> None:
        """Take back a leaving that was entered by mistake, with the posts that it closed.

        NotLeft when the person is on the register.
        """
        day = self.left_on
        changed = Cadre.objects.filter(
            pk=self.pk, left_on=day, left_on__isnull=False, merged_into=None
        ).update(left_on=None, left_reason="", updated_at=timezone.now())
        if not changed:
            raise NotLeft
        ended = self.postings.filter(to_on=day)
        if left := self.events.filter(verb=CadreVerb.LEAVE).first():
            ended = ended.filter(pk__in=left.posts)
        else:  # left before events were kept
            ended = ended.filter(is_main=True)
        ended.update(to_on=None)
        CadreEvent.note(self, CadreVerb.REINSTATE, by=by, detail=reason)
        self.refresh_from_db()
