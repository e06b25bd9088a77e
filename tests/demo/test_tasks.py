"""Templates of assignments of the demo."""

from django.utils import timezone

from activities.models import Assignment, AssignmentTemplate
from mentoring.demo import tasks
from mentoring.demo.chance import Chance
from tests.factories import make_cadre, make_pairing


def test_the_shown_mentor_has_set_one_for_all_mentees(cast, tree):
    today = timezone.localdate()
    other = make_pairing(
        mentor=cast.mentor_row, mentee=make_cadre(unit=tree.shangshu, name="另一徒")
    )
    made = tasks.enter(tree.anji, cast.pairing, by=cast.county, chance=Chance(1, today))
    assert (made, AssignmentTemplate.objects.filter(unit=tree.anji).count()) == (3, 3)
    rows = Assignment.objects.order_by("pairing")
    assert {(row.pairing, row.state) for row in rows} == {
        (cast.pairing, "submitted"),
        (other, "set"),
    }
    assert len({row.set_together for row in rows}) == 1
