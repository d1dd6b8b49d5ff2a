"""Every command, every button and every page, with every role, with a camp's own numbers and with another camp's.

What may be is declared in ``tests/data/permissions.txt``: action, numbers to try it with, who passes. A handler that
nobody has declared fails the test, which says what it has found; read that with care before writing it down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.routing import Mount, Route

from bot.context import Installation
from bot.database import Database
from bot.inbox.intake import Health
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, Speaker
from bot.records import live
from bot.turn import Turns
from bot.web.app import build_web
from bot.web.errands import Errands
from bot.web.health import HealthPages
from tests.support.house import HandClock
from tests.support.permission_rows import MARKS, NOW, OTHER, OWN
from tests.support.permissions import ROLES, Action, Outcome, World, actions_of

TABLE = Path(__file__).parents[1] / "data" / "permissions.txt"
WORDS = {
    "nobody": (),
    "everybody": ROLES,
    "linked": ROLES[1:],
    "members": ROLES[1:-1],
    "operator": ("operator",),
    "coordinators": ("coordinator", "operator"),
    "readers": ("coordinator", "auditor", "operator"),
    "teaching": ("coordinator", "teacher", "operator"),
    "staff": ROLES[2:],
}
OTHERS = {OWN: OTHER, 3: 4, 5: 6}
"""The other camp's number for each own one: 3 and 5 are the rows of ``permission_scene``."""
PERSONAL = frozenset({"person", "preference", "pause", "calendar_feed", "change", "reminder"})
"""Tables of what somebody chooses for themselves: the language, quiet hours, the own calendar address and its line."""
PAGES = {
    "/projector/{token}": "secret",
    "/projector/{token}/events": "secret",
    "/projector/{token}/state": "secret",
    "/live/{token}": "secret",
    "/live/{token}/events": "secret",
    "/live/{token}/state": "secret",
    "/live/{token}/list.xlsx": "secret",
    "/forum/{token}": "secret",
    "/forum/{token}/events": "secret",
    "/forum/{token}/state": "secret",
    "/calendar/{token}.ics": "secret",
    "/show": "open",
    "/healthz": "open",
    "/readyz": "open",
    "/metrics": "machine",
    "/errands/import": "machine",
}
"""Each page: ``open`` shows nothing of a camp, a ``secret`` is its own key, a ``machine`` asks from this computer."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A line of the table."""

    numbers: tuple[int | str, ...]
    may: frozenset[str]


@dataclass(slots=True)
class Walk:
    """What came of every action, by role: with the camp's own numbers, and with the other camp's."""

    own: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    other: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    found: frozenset[str] = frozenset()

    def passed(self, action: str) -> frozenset[str]:
        """Which roles no guard stopped."""
        return frozenset(role for role, outcome in self.own[action].items() if outcome.passed)


def read_table() -> dict[str, Declared]:
    declared = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        action, numbers, who = (part.strip() for part in line.split("|"))
        assert action not in declared, f"{action} is declared twice"
        ids = tuple(int(one) if one.isdigit() else one for one in numbers.split())
        declared[action] = Declared(ids, frozenset(role for word in who.split() for role in WORDS.get(word, (word,))))
    return declared


def other_numbers(numbers: tuple[int | str, ...]) -> tuple[int | str, ...]:
    return tuple(OTHERS.get(one, one) if isinstance(one, int) else one for one in numbers)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('permissions')}/t.db")
    yield World(database)
    database.close()


@pytest.fixture(scope="module")
def walk(world: World) -> Walk:
    declared, walk = read_table(), Walk()
    actions = actions_of(world.application)
    walk.found = frozenset(action.name for action in actions)
    for action in actions:
        line = declared.get(action.name, Declared((OWN,), frozenset()))
        numbers = () if action.is_command else line.numbers
        walk.own[action.name] = {role: world.try_(role, action, numbers) for role in ROLES}
        walk.other[action.name] = {role: world.try_(role, action, other_numbers(numbers)) for role in ROLES}
    return walk


def test_every_command_and_every_button_is_declared(walk: Walk) -> None:
    missing = sorted(walk.found - read_table().keys())

    found = [f"{name} | {OWN} | {' '.join(sorted(walk.passed(name), key=ROLES.index)) or 'nobody'}" for name in missing]
    assert found == [], "who may do this? declare it in tests/data/permissions.txt"


def test_nothing_is_declared_that_no_handler_takes(walk: Walk) -> None:
    assert sorted(read_table().keys() - walk.found) == []


def test_every_role_passes_where_it_may_and_nowhere_else(walk: Walk) -> None:
    declared = read_table()

    print_matrix(walk)

    wrong = {
        name: {"too many": sorted(walk.passed(name) - line.may), "too few": sorted(line.may - walk.passed(name))}
        for name, line in declared.items()
        if name in walk.own and walk.passed(name) != line.may
    }
    assert wrong == {}


def test_no_word_and_no_row_of_another_camp_is_within_reach(walk: Walk) -> None:
    reached = [
        (name, role, sorted(outcome.wrote - PERSONAL))
        for name, outcomes in walk.other.items()
        for role, outcome in outcomes.items()
        if role != "operator" and (outcome.leaks(MARKS[OTHER]) or outcome.wrote - PERSONAL)
    ]

    assert reached == []


def test_an_auditor_changes_nothing_but_own_settings(walk: Walk) -> None:
    changed = [(name, sorted(outcomes["auditor"].wrote - PERSONAL)) for name, outcomes in walk.own.items()]

    assert [one for one in changed if one[1]] == []


def test_a_stranger_hears_of_no_camp_and_leaves_no_trace(walk: Walk) -> None:
    told = [
        name
        for name, outcomes in walk.own.items()
        if outcomes["stranger"].leaks(MARKS[OWN]) or outcomes["stranger"].wrote
    ]

    assert told == []


def test_what_a_refusal_answers_has_changed_nothing(walk: Walk) -> None:
    changed = [
        (name, role, outcome.refusal, sorted(outcome.wrote))
        for outcomes in (walk.own, walk.other)
        for name, by_role in outcomes.items()
        for role, outcome in by_role.items()
        if outcome.refusal and outcome.wrote
    ]

    assert changed == []


def test_the_walk_would_notice_a_handler_that_asks_nobody(world: World) -> None:
    outcome = world.try_("coordinator", Action("people:groups"), (OWN,))
    foreign = world.try_("operator", Action("people:groups"), (OTHER,))

    assert outcome.leaks(MARKS[OWN])
    assert foreign.leaks(MARKS[OTHER])


def web_of(world: World) -> tuple[Turns, list[Route], httpx.ASGITransport]:
    turns = Turns(world.database, HandClock(NOW))
    installation = Installation("camp_bot", frozenset({900}), "https://camp.example.org")
    extra = [*HealthPages(turns, Health(), polling=True).routes(), *Errands(turns, "k" * 32).routes()]
    app = build_web(turns, installation, extra)
    routes = [route for route in app.routes if isinstance(route, Route)]
    assert all(isinstance(route, Route | Mount) for route in app.routes)
    return turns, routes, httpx.ASGITransport(app=app, client=("192.0.2.1", 1))


def test_every_page_is_declared(world: World) -> None:
    _, routes, _ = web_of(world)

    assert {route.path for route in routes} == PAGES.keys()


@pytest.mark.anyio
async def test_a_page_without_its_key_shows_nothing_of_any_camp(world: World) -> None:
    _, routes, transport = web_of(world)
    keys = ("x", "1", f"{OWN}-{'0' * 32}", f"{OWN}-4-{'0' * 32}", f"{OTHER}-20-{'f' * 32}", "..%2f..%2fetc", "c-1-1-1")
    async with httpx.AsyncClient(transport=transport, base_url="https://camp.example.org") as browser:
        for path in sorted({route.path for route in routes}):
            for key in keys if "{token}" in path else ("",):
                answer = await browser.get(path.replace("{token}", key))

                assert not any(mark in answer.text for mark in MARKS.values()), path
                if PAGES[path] == "secret":
                    assert answer.status_code in (404, 410), path


@pytest.mark.anyio
@pytest.mark.parametrize("role", ROLES)
async def test_the_live_screen_opens_for_readers_of_the_camp_only(world: World, role: str) -> None:
    turns, _, transport = web_of(world)
    token = issue(world, turns, role)

    async with httpx.AsyncClient(transport=transport, base_url="https://camp.example.org") as browser:
        seen = [(await browser.get(f"/live/{one}")).status_code for one in (token, forge(token)) if one]

    assert seen == ([200, 404] if role in WORDS["readers"] else [])


@pytest.mark.anyio
async def test_the_live_screen_closes_when_its_reader_no_longer_has_the_role(world: World) -> None:
    turns, _, transport = web_of(world)
    token = issue(world, turns, "auditor")
    is_auditor = MEMBERSHIP.c.role == Role.AUDITOR
    world.database.write_now(
        lambda s: s.execute(MEMBERSHIP.update().where(is_auditor).values(left_at=datetime(2026, 12, 7, tzinfo=UTC)))
    )

    async with httpx.AsyncClient(transport=transport, base_url="https://camp.example.org") as browser:
        answer = await browser.get(f"/live/{token}")
    world.database.write_now(lambda s: s.execute(MEMBERSHIP.update().where(is_auditor).values(left_at=None)))

    assert answer.status_code == 404


def issue(world: World, turns: Turns, role: str) -> str:
    """The address that this role gets for its own camp's activity, empty where it gets none."""
    outcome = world.try_(role, Action("records:activity"), (OWN,))
    if not outcome.passed:
        return ""
    person = 21 if role == "operator" else world.accounts[role] - 100
    speaker = Speaker(person, world.accounts[role], role, "en", role == "operator")  # type: ignore[arg-type]
    return turns.take_now(lambda turn: live.token_for(turn.session, speaker=speaker, activity_id=OWN))


def forge(token: str) -> str:
    """The same address for the other camp's activity."""
    return f"{OTHER}{token[1:]}" if token else ""


def print_matrix(walk: Walk) -> None:
    """``x`` passes, ``.`` refused, ``-`` nothing there."""
    print("\n" + " " * 24 + " ".join(f"{role[:8]:8}" for role in ROLES))
    for name in sorted(walk.own):
        outcomes = walk.own[name]
        signs = ("x" if one.passed else "-" if one.is_gone else "." for one in outcomes.values())
        print(f"{name:24}" + " ".join(f"{sign:8}" for sign in signs))
