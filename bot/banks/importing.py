"""Bringing a file's questions into a bank: planned against what is there, shown, and written once when confirmed.

A question is there already where everything it says is the same; where only its answers or its explanation differ, it
is changed only if the sender says so, as a correction with its log. Knows no file: it takes what was read of one.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.banks.correcting import Corrected, has_same_shape, replace_question
from bot.banks.findings import Entry, Format, Summary
from bot.banks.merging import merged
from bot.banks.models import Bank
from bot.banks.questions import Kind, Question
from bot.banks.service import BANK, QUESTION, find_bank, questions
from bot.banks.wire import load_question

LONGEST_NAME = 60
REASON = "import"
_CHUNK = 500
_WEIGHING = frozenset((Format.GIFT, Format.MOODLE_XML))


class Target(Struct, frozen=True):
    """The bank to import into: an existing one, or a new one of that name."""

    name: str
    bank_id: int | None = None


class Differing(Struct, frozen=True):
    """A question of the file (by its place) that asks what question ``question_id`` asks, but says it otherwise."""

    place: int
    question_id: int


class Plan(Struct, frozen=True):
    """What an import would do. ``added`` are places in the file; ``elsewhere`` counts what other banks have already."""

    target: Target
    added: tuple[int, ...]
    same: int
    differing: tuple[Differing, ...]
    replaces: bool
    elsewhere: tuple[tuple[str, int], ...]
    fingerprint: str

    @property
    def changes_something(self) -> bool:
        """Whether confirming would write anything."""
        return bool(self.added or (self.replaces and self.differing))


class Imported(Struct, frozen=True):
    """What an import did."""

    bank_id: int
    cohort_id: int
    name: str
    added: int
    kinds: tuple[tuple[Kind, int], ...]
    corrected: tuple[Corrected, ...]


def name_for(file_name: str) -> str:
    """The name of the bank that a file makes: its own without what tells its format."""
    stem, dot, _ = file_name.rpartition(".")
    return " ".join((stem if dot and stem else file_name).split())[:LONGEST_NAME] or "?"


def target_for(session: Session, cohort_id: int, name: str, bank_id: int | None = None) -> Target:
    """The bank that was chosen, or the one of that name, or a new one; a chosen one that is gone counts as none."""
    mine = (BANK.c.cohort_id == cohort_id, BANK.c.deleted_at.is_(None))
    wanted = BANK.c.id == bank_id if bank_id else BANK.c.name == name
    query = select(BANK.c.id, BANK.c.name).where(*mine, wanted).order_by(BANK.c.id)
    row = session.connection().execute(query).first()
    return Target(row.name, row.id) if row else Target(name)


def make_plan(session: Session, *, cohort_id: int, summary: Summary, target: Target, replaces: bool) -> Plan:
    """Say what importing would do; writes nothing."""
    there = _there(session, target.bank_id)
    said = {row.digest for row in there}
    fresh = [place for place, entry in enumerate(summary.entries) if entry.digest not in said]
    known, differing = _compared(session, summary, tuple(_known(there, summary.entries, fresh)))
    added = tuple(place for place in fresh if place not in known)
    matters = {summary.entries[place].matter for place in added}
    return Plan(
        target,
        added,
        same=len(summary.entries) - len(added) - len(differing),
        differing=differing,
        replaces=replaces and bool(differing),
        elsewhere=_elsewhere(session, cohort_id, target.bank_id, matters),
        fingerprint=_fingerprint(target, [summary.entries[place].digest for place in added], differing, replaces),
    )


def carry_out(
    session: Session, *, cohort_id: int, summary: Summary, plan: Plan, actor: Actor, now: datetime
) -> Imported:
    """Do what the plan says, all of it; the caller has planned in this transaction and asked who may."""
    bank_id = plan.target.bank_id or _open_bank(session, cohort_id, plan.target.name, actor, now)
    find_bank(session, bank_id)
    _insert(session, bank_id, summary, plan.added, now)
    corrected = _correct(session, summary, plan, cohort_id, actor, now) if plan.replaces else ()
    kinds = Counter(summary.entries[place].kind for place in plan.added)
    if plan.added:
        after = {"questions": len(plan.added), "name": plan.target.name}
        entry = audit.entry(
            actor=actor,
            now=now,
            action="import",
            subject="bank",
            subject_id=bank_id,
            cohort_id=cohort_id,
            after=after,
        )
        audit.record(session, entry)
    return Imported(bank_id, cohort_id, plan.target.name, len(plan.added), tuple(sorted(kinds.items())), corrected)


def _there(session: Session, bank_id: int | None) -> Sequence[Any]:
    if bank_id is None:
        return ()
    query = select(QUESTION.c.id, QUESTION.c.digest, QUESTION.c.matter, QUESTION.c.idnumber)
    return session.connection().execute(query.where(QUESTION.c.bank_id == bank_id)).all()


def _known(there: Sequence[Any], entries: Sequence[Entry], fresh: Sequence[int]) -> Iterator[Differing]:
    """Those that one question of the bank, and one only, asks already, and that are not asked twice in the file."""
    by_id = _unique((row.idnumber, row.id) for row in there if row.idnumber)
    by_matter = _unique((row.matter, row.id) for row in there)
    here = Counter(entry.matter for entry in entries)
    taken: set[int] = set()
    for place in fresh:
        entry = entries[place]
        alone = here[entry.matter] == 1
        found = by_id.get(entry.idnumber) or (by_matter.get(entry.matter) if alone else None)
        if found is not None and found not in taken:
            taken.add(found)
            yield Differing(place, found)


def _compared(session: Session, summary: Summary, pairs: Sequence[Differing]) -> tuple[set[int], tuple[Differing, ...]]:
    """The places that are in the bank, and of these the ones that would change something there.

    One whose answers could no longer be read after a correction is a question of its own.
    """
    kept = questions(session, [one.question_id for one in pairs])
    known: set[int] = set()
    differing = []
    for one in pairs:
        there, given = kept[one.question_id].question, load_question(summary.lines[one.place])
        if has_same_shape(there, given):
            known.add(one.place)
            if _merged(summary, there, given) != there:
                differing.append(one)
    return known, tuple(differing)


def _merged(summary: Summary, there: Question, given: Question) -> Question:
    return merged(there, given, weighs=summary.format in _WEIGHING)


def _unique(pairs: Iterator[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, list[int]] = {}
    for key, question_id in pairs:
        found.setdefault(key, []).append(question_id)
    return {key: ids[0] for key, ids in found.items() if len(ids) == 1}


def _elsewhere(session: Session, cohort_id: int, bank_id: int | None, matters: set[str]) -> tuple[tuple[str, int], ...]:
    query = (
        select(BANK.c.name, QUESTION.c.matter)
        .join(QUESTION, QUESTION.c.bank_id == BANK.c.id)
        .where(BANK.c.cohort_id == cohort_id, BANK.c.deleted_at.is_(None), BANK.c.id != (bank_id or 0))
    )
    rows = session.connection().execute(query)
    counts = Counter(row.name for row in rows if row.matter in matters)
    return tuple(sorted(counts.items()))


def _fingerprint(target: Target, digests: Sequence[str], differing: Sequence[Differing], replaces: bool) -> str:
    said = [target.name, target.bank_id, list(digests), [[one.place, one.question_id] for one in differing], replaces]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _open_bank(session: Session, cohort_id: int, name: str, actor: Actor, now: datetime) -> int:
    bank = Bank(cohort_id=cohort_id, name=name, created_at=now)
    session.add(bank)
    session.flush()
    entry = audit.entry(
        actor=actor, now=now, action="create", subject="bank", subject_id=bank.id or 0, cohort_id=cohort_id, after=name
    )
    audit.record(session, entry)
    return bank.id or 0


def _insert(session: Session, bank_id: int, summary: Summary, places: Sequence[int], now: datetime) -> None:
    last = select(func.coalesce(func.max(QUESTION.c.number), 0)).where(QUESTION.c.bank_id == bank_id)
    first = session.connection().execute(last).scalar_one() + 1
    for start in range(0, len(places), _CHUNK):
        rows = [
            _row(bank_id, first + start + step, summary, place, now)
            for step, place in enumerate(places[start : start + _CHUNK])
        ]
        session.connection().execute(QUESTION.insert(), rows)


def _row(bank_id: int, number: int, summary: Summary, place: int, now: datetime) -> dict[str, Any]:
    entry = summary.entries[place]
    return {
        "bank_id": bank_id,
        "number": number,
        "kind": entry.kind.value,
        "category": entry.category,
        "difficulty": entry.difficulty,
        "idnumber": entry.idnumber,
        "digest": entry.digest,
        "matter": entry.matter,
        "content": summary.lines[place],
        "version": 1,
        "created_at": now,
    }


def _correct(
    session: Session, summary: Summary, plan: Plan, cohort_id: int, actor: Actor, now: datetime
) -> tuple[Corrected, ...]:
    kept = questions(session, [one.question_id for one in plan.differing])
    done = []
    for one in plan.differing:
        before = kept[one.question_id]
        after = _merged(summary, before.question, load_question(summary.lines[one.place]))
        done.append(replace_question(session, before, after, cohort_id=cohort_id, actor=actor, reason=REASON, now=now))
    return tuple(corrected for corrected in done if corrected is not None)
