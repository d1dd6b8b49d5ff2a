"""The lines of the change log that a roster makes: one for each person it adds, changes or lets go. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.ids import PersonId
from bot.people.models import Role
from bot.people.roster_diff import Match, RosterDiff
from bot.people.roster_shapes import KnownPerson, RosterEntry

Words = dict[str, str | None]


class Line(Struct, frozen=True):
    """One line: what happened to whom."""

    person_id: PersonId
    action: str
    before: Words | None = None
    after: Words | None = None


def lines_of(
    diff: RosterDiff,
    people: Mapping[int, PersonId],
    leaving: Sequence[KnownPerson],
    promoted: frozenset[int],
    demoted: Sequence[PersonId],
) -> list[Line]:
    """Everything that carrying out the diff writes; ``people`` says whose each row is."""
    return [
        *(Line(people[entry.row], "join", after=_entry(entry)) for entry in diff.new),
        *(
            Line(match.person.person_id, "join", _side(match, "before"), _entry(match.entry))
            for match in diff.returning
        ),
        *(
            Line(match.person.person_id, "change", _side(match, "before"), _side(match, "after"))
            for match in diff.changed
        ),
        *(Line(person.person_id, "release_phone", {"phone": person.phone}) for person in diff.released),
        *(Line(person.person_id, "leave", {"role": Role.TRAINEE}) for person in leaving),
        *(Line(people[row], "join", after={"role": Role.GROUP_LEADER}) for row in sorted(promoted)),
        *(Line(person_id, "leave", {"role": Role.GROUP_LEADER}) for person_id in demoted),
    ]


def _entry(entry: RosterEntry) -> Words:
    return {
        "name": entry.name,
        "phone": entry.phone,
        "unit": entry.unit,
        "group": entry.group,
        "post": entry.post,
        "role": Role.TRAINEE,
    }


def _side(match: Match, side: str) -> Words:
    return {change.field: getattr(change, side) for change in match.changes}
