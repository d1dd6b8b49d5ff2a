from datetime import UTC, datetime, timedelta

import pytest

from bot.checkin.messages import trainee
from bot.checkin.outcomes import (
    ActivityView,
    AlreadyIn,
    Arrived,
    Cancelled,
    Closed,
    MarkedMissing,
    NotACode,
    NotEnrolled,
    NothingOpen,
    NotYours,
    OldCode,
    OpenNow,
    OtherActivity,
    Outcome,
    SlowDown,
    TooEarly,
    WrongCode,
)  # fmt: skip
from bot.checkin.rules import Status
from bot.i18n import translator

NINE = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LECTURE = ActivityView(7, 1, "Law & <Order>", NINE, NINE + 90 * MINUTE, "Room 301", "Asia/Shanghai")
VISIT = ActivityView(8, 1, "Visit", NINE + 180 * MINUTE, NINE + 240 * MINUTE, "", "Asia/Shanghai")
T = translator("en")
EVERY: list[Outcome] = [
    Arrived(LECTURE, NINE, "AB2CD", Status.PRESENT), Arrived(LECTURE, NINE + 14 * MINUTE, "AB2CD", Status.LATE),
    AlreadyIn(LECTURE, NINE, "AB2CD"), MarkedMissing(LECTURE), NotACode(), WrongCode(), WrongCode(1), WrongCode(7),
    OldCode(LECTURE), OtherActivity(VISIT, (LECTURE,)), NotEnrolled(VISIT), NotYours(), Closed(LECTURE),
    TooEarly(LECTURE, NINE - 60 * MINUTE, "f" * 24), Cancelled(LECTURE), NothingOpen(None), NothingOpen(VISIT),
    NothingOpen(LECTURE), SlowDown(NINE + 2 * MINUTE),
]  # fmt: skip


def text_of(outcome: Outcome) -> str:
    return trainee.render_outcome(outcome, T, NINE + MINUTE).text


def test_every_outcome_has_an_answer_of_its_own() -> None:
    texts = [text_of(outcome) for outcome in EVERY]

    assert len(set(texts)) == len(EVERY)
    assert all(texts)


@pytest.mark.parametrize("outcome", EVERY, ids=lambda outcome: type(outcome).__name__)
def test_every_answer_is_html_that_telegram_takes(outcome: Outcome) -> None:
    text = text_of(outcome)

    assert "<Order>" not in text
    assert text.count("<b>") == text.count("</b>")
    assert "{" not in text
    assert len(text) < 4096


def test_an_arrival_says_time_and_receipt() -> None:
    assert text_of(EVERY[0]) == (
        "✅ You are checked in: <b>Law &amp; &lt;Order&gt;</b>\nArrived 09:00. Receipt <code>AB2CD</code>"
    )


def test_a_late_arrival_says_by_how_much() -> None:
    assert "Arrived 09:14, 14 minutes after the start, so it counts as late." in text_of(EVERY[1])


def test_tries_are_counted_in_the_right_number() -> None:
    assert "(1 try left)" in text_of(WrongCode(1))
    assert "(7 tries left)" in text_of(WrongCode(7))


def test_a_wait_is_told_in_seconds_and_never_as_none() -> None:
    assert "Please wait 60 seconds" in text_of(SlowDown(NINE + 2 * MINUTE))
    assert "Please wait 1 second," in text_of(SlowDown(NINE))


def test_an_activity_that_runs_without_check_in_is_told_apart_from_the_next_one() -> None:
    assert "On now: 09:00–10:30" in text_of(NothingOpen(LECTURE))
    assert "Next: Mon, Dec 7, 12:00–13:00" in text_of(NothingOpen(VISIT))


def labels_of(outcome: Outcome) -> list[str]:
    found = trainee.render_outcome(outcome, T, NINE).keyboard
    return [button.text for row in found.inline_keyboard for button in row] if found else []


def test_only_whoever_is_early_gets_a_button_to_come_in() -> None:
    assert {type(outcome) for outcome in EVERY if "I am here" in labels_of(outcome)} == {TooEarly}


def test_under_every_answer_about_a_record_stands_the_way_to_object() -> None:
    objecting = {type(outcome) for outcome in EVERY if "✋ This is wrong" in labels_of(outcome)}

    assert {Arrived, AlreadyIn, MarkedMissing, Closed} <= objecting
    assert not objecting & {NotACode, WrongCode, TooEarly, NothingOpen}


def test_the_early_button_fits_whatever_the_activitys_number() -> None:
    far = ActivityView(10**18 - 1, 1, "x", NINE, NINE + MINUTE, "", "Asia/Shanghai")

    keyboard = trainee.render_outcome(TooEarly(far, NINE, "f" * 24), T, NINE).keyboard

    assert keyboard is not None
    assert len(str(keyboard.inline_keyboard[0][0].callback_data)) <= 64


def test_toasts_are_short_and_not_html() -> None:
    toasts = [toast for outcome in EVERY if (toast := trainee.render_toast(outcome, T))]

    assert len(toasts) == 5
    assert all(len(toast) <= 200 and "<" not in toast for toast in toasts)


def test_the_prompt_names_one_activity_and_lists_several() -> None:
    one = trainee.render_prompt(OpenNow((LECTURE,), (), None), T)
    two = trainee.render_prompt(OpenNow((LECTURE, VISIT), (), None), T)

    assert "09:00–10:30 <b>Law &amp; &lt;Order&gt;</b> · Room 301" in one.text
    assert "Several check-ins are open" in two.text
    assert "12:00–13:00 <b>Visit</b>" in two.text
    assert one.keyboard is not None


def test_an_answered_prompt_has_no_buttons() -> None:
    answered = trainee.render_prompt(OpenNow((LECTURE,), (), None), T, open_buttons=False)

    assert answered.keyboard is None
    assert "send me" not in answered.text


def test_whoever_is_in_everywhere_reads_every_arrival() -> None:
    done = OpenNow((), (AlreadyIn(LECTURE, NINE, "AB2CD"), AlreadyIn(VISIT, NINE, "EF3GH")), None)

    assert trainee.render_nothing_to_do(done, T, NINE).text.count("You are already checked in") == 2
