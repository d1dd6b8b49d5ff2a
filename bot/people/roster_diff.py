"""What a roster would change: who is new, changed, unchanged, gone, and who must be asked about. Pure.

The same phone is the same person; without phones, name and unit are. What that leaves open is asked, never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.ids import PersonId
from bot.people.roster_matching import Matching, match_entries
from bot.people.roster_shapes import Field, KnownPerson, Roster, RosterEntry

__all__ = ["Doubt", "FieldChange", "KnownPerson", "Match", "Question", "RosterDiff", "compare", "resolve"]


class FieldChange(Struct, frozen=True):
    """One field that the file says differently (`before` or `after` is None for 'nothing')."""

    field: Field
    before: str | None
    after: str | None


class Match(Struct, frozen=True):
    """A row that is about somebody known, and what it changes."""

    person: KnownPerson
    entry: RosterEntry
    changes: tuple[FieldChange, ...] = ()


class Doubt(StrEnum):
    """Why somebody has to be asked."""

    SEVERAL = "several"
    """The row fits several known people, or several rows fit one."""
    PHONE_DIFFERS = "phone_differs"
    """The one known person of this name has another phone."""
    UNIT_DIFFERS = "unit_differs"
    """The one known person of this name has another unit, and no phone decides."""
    NAME_DIFFERS = "name_differs"
    """The phone is that of a known person with an entirely different name."""
    OTHER_COHORT = "other_cohort"
    """Only the name fits, and it is somebody known from another cohort."""


class Question(Struct, frozen=True):
    """Who is this row? One of the candidates, or somebody new. Its key among the answers is `entry.row`."""

    entry: RosterEntry
    candidates: tuple[KnownPerson, ...]
    doubt: Doubt


class RosterDiff(Struct, frozen=True):
    """Every entry is in exactly one of new, returning, changed, unchanged, questions.

    `returning`: known from another cohort, to be enrolled in this one. `missing`: enrolled, no longer in the file.
    `released`: an answer gives their phone to somebody else, so theirs must be cleared first.
    `fields`: what the file has columns for.

    Phones may move between people, and are unique: clear all that are released or change before any is set.
    """

    new: tuple[RosterEntry, ...] = ()
    returning: tuple[Match, ...] = ()
    changed: tuple[Match, ...] = ()
    unchanged: tuple[Match, ...] = ()
    missing: tuple[KnownPerson, ...] = ()
    questions: tuple[Question, ...] = ()
    released: tuple[KnownPerson, ...] = ()
    fields: frozenset[Field] = frozenset()


def compare(known: Sequence[KnownPerson], roster: Roster) -> RosterDiff:
    """Say what the roster would change. Pass everybody enrolled, and whoever else shares a phone or a name with it.

    A blank cell takes a group or post away, but never a name, phone or unit: those say who somebody is.
    """
    matching = match_entries(known, roster.entries)
    open_entries = [entry for entry in roster.entries if entry.row not in matching.matched]
    questions = tuple(_question(matching, entry) for entry in open_entries if matching.candidates[entry.row])
    concerned = {person.person_id for person in matching.matched.values()} | _asked_about(questions)
    diff = RosterDiff(
        new=tuple(entry for entry in open_entries if not matching.candidates[entry.row]),
        missing=tuple(person for person in known if person.enrolled and person.person_id not in concerned),
        questions=questions,
        fields=roster.fields,
    )
    pairs = [(matching.matched[entry.row], entry) for entry in roster.entries if entry.row in matching.matched]
    return _with_matches(diff, pairs)


def resolve(diff: RosterDiff, answers: Mapping[int, PersonId | None]) -> RosterDiff:
    """Apply answers: row -> person id, or None for somebody new. Rows without an answer stay questions.

    An answer that is not among the candidates, or whose person another row has taken, leaves the question open; a
    question that runs out of candidates is about somebody new.
    """
    for question in diff.questions:
        if question.entry.row in answers:
            diff = _answer(diff, question.entry.row, answers[question.entry.row])
    return diff


def _question(matching: Matching, entry: RosterEntry) -> Question:
    candidates = matching.candidates[entry.row]
    first = candidates[0]
    if len(candidates) > 1 or first.person_id in matching.contested:
        doubt = Doubt.SEVERAL
    elif entry.phone is not None and entry.phone == first.phone:
        doubt = Doubt.NAME_DIFFERS
    elif entry.phone and first.phone:
        doubt = Doubt.PHONE_DIFFERS
    else:
        doubt = Doubt.UNIT_DIFFERS if first.enrolled else Doubt.OTHER_COHORT
    return Question(entry, candidates, doubt)


def _answer(diff: RosterDiff, row: int, chosen: PersonId | None) -> RosterDiff:
    question = next((asked for asked in diff.questions if asked.entry.row == row), None)
    if question is None:
        return diff
    person = next((one for one in question.candidates if one.person_id == chosen), None)
    if chosen is not None and person is None:
        return diff
    rest = tuple(_without(asked, chosen) for asked in diff.questions if asked is not question)
    settled = replace(
        diff,
        new=_by_row([*diff.new, *_nobody_left(rest), *([] if person else [question.entry])]),
        questions=tuple(asked for asked in rest if asked.candidates),
        released=(*diff.released, *_losing_phone(diff, question, person)),
    )
    settled = replace(settled, missing=(*diff.missing, *_freed(settled, question, chosen)))
    return _with_matches(settled, [(person, question.entry)] if person else [])


def _without(question: Question, taken: PersonId | None) -> Question:
    left = tuple(person for person in question.candidates if person.person_id != taken)
    return replace(question, candidates=left)


def _nobody_left(questions: Iterable[Question]) -> list[RosterEntry]:
    return [asked.entry for asked in questions if not asked.candidates]


def _losing_phone(diff: RosterDiff, question: Question, chosen: KnownPerson | None) -> list[KnownPerson]:
    """Return whose phone goes to somebody else: to this row, or from the chosen person to a row still open."""
    phone = question.entry.phone
    losers = [person for person in question.candidates if phone and person.phone == phone and person is not chosen]
    claimed = {asked.entry.phone for asked in diff.questions if asked is not question and asked.entry.phone}
    if chosen is not None and chosen.phone in claimed:
        losers.append(chosen)
    return [person for person in losers if person not in diff.released]


def _freed(diff: RosterDiff, question: Question, chosen: PersonId | None) -> list[KnownPerson]:
    waiting = _asked_about(diff.questions) | {chosen}
    return [person for person in question.candidates if person.enrolled and person.person_id not in waiting]


def _asked_about(questions: Iterable[Question]) -> set[PersonId | None]:
    return {person.person_id for question in questions for person in question.candidates}


def _with_matches(diff: RosterDiff, pairs: Iterable[tuple[KnownPerson, RosterEntry]]) -> RosterDiff:
    matches = [Match(person, entry, _changes(person, entry, diff.fields)) for person, entry in pairs]
    here = [match for match in matches if match.person.enrolled]
    return replace(
        diff,
        returning=_in_order([*diff.returning, *(match for match in matches if not match.person.enrolled)]),
        changed=_in_order([*diff.changed, *(match for match in here if match.changes)]),
        unchanged=_in_order([*diff.unchanged, *(match for match in here if not match.changes)]),
    )


def _in_order(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(sorted(matches, key=lambda match: match.entry.row))


def _by_row(entries: Iterable[RosterEntry]) -> tuple[RosterEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.row))


def _changes(person: KnownPerson, entry: RosterEntry, fields: frozenset[Field]) -> tuple[FieldChange, ...]:
    pairs = {
        Field.NAME: (person.name, entry.name),
        Field.PHONE: (person.phone or None, entry.phone or person.phone or None),
        Field.UNIT: (person.unit or None, entry.unit or person.unit or None),
        Field.GROUP: (person.group or None, entry.group),
        Field.POST: (person.post or None, entry.post),
    }
    return tuple(
        FieldChange(field, before, after)
        for field, (before, after) in pairs.items()
        if field in fields and before != after
    )
