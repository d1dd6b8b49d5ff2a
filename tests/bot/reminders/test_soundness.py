from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel

from bot import invariants
from bot.changes.models import Announcement
from bot.reminders.models import Reminder
from tests.support.camps import MONDAY, Camps, local

NINE = local(MONDAY, 9)
DUE = NINE - timedelta(minutes=15)


def reminder(activity_id: int, **values: object) -> Reminder:
    """A reminder as it should not be."""
    row = {"activity_id": activity_id, "minutes": 15, "starts_at": NINE, "due_at": DUE}
    return Reminder.model_validate({**row, **values})


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"settled_at": NINE}, "a reminder is settled without an outcome"),
        ({"settled_at": DUE - timedelta(seconds=1), "outcome": "sent"}, "a reminder went out before it was due"),
        ({"settled_at": NINE, "outcome": "skipped"}, "a reminder was left out and does not say why"),
    ],
)
def test_a_reminder_that_breaks_a_rule_is_found(camps: Camps, values: dict[str, object], text: str) -> None:
    activity = camps.activity(camps.cohort(), MONDAY, (9, 0), (10, 0))

    keep(camps, reminder(activity.id or 0, **values))

    assert [found.text for found in camps.see(invariants.check)] == [text]


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        ("", "an announcement is settled without an outcome"),
        ("sent", "an announcement was sent and does not say what"),
    ],
)
def test_an_announcement_that_breaks_a_rule_is_found(camps: Camps, outcome: str, text: str) -> None:
    cohort = camps.cohort()

    keep(camps, Announcement(cohort_id=cohort.id or 0, opened_at=DUE, settled_at=NINE, outcome=outcome))

    assert [found.text for found in camps.see(invariants.check)] == [text]


def keep(camps: Camps, row: SQLModel) -> None:
    """Write a row behind the services' backs."""

    def work(session: Session) -> None:
        session.add(row)

    camps.do(work)
