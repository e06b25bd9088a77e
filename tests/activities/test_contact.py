import datetime as dt

from activities.contact import with_last_contact
from pairings.models import Pairing
from tests.activities.making import make_session, make_visit
from tests.factories import make_cadre, make_pairing


def dates(pairing):
    row = with_last_contact(Pairing.objects.all()).get(pk=pairing.pk)
    return row.last_contact_on, row.silent_from


def test_a_pair_without_a_record_is_silent_from_its_first_day(cast):
    assert dates(cast.pairing) == (None, dt.date(2026, 3, 1))


def test_the_later_of_session_and_visit_is_the_last_contact(cast, tree):
    other = make_pairing(mentor=cast.mentor_row, mentee=make_cadre(unit=tree.shangshu))
    make_visit(pairing=other, happened_on=dt.date(2026, 9, 1))
    make_session(pairing=cast.pairing, happened_on=dt.date(2026, 4, 2))
    assert dates(cast.pairing) == (dt.date(2026, 4, 2), dt.date(2026, 4, 2))
    make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 5, 3))
    make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 3, 3))
    assert dates(cast.pairing) == (dt.date(2026, 5, 3), dt.date(2026, 5, 3))


def test_silence_is_one_query_for_any_number_of_pairs(cast, django_assert_num_queries):
    make_session(pairing=cast.pairing)
    with django_assert_num_queries(1):
        assert len(with_last_contact(Pairing.objects.all())) == 1
