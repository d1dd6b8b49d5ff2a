"""Ledgers as people may see them: one's own, one person's, a whole cohort's. Every door asks here who may."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.errors import Gone, NotAllowed, NotLinked
from bot.hours.ledgers import Trainee, ledgers_of
from bot.hours.rules import Ledger, Level, would_end
from bot.hours.ruling import rules_of
from bot.people import access
from bot.people import service as people
from bot.people.models import Person, Role
from bot.people.service import Speaker


class Account(Struct, frozen=True):
    """One person's ledger in a cohort. ``may_act``: whether the reader may offer to make hours up."""

    cohort_id: int
    cohort_name: str
    trainee: Trainee
    ledger: Ledger
    is_own: bool = False
    may_act: bool = False


class Overview(Struct, frozen=True):
    """Everybody's ledger that the reader may see, in the order of the roster: no ranking."""

    cohort_id: int
    cohort_name: str
    accounts: tuple[Account, ...]
    may_act: bool = False

    def near(self) -> tuple[Account, ...]:
        """Those who have used half of their allowance or more."""
        return tuple(one for one in self.accounts if one.ledger.level is not Level.FINE)


class Forecast(Struct, frozen=True):
    """What leave from some activities would do to a ledger."""

    before: Ledger
    after: Ledger
    minutes: int

    @property
    def ends_course(self) -> bool:
        """Whether it would end a course that can still be passed."""
        return would_end(self.before, self.after)


def show_own(session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime) -> Account:
    """The speaker's own ledger.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: the speaker is no trainee of such a cohort.
    """
    if speaker is None:
        raise NotLinked
    return account_of(session, cohort_id, speaker.person_id, now, is_own=True)


def show_account(
    session: Session, *, speaker: Speaker | None, cohort_id: int, person_id: int, now: datetime
) -> Account:
    """A person's ledger, for whoever may see it: coordinators, auditors, the department, the unit's contact.

    Raises:
        Gone: there is no such trainee.
        NotAllowed: it is not the speaker's to see.
    """
    reader = _require_sight(session, speaker, cohort_id)
    account = account_of(session, cohort_id, person_id, now, may_act=_may_act(session, reader, cohort_id))
    if account.trainee not in _visible(session, reader, cohort_id, [account.trainee]):
        raise NotAllowed
    return account


def show_overview(session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime) -> Overview:
    """The ledgers of everybody whom the speaker may see: the whole cohort, or a unit contact's own people.

    Raises:
        Gone: there is no such cohort.
        NotAllowed: the speaker may see none.
    """
    cohort = people.get_cohort(session, cohort_id)
    reader = _require_sight(session, speaker, cohort_id)
    found = ledgers_of(session, cohort_id, now)
    visible = _visible(session, reader, cohort_id, [trainee for trainee, _ in found.values()])
    may_act = _may_act(session, reader, cohort_id)
    accounts = (
        Account(cohort_id, cohort.name, trainee, ledger, may_act=may_act)
        for trainee, ledger in found.values()
        if trainee in visible
    )
    return Overview(cohort_id, cohort.name, tuple(accounts), may_act)


def account_of(
    session: Session, cohort_id: int, person_id: int, now: datetime, *, is_own: bool = False, may_act: bool = False
) -> Account:
    """A person's ledger; the caller has asked who wants to see it.

    Raises:
        Gone: there is no such trainee.
    """
    cohort = people.get_cohort(session, cohort_id)
    found = ledgers_of(session, cohort_id, now, [person_id]).get(person_id)
    if found is None:
        raise Gone
    return Account(cohort_id, cohort.name, *found, is_own=is_own, may_act=may_act)


def forecast(
    session: Session, *, cohort_id: int, person_id: int, activity_ids: Collection[int], now: datetime
) -> Forecast:
    """What leave from these activities would do.

    Raises:
        Gone: there is no such trainee.
    """
    before = account_of(session, cohort_id, person_id, now).ledger
    minutes = sum(one.record.minutes for one in before.entries if one.record.activity_id in activity_ids)
    return Forecast(before, before.excusing(activity_ids), minutes)


def _require_sight(session: Session, speaker: Speaker | None, cohort_id: int) -> Speaker:
    if speaker is not None and _is_department(session, speaker, cohort_id):
        return speaker
    return access.require_role(session, speaker, cohort_id, *access.READING, Role.UNIT_CONTACT)


def _is_department(session: Session, speaker: Speaker, cohort_id: int) -> bool:
    """Whether the speaker decides longer leave there, and so must see what it would do."""
    return rules_of(session, cohort_id).department_id == speaker.person_id


def _may_act(session: Session, reader: Speaker, cohort_id: int) -> bool:
    return reader.is_operator or Role.COORDINATOR in access.roles_in(session, reader.person_id, cohort_id)


def _visible(session: Session, reader: Speaker, cohort_id: int, trainees: Collection[Trainee]) -> Collection[Trainee]:
    sees_all = reader.is_operator or _is_department(session, reader, cohort_id)
    if sees_all or access.roles_in(session, reader.person_id, cohort_id) & {*access.READING}:
        return trainees
    contact = session.get(Person, reader.person_id)
    unit = contact.unit if contact else None
    return [one for one in trainees if unit and one.unit == unit]
