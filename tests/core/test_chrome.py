import datetime as dt

from django.http import QueryDict

from core.templatetags.chrome import carry, day, is_under


def test_a_moment_late_in_the_evening_of_greenwich_is_the_next_day_here():
    assert day(dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)) == "2026年11月23日"
    assert day(dt.date(2026, 11, 23)) == "2026年11月23日"
    assert day(None) == ""


def test_a_menu_entry_is_lit_on_its_own_pages_alone():
    assert is_under("/pairings/1/", "/pairings/ /certificates/")
    assert is_under("/certificates/", "/pairings/ /certificates/")
    assert not is_under("/", "/pairings/")
    assert not is_under("/pairings/", "")
    assert is_under("/", "")


def test_a_link_carries_what_it_names_and_nothing_else():
    given = QueryDict("unit=3&as_of=2026-06-30&age=&after=%E6%9D%8E&section=pairs")
    assert carry(given, "unit", "as_of", "age") == "?unit=3&as_of=2026-06-30"
    assert carry(given, "period_from") == ""
    assert carry(given, "after") == "?after=%E6%9D%8E"
