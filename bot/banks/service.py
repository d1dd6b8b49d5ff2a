"""Reading banks: for the doors (who ask as somebody) and for the features that ask questions (who ask for nobody).

What writes is in ``bot.banks.importing`` and ``bot.banks.correcting``; together they are the only writers of these
tables.
"""

import random
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from msgspec import Struct
from sqlalchemy import Select, func, select
from sqlmodel import Session

from bot.banks.models import Bank, BankQuestion, QuestionVersion
from bot.banks.questions import ASKED, Difficulty, Kind, Question
from bot.banks.wire import load_question
from bot.errors import Gone, Refusal
from bot.people import access
from bot.people.models import Role
from bot.people.service import Speaker

BANK = Bank.__table__  # type: ignore[attr-defined]
QUESTION = BankQuestion.__table__  # type: ignore[attr-defined]
VERSION = QuestionVersion.__table__  # type: ignore[attr-defined]

WRITING = (Role.COORDINATOR, Role.TEACHER)
READING = (*WRITING, Role.AUDITOR)

_CHUNK = 500


class NotYourBanks(Refusal):
    """Only coordinators and teachers of this camp work with its question banks."""


class Kept(Struct, frozen=True):
    """A question of a bank, with the version that this is."""

    id: int
    bank_id: int
    number: int
    version: int
    question: Question


class BankLine(Struct, frozen=True):
    """A bank in a list; ``asked`` of its ``size`` questions can be asked in a chat."""

    id: int
    cohort_id: int
    name: str
    size: int
    asked: int


def require_writer(session: Session, speaker: Speaker | None, cohort_id: int) -> Speaker:
    """Let only a coordinator or a teacher of the cohort pass, or an operator; raises NotYourBanks."""
    return _require(session, speaker, cohort_id, WRITING)


def require_reader(session: Session, speaker: Speaker | None, cohort_id: int) -> Speaker:
    """Let an auditor pass too, who may change nothing; raises NotYourBanks."""
    return _require(session, speaker, cohort_id, READING)


def _require(session: Session, speaker: Speaker | None, cohort_id: int, roles: Sequence[Role]) -> Speaker:
    if speaker is None or not (
        speaker.is_operator or access.roles_in(session, speaker.person_id, cohort_id) & {*roles}
    ):
        raise NotYourBanks
    return speaker


def find_bank(session: Session, bank_id: int) -> Bank:
    """The bank of that id; raises Gone where there is none or it was deleted."""
    bank = session.get(Bank, bank_id)
    if bank is None or bank.deleted_at is not None:
        raise Gone
    return bank


def banks_of(session: Session, cohort_id: int) -> list[BankLine]:
    """The banks of a cohort, by name."""
    size, asked = func.count(QUESTION.c.id), func.count(QUESTION.c.id).filter(QUESTION.c.kind.in_(ASKED))
    query = (
        select(BANK.c.id, BANK.c.cohort_id, BANK.c.name, size, asked)
        .outerjoin(QUESTION, QUESTION.c.bank_id == BANK.c.id)
        .where(BANK.c.cohort_id == cohort_id, BANK.c.deleted_at.is_(None))
        .group_by(BANK.c.id, BANK.c.cohort_id, BANK.c.name)
        .order_by(BANK.c.name, BANK.c.id)
    )
    return [BankLine(*row) for row in session.connection().execute(query)]


def question(session: Session, question_id: int) -> Kept:
    """The question as it stands now, also of a bank that was deleted since; raises Gone where there never was one."""
    found = questions(session, [question_id])
    if question_id not in found:
        raise Gone
    return found[question_id]


def questions(session: Session, question_ids: Iterable[int]) -> dict[int, Kept]:
    """Several questions as they stand now, by id."""
    ids = list(dict.fromkeys(question_ids))
    found: dict[int, Kept] = {}
    for start in range(0, len(ids), _CHUNK):
        query = _kept().where(QUESTION.c.id.in_(ids[start : start + _CHUNK]))
        found |= {row.id: _as_kept(row) for row in session.connection().execute(query)}
    return found


def question_at(session: Session, question_id: int, version: int) -> Kept:
    """The question as it stood in that version, which is what somebody was asked; raises Gone where there is none."""
    now = question(session, question_id)
    if version == now.version:
        return now
    query = select(VERSION.c.content).where(VERSION.c.question_id == question_id, VERSION.c.version == version)
    content = session.connection().execute(query).scalar()
    if content is None:
        raise Gone
    return Kept(now.id, now.bank_id, now.number, version, _read(content))


def draw(
    session: Session,
    bank_id: int,
    *,
    count: int,
    seed: int | str,
    categories: Collection[str] = (),
    difficulties: Collection[Difficulty] = (),
    kinds: Collection[Kind] = (),
    without: Collection[int] = (),
) -> list[int]:
    """The ids of up to ``count`` questions that can be asked, drawn by ``seed``: the same always, in drawn order.

    An empty ``categories``, ``difficulties`` or ``kinds`` means all; a category includes what lies under it.
    """
    left_out = set(without)
    query = _askable(bank_id, difficulties, kinds)
    rows = session.connection().execute(query)
    ids = [row.id for row in rows if row.id not in left_out and is_under(row.category, categories)]
    random.Random(f"{seed}").shuffle(ids)  # noqa: S311 - a lot that can be drawn again, no secret
    return ids[:count]


def pick_next(
    session: Session,
    bank_id: int,
    *,
    seed: int | str,
    asked: Collection[int],
    categories: Collection[str] = (),
    difficulties: Collection[Difficulty] = (),
    kinds: Collection[Kind] = (),
) -> int | None:
    """One question that was not asked yet, ``None`` where all were; what is wanted as for ``draw``."""
    drawn = draw(
        session,
        bank_id,
        count=1,
        seed=seed,
        categories=categories,
        difficulties=difficulties,
        kinds=kinds,
        without=asked,
    )
    return drawn[0] if drawn else None


def categories(session: Session, bank_id: int) -> list[tuple[str, int]]:
    """The categories of the questions that can be asked, each with how many there are, by name."""
    query = (
        select(QUESTION.c.category, func.count())
        .where(QUESTION.c.bank_id == bank_id, QUESTION.c.kind.in_(ASKED))
        .group_by(QUESTION.c.category)
        .order_by(QUESTION.c.category)
    )
    return [(row[0], row[1]) for row in session.connection().execute(query)]


def count_by(session: Session, bank_id: int) -> dict[tuple[str, Difficulty, Kind], int]:
    """How many questions there are of each category, difficulty and kind, for whoever composes a test."""
    columns = (QUESTION.c.category, QUESTION.c.difficulty, QUESTION.c.kind)
    query = select(*columns, func.count()).where(QUESTION.c.bank_id == bank_id).group_by(*columns)
    return {(row[0], Difficulty(row[1]), Kind(row[2])): row[3] for row in session.connection().execute(query)}


def is_under(category: str, wanted: Collection[str]) -> bool:
    """Whether a category is one of those wanted, or lies under one."""
    return not wanted or any(category == one or category.startswith(f"{one}/") for one in wanted)


def _askable(bank_id: int, difficulties: Collection[Difficulty], kinds: Collection[Kind]) -> Select[tuple[int, str]]:
    wanted = frozenset(kinds) & ASKED if kinds else ASKED
    query = select(QUESTION.c.id, QUESTION.c.category).where(
        QUESTION.c.bank_id == bank_id, QUESTION.c.kind.in_([kind.value for kind in wanted])
    )
    if difficulties:
        query = query.where(QUESTION.c.difficulty.in_([one.value for one in difficulties]))
    return query.order_by(QUESTION.c.number)


def _kept() -> Select[tuple[int, int, int, int, str]]:
    return select(QUESTION.c.id, QUESTION.c.bank_id, QUESTION.c.number, QUESTION.c.version, QUESTION.c.content)


def _as_kept(row: object) -> Kept:
    return Kept(row.id, row.bank_id, row.number, row.version, _read(row.content))  # type: ignore[attr-defined]


@lru_cache(maxsize=2048)
def _read(content: str) -> Question:
    return load_question(content)
