import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.audit.models import Change
from bot.commands.root import app
from bot.errors import Gone, NotAllowed
from bot.forum import closing, draw_file, drawing, exporting, hat, turns
from bot.forum.choosing import exchange
from bot.forum.draw_file import NotADraw
from bot.forum.drawing import Drew
from bot.forum.models import Choice, Part, SignUpStatus
from bot.forum.pools import CALL
from bot.invariants import check
from tests.support.house import MONDAY
from tests.support.seats_scene import HOUR, SeatsCamp

Build = Callable[..., SeatsCamp]
CHANGE = Change.__table__  # type: ignore[attr-defined]
CONFIRMED, RESERVE, PENDING = SignUpStatus.CONFIRMED, SignUpStatus.RESERVE, SignUpStatus.PENDING
CLOSED = MONDAY + 24 * HOUR
SPEAKER = Part.SPEAKER


def drawing_camp(build: Build, people: int = 7, slots: int = 3) -> SeatsCamp:
    camp = build(slots=slots, people=people, choice=Choice.DRAW)
    for number in range(people):
        camp.sign(number, part=SPEAKER)
    return camp


def hold_draw(camp: SeatsCamp) -> Drew | None:
    return camp.do(lambda s: drawing.hold_draw(s, call_id=camp.call_id, now=CLOSED))


def commitment(camp: SeatsCamp) -> str:
    return camp.do(lambda s: drawing.commitment(s, camp.call_id))


def test_a_draw_answers_everybody_with_a_place_or_a_number(build: Build) -> None:
    camp = drawing_camp(build)

    drew = hold_draw(camp)

    assert drew is not None
    assert len(drew.answers) == 7
    assert camp.count(SPEAKER) == {"confirmed": 3, "reserve": 4}
    assert camp.pool(SPEAKER) == (3, 3, 3)
    reserves = sorted(camp.standing(n).number for n in range(7) if camp.standing(n).status == RESERVE)
    assert reserves == [1, 2, 3, 4]
    assert camp.see(check) == []


def test_the_slots_go_in_the_order_of_the_draw(build: Build) -> None:
    camp = drawing_camp(build)
    hold_draw(camp)

    record = camp.see(lambda s: drawing.get_record(s, camp.call_id))

    assert camp.slots() == [None, *record.order[:3]]


def test_a_draw_is_held_once(build: Build) -> None:
    camp = drawing_camp(build)
    hold_draw(camp)
    before = camp.statuses(7)

    assert hold_draw(camp) is None
    assert camp.statuses(7) == before


def test_nothing_is_drawn_while_sign_up_is_open_or_where_nobody_draws(build: Build) -> None:
    camp = drawing_camp(build)
    early = camp.do(lambda s: drawing.hold_draw(s, call_id=camp.call_id, now=CLOSED - HOUR))
    camp.change(CALL, choice="coordinator")

    assert (early, hold_draw(camp)) == (None, None)


def test_a_draw_is_due_when_sign_up_has_closed_and_not_again(build: Build) -> None:
    camp = drawing_camp(build)

    before = camp.see(lambda s: list(closing.to_draw(s, CLOSED - HOUR)))
    due = camp.see(lambda s: list(closing.to_draw(s, CLOSED)))
    hold_draw(camp)

    assert (before, due) == ([], [camp.call_id])
    assert camp.see(lambda s: list(closing.to_draw(s, CLOSED))) == []


def test_the_seed_is_the_one_that_was_promised(build: Build) -> None:
    camp = drawing_camp(build)
    promised = commitment(camp)
    hold_draw(camp)

    record = camp.see(lambda s: drawing.get_record(s, camp.call_id))

    assert hat.digest_of(record.seed) == promised
    assert record.seed not in promised


def test_nobody_can_be_drawn_where_nobody_signed_up(build: Build) -> None:
    camp = build(choice=Choice.DRAW)

    drew = hold_draw(camp)

    assert drew is not None
    assert drew.answers == ()
    assert camp.sign(0, part=SPEAKER).status == CONFIRMED


def test_who_has_spoken_before_has_fewer_tickets_and_so_has_the_unit(build: Build) -> None:
    camp = drawing_camp(build, people=4)
    camp.do(lambda s: turns.record(s, signup_id=camp.signup(0), on=date(2026, 12, 7)))
    hold_draw(camp)

    record = camp.see(lambda s: drawing.get_record(s, camp.call_id))

    by_number = {entry.number: entry for entry in record.entries}
    assert [by_number[camp.signup(number)].tickets for number in range(4)] == [30, 60, 60, 30]


def test_turns_of_more_than_two_years_ago_no_longer_count(build: Build) -> None:
    camp = drawing_camp(build, people=2)
    camp.do(lambda s: turns.record(s, signup_id=camp.signup(0), on=date(2024, 12, 7)))
    hold_draw(camp)

    record = camp.see(lambda s: drawing.get_record(s, camp.call_id))

    assert [entry.own for entry in record.entries] == [0, 0]


def test_a_talk_is_written_down_once_and_the_coordinator_sees_it(build: Build) -> None:
    camp = drawing_camp(build)
    done = [camp.do(lambda s: turns.record(s, signup_id=camp.signup(1), on=date(2026, 12, 7))) for _ in range(2)]

    seen = camp.see(lambda s: turns.ledger(s, speaker=camp.coordinator, cohort_id=camp.cohort_id, now=CLOSED))

    assert done == [True, False]
    assert [(one.name, one.unit, one.spoke_on) for one in seen] == [("学员1", "West Street", date(2026, 12, 7))]


def test_a_trainee_does_not_see_the_ledger(build: Build) -> None:
    camp = drawing_camp(build)

    with pytest.raises(NotAllowed):
        camp.see(lambda s: turns.ledger(s, speaker=camp.trainee(0), cohort_id=camp.cohort_id, now=CLOSED))


def test_a_draw_is_in_the_change_log(build: Build) -> None:
    camp = drawing_camp(build)
    hold_draw(camp)

    query = select(CHANGE.c.actor, CHANGE.c.after).where(CHANGE.c.action == "draw")
    rows = camp.see(lambda s: s.connection().execute(query).all())

    assert [tuple(row) for row in rows] == [("schedule", '{"entrants":7,"places":3}')]


def saved(camp: SeatsCamp, folder: Path) -> Path:
    path = folder / "draw.json"
    file = camp.see(lambda s: exporting.render_draw(s, call_id=camp.call_id, now=CLOSED.isoformat()))
    path.write_bytes(file.content)
    return path


def test_anybody_can_draw_again_from_the_list_and_gets_the_same(build: Build, tmp_path: Path) -> None:
    camp = drawing_camp(build)
    promised = commitment(camp)
    hold_draw(camp)
    record = camp.see(lambda s: drawing.get_record(s, camp.call_id))

    result = CliRunner().invoke(app, ["draw", str(saved(camp, tmp_path))])

    printed = [int(line.split()[1]) for line in result.output.splitlines() if line[:5].strip().isdecimal()]
    assert (result.exit_code, tuple(printed)) == (0, record.order)
    assert "The result is the same as in the file." in result.output
    assert promised in result.output


def test_the_list_names_nobody_and_no_unit(build: Build, tmp_path: Path) -> None:
    camp = drawing_camp(build)
    hold_draw(camp)

    text = saved(camp, tmp_path).read_text()

    assert "学员" not in text
    assert "Street" not in text


@pytest.mark.parametrize("change", ["seed", "order", "entries"])
def test_a_list_that_was_changed_does_not_come_out_the_same(build: Build, tmp_path: Path, change: str) -> None:
    camp = drawing_camp(build)
    hold_draw(camp)
    path = saved(camp, tmp_path)
    content = json.loads(path.read_text())
    content[change] = "0" * 64 if change == "seed" else content[change][:-1]
    path.write_text(json.dumps(content))

    result = CliRunner().invoke(app, ["draw", str(path)])

    assert result.exit_code == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"kind": "x"}', "{", '{"kind": "cohort-bot draw", "entries": 3}', "[" * 100_000]
)
def test_anything_else_is_not_the_list_of_a_draw(text: str) -> None:
    with pytest.raises(NotADraw):
        draw_file.read(text)


def test_what_a_coordinator_changed_since_is_marked_in_the_list(build: Build, tmp_path: Path) -> None:
    camp = drawing_camp(build)
    hold_draw(camp)
    order = camp.see(lambda s: drawing.get_record(s, camp.call_id)).order
    given: dict[str, Any] = {"signup_id": order[5], "instead_of": order[0], "reason": "He leaves early.", "now": CLOSED}
    camp.do(lambda s: exchange(s, speaker=camp.coordinator, **given))

    file = camp.see(lambda s: exporting.file_of(s, camp.call_id, CLOSED))

    assert set(file.later) == {order[5], order[0]}
    assert file.order == order


def test_there_is_no_list_before_the_draw(build: Build) -> None:
    camp = drawing_camp(build)

    with pytest.raises(Gone):
        camp.see(lambda s: exporting.file_of(s, camp.call_id, MONDAY))


def test_more_than_26_units_have_letters_too() -> None:
    entries = [hat.Entry(number, f"Unit {number}") for number in range(30)]

    letters = [entry.unit for entry in draw_file.without_names(entries)]

    assert (letters[0], letters[25], letters[26]) == ("A", "Z", "A1")
    assert len(set(letters)) == 30
