import datetime as dt

from core.templatetags.chrome import day, is_under


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
