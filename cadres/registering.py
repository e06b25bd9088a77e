"""Putting a person into the register: the row and the first post, in one transaction."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.models import AccountEvent, User
from accounts.opening import open_account
from cadres.models import Cadre, CadreEvent, CadreVerb, Mentee, MenteeCategory, Posting
from units.models import Unit


class HasSignIn(Exception):
    """The person has a sign-in that this form did not open."""


@transaction.atomic
def register(
    cadre: Cadre,
    *,
    unit: Unit,
    title: str,
    by: User,
    client_key: uuid.UUID | None,
    mentee_category: MenteeCategory | None = None,
) -> Cadre:
    """Save a new row, placed at the unit, with an open main post whose beginning is unknown.

    With a category the person is a mentee as well, since as unknown a day as the post.
    IntegrityError when the ID number is registered already.
    """
    cadre.unit, cadre.created_by, cadre.client_key = unit, by, client_key
    cadre.save()
    post = Posting.objects.create(cadre=cadre, unit=unit, title=title)
    CadreEvent.note(cadre, CadreVerb.REGISTER, by=by, detail=str(post))
    if mentee_category:
        Mentee.register([cadre], category=mentee_category, from_on=None, by=by)
    return cadre


@transaction.atomic
def correct(cadre: Cadre, *, fields: list[str], by: User) -> None:
    """Save corrected facts and which they were; IntegrityError as in `register`, Merged when the
    record was merged since it was read."""
    cadre.hold()
    cadre.save()
    if fields:
        CadreEvent.note(cadre, CadreVerb.CORRECT, by=by, fields=fields)


def suggested_username(cadre: Cadre) -> str:
    """The name's pinyin in plain letters, with a number when somebody has it."""
    start = "".join(c for c in cadre.pinyin if c.isascii()) or "cadre"
    taken = set(User.objects.filter(username__istartswith=start).values_list("username", flat=True))
    taken = {name.lower() for name in taken}
    number, name = 1, start
    while name in taken:
        number += 1
        name = f"{start}{number}"
    return name


@transaction.atomic
def open_sign_in(
    cadre: Cadre, *, username: str, by: User, key: uuid.UUID | None
) -> tuple[User, str]:
    """A sign-in for the person, and its first password; the same form again gives the same.

    HasSignIn when another form opened one, ValidationError when the user name is taken.
    """
    locked = Cadre.objects.select_for_update().get(pk=cadre.pk)
    if locked.user_id is not None:
        ours = AccountEvent.objects.filter(created_by=by, client_key=key, user=locked.user_id)
        if key is None or not ours.exists():
            raise HasSignIn
    user, password = open_account(username=username, name=locked.name, by=by, key=key)
    Cadre.objects.filter(pk=cadre.pk).update(user=user)
    return user, password
