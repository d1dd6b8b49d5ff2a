"""Rows that some buttons need before they say who may press them: 3 and 5 of the first camp, 4 and 6 of the second.

``permission_rows`` makes one row a table from what its columns say; these are in a state that only the feature knows.
"""

import asyncio
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from bot.banks.reading import QUESTIONS, read_any
from bot.changes.models import Announcement, Receipt
from bot.people.models import Import, ImportStatus
from bot.people.roster import read_roster
from bot.people.roster_wire import dump_roster
from bot.sheets.shapes import Row, Sheet, Workbook
from bot.timetable.models import Activity
from tests.support.permission_rows import MARKS, NOW, OTHER, OWN

SENDERS = {OWN: 4, OTHER: 20}
"""The coordinators of the two camps."""


def seed_scene(session: Session) -> None:
    """Give either camp an activity tomorrow, a cancelled one, a sent change, a file of questions and a roster."""
    for number, mark in MARKS.items():
        session.add(_activity(number + 2, number, place=f"{mark} hall", speaker=f"{mark} speaker"))
        session.add(_activity(number + 4, number, cancelled_at=NOW))
        session.add(
            Announcement(id=number + 2, cohort_id=number, opened_at=NOW, settled_at=NOW, outcome="sent", told=1)
        )
        session.add(_import(number + 2, number, QUESTIONS, _questions(mark)))
        session.add(_import(number + 4, number, "roster", _roster(mark)))
        session.flush()
        session.add(Receipt(announcement_id=number + 2, person_id=number))
    session.flush()


def _activity(number: int, cohort_id: int, **more: Any) -> Activity:
    begins = NOW + timedelta(days=1)
    return Activity(
        id=number,
        cohort_id=cohort_id,
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        title=f"{MARKS[cohort_id]} talk",
        **more,
    )


def _import(number: int, cohort_id: int, kind: str, content: str) -> Import:
    sender = SENDERS[cohort_id]
    return Import(
        id=number,
        cohort_id=cohort_id,
        sender_id=sender,
        chat_id=100 + sender,
        file_name=f"{MARKS[cohort_id]}.file",
        kind=kind,
        content=content,
        status=ImportStatus.PREVIEWED,
        created_at=NOW,
    )


def _questions(mark: str) -> str:
    file = f"{mark} sun?{{=East ~West}}\n\n{mark} moon?{{T}}\n\n{mark} bad?{{~a ~b}}\n"
    return str(asyncio.run(read_any(file.encode(), f"{mark}.gift"))[QUESTIONS])


def _roster(mark: str) -> str:
    rows = (Row(1, ("姓名", "手机号")), Row(2, (f"{mark} newcomer", "13900007009")))
    return dump_roster(read_roster(Workbook(mark, (Sheet("1", rows),))))
