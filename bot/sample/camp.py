"""The sample camp: the roster and timetable as they come out of Excel, moved so that the camp begins today.

It is loaded through the same services as a coordinator's files, once, into an empty database.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlmodel import Session

from bot.audit.service import Actor
from bot.people import enrolling, linking, service
from bot.people.models import Cohort, Person, Role
from bot.people.roster import read_roster
from bot.people.roster_shapes import Roster
from bot.sample.sheet import write_timetable
from bot.sheets.reader import read_workbook_now
from bot.timetable import importing
from bot.timetable.sheet import read_timetable
from bot.timetable.sheet_shapes import Timetable, TimetableEntry
from bot.turn import Turn

FOLDER = Path(__file__).parent
ROSTER = FOLDER / "roster.xlsx"
TIMETABLE = FOLDER / "timetable.xlsx"
FILES = ((ROSTER, "示例花名册（xlsx）"), (TIMETABLE, "示例课程表（xlsx）"))
FIRST_DAY = date(2026, 12, 7)
LAST_DAY = date(2026, 12, 9)
NAME = "“红领青训营”第四期（示例）"
SAMPLE = Actor(name="sample")
CHINESE: Mapping[int, str] = {}
TRYING_OUT = timedelta(hours=2)


def load_sample_camp(
    turn: Turn,
    *,
    time_zone: str,
    coordinator: int,
    trainees: tuple[int, ...],
    folder: Path,
    languages: Mapping[int, str] = CHINESE,
) -> bool:
    """Load the camp unless the database already has a cohort; whether it was loaded.

    ``trainees`` are the accounts to link, ``languages`` what their Telegram is set to where that is not Chinese. The
    timetable with the camp's own days is written into ``folder``.
    """
    if service.all_cohorts(turn.session):
        return False
    session, now = turn.session, turn.now
    cohort = _open_cohort(session, now, time_zone)
    _enrol(session, cohort, now)
    _invite_coordinator(session, cohort, coordinator, now)
    accounts = [linking.Account(account, languages.get(account, "zh-hans")) for account in trainees]
    _link(session, cohort, accounts, now)
    timetable = _timetable(cohort, now)
    importing.apply(session, cohort=cohort, timetable=timetable, actor=SAMPLE, now=now)
    folder.mkdir(parents=True, exist_ok=True)
    write_timetable(folder / TIMETABLE.name, f"{NAME}课程安排", timetable.entries)
    return True


def _open_cohort(session: Session, now: datetime, time_zone: str) -> Cohort:
    today = now.astimezone(ZoneInfo(time_zone)).date()
    office = service.open_organisation(session, service.OFFICE)
    return service.create_cohort(
        session,
        organisation_id=office.id or 0,
        name=NAME,
        starts_on=today,
        ends_on=today + (LAST_DAY - FIRST_DAY),
        time_zone=time_zone,
        language="zh",
        actor=SAMPLE,
        now=now,
    )


def _enrol(session: Session, cohort: Cohort, now: datetime) -> None:
    roster = read_roster(read_workbook_now(ROSTER, name=ROSTER.name))
    assert isinstance(roster, Roster)  # noqa: S101 - the sample has a header
    plan = enrolling.plan_roster(session, cohort=cohort, roster=roster)
    enrolling.carry_out(session, cohort=cohort, plan=plan, actor=SAMPLE, now=now)


def _invite_coordinator(session: Session, cohort: Cohort, account: int, now: datetime) -> None:
    person = Person(organisation_id=cohort.organisation_id, name="陈老师")
    session.add(person)
    session.flush()
    service.grant(
        session, person_id=person.id or 0, cohort_id=cohort.id or 0, role=Role.COORDINATOR, actor=SAMPLE, now=now
    )
    _link_one(session, cohort, person.id or 0, linking.Account(account, "zh-hans"), now)


def _link(session: Session, cohort: Cohort, accounts: Sequence[linking.Account], now: datetime) -> None:
    trainees = linking.unlinked_trainees(session, cohort.id or 0)
    for person_id, account in zip(sorted(trainees), accounts, strict=False):
        _link_one(session, cohort, person_id, account, now)


def _link_one(session: Session, cohort: Cohort, person_id: int, account: linking.Account, now: datetime) -> None:
    card = linking.issue_card(session, person_id=person_id, cohort_id=cohort.id or 0, actor=SAMPLE, now=now)
    code = linking.code_of(session, card.id or 0)
    linking.link_account(session, code=code, account=account, now=now)


def _timetable(cohort: Cohort, now: datetime) -> Timetable:
    zone = ZoneInfo(cohort.time_zone)
    read = read_timetable(
        read_workbook_now(TIMETABLE, name=TIMETABLE.name), first_day=FIRST_DAY, last_day=LAST_DAY, zone=zone
    )
    assert isinstance(read, Timetable)  # noqa: S101 - the sample has a header
    moved = tuple(replace(entry, on=entry.on + (cohort.starts_on - FIRST_DAY)) for entry in read.entries)
    return replace(read, entries=(*moved, *_to_try_now(now.astimezone(zone))))


def _to_try_now(local: datetime) -> tuple[TimetableEntry, ...]:
    """An activity that is on right now, so that check-in can be tried at any hour of the day."""
    starts = (local + timedelta(minutes=10)).replace(second=0, microsecond=0)
    starts -= timedelta(minutes=starts.minute % 10)
    ends = min(starts + TRYING_OUT, starts.replace(hour=23, minute=59))
    if ends - starts < timedelta(minutes=10) or starts.date() != local.date():
        return ()
    return (
        TimetableEntry(
            row=0,
            on=local.date(),
            starts=_wall(starts),
            ends=_wall(ends),
            title="试一试：签到体验",
            kind="体验",
            speaker="陈老师",
            place="201教室",
            notes="",
        ),
    )


def _wall(moment: datetime) -> time:
    return moment.time().replace(tzinfo=None)
