"""Sign-ins are opened and given back by somebody else than their owner.

Whoever opens one sees the first password once, hands it over, and it holds until the owner has
chosen another. It is computed from the key of the form that asked for it: the same form sent
twice shows the same password, and no clear password is stored anywhere.
"""

from __future__ import annotations

import uuid

from axes.utils import reset as unlock
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from accounts.models import AccountEvent, AccountVerb, User
from core.once import once
from core.text import person_name, squeeze

# Without signs that are mistaken for one another when read aloud or from paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _SIGNS_A_GROUP = 3, 4  # 31 ** 12, some 59 bits


def open_account(
    *, username: str, name: str, by: User, email: str = "", key: uuid.UUID | None = None
) -> tuple[User, str]:
    """A new sign-in and its first password; ValidationError when the user name is taken.

    The same `key` again gives the same user, and the same password for as long as it holds
    (an empty text once the owner has chosen another).
    """
    key = key or uuid.uuid4()
    password = _password(key, by)

    def make() -> AccountEvent:
        user = User(
            username=squeeze(username),
            name=person_name(name),
            email=email,
            must_change_password=True,
        )
        user.set_password(password)
        # Whether the name is free is the database's to say: of two at once, one comes too late.
        user.full_clean(validate_unique=False)
        user.save()
        return _event(user, AccountVerb.OPEN, by, key)

    try:
        user = once(AccountEvent, by=by, key=key, make=make).user
    except IntegrityError:
        raise ValidationError({"username": gettext("This user name is taken.")}) from None
    return user, _shown(user, password)


def reset_password(user: User, *, by: User, key: uuid.UUID | None = None) -> str:
    """A new first password for somebody who forgot theirs; also lifts a lock-out."""
    key = key or uuid.uuid4()
    password = _password(key, by)

    def make() -> AccountEvent:
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        unlock(username=user.username)
        return _event(user, AccountVerb.RESET, by, key)

    once(AccountEvent, by=by, key=key, make=make)
    user.refresh_from_db()
    return _shown(user, password)


@transaction.atomic
def switch(user: User, *, is_active: bool, by: User) -> bool:
    """Close an account, or open it again; False when it was so already."""
    changed = User.objects.filter(pk=user.pk, is_active=not is_active).update(is_active=is_active)
    if changed:
        _event(user, AccountVerb.ENABLE if is_active else AccountVerb.DISABLE, by)
    return bool(changed)


@transaction.atomic
def choose_password(user: User, password: str) -> None:
    """The owner's own choice: the first password holds no longer."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    _event(user, AccountVerb.CHOOSE, user)


def _event(user: User, verb: str, by: User, key: uuid.UUID | None = None) -> AccountEvent:
    return AccountEvent.objects.create(user=user, verb=verb, created_by=by, client_key=key)


def _password(key: uuid.UUID, by: User) -> str:
    source = salted_hmac("accounts.opening", f"{by.pk}:{key}", algorithm="sha256").digest()
    number = int.from_bytes(source, "big")
    groups = []
    for _ in range(_GROUPS):
        signs = ""
        for _ in range(_SIGNS_A_GROUP):
            number, place = divmod(number, len(_SIGNS))
            signs += _SIGNS[place]
        groups.append(signs)
    return "-".join(groups)


def _shown(user: User, password: str) -> str:
    still_holds = user.must_change_password and user.check_password(password)
    return password if still_holds else ""
