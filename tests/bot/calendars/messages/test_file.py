from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.calendars.messages.file import file_name, write_calendar
from bot.calendars.rules import Agenda, Entry
from bot.i18n import translator
from bot.ids import ActivityId
from tests.support.calendar_text import Component, instant, parse, unfold

START = datetime(2026, 12, 7, 0, 30, tzinfo=UTC)
CHANGED = datetime(2026, 12, 1, 2, 3, 4, tzinfo=UTC)


def entry(number: int = 1, **changed: Any) -> Entry:
    fields: dict[str, Any] = {
        "activity_id": ActivityId(number),
        "starts_at": START,
        "ends_at": START + timedelta(minutes=90),
        "time_zone": "Asia/Shanghai",
        "title": "开班式",
        "kind": "lecture",
        "speaker": "王芳",
        "place": "101 教室",
        "notes": "携带身份证",
        "camp": "第四期",
        "sequence": 2,
        "changed_at": CHANGED,
        "is_cancelled": False,
    }
    return Entry(**fields | changed)


def write(*entries: Entry, camp: str = "第四期", language: str = "zh") -> bytes:
    agenda = Agenda(1, language, camp, tuple(entries), CHANGED)
    return write_calendar(agenda, "abc123", translator(language))


def event(*entries: Entry, language: str = "zh") -> Component:
    return parse(write(*entries, language=language)).all("VEVENT")[0]


def test_an_activity_becomes_an_event_with_everything_that_is_said_about_it() -> None:
    found = event(entry(), language="en")

    assert found["SUMMARY"] == "开班式"
    assert found["LOCATION"] == "101 教室"
    assert found["DESCRIPTION"] == "Speaker: 王芳\n携带身份证\n第四期"
    assert found["STATUS"] == "CONFIRMED"
    assert (found["UID"], found["SEQUENCE"]) == ("activity-1-abc123@cohort-bot", "2")
    assert found["DTSTAMP"] == "20261201T020304Z"


def test_times_are_local_with_the_zone_spelt_out() -> None:
    calendar = parse(write(entry()))
    (found,) = calendar.all("VEVENT")

    assert (found["DTSTART"], found["DTEND"]) == ("20261207T083000", "20261207T100000")
    assert instant(calendar, found, "DTSTART") == START


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"])
@pytest.mark.parametrize("month", [1, 3, 4, 7, 10, 11])
def test_the_spelt_out_zone_gives_the_right_instants_around_every_change_of_the_clock(zone: str, month: int) -> None:
    hours = [datetime(2026, month, 1, tzinfo=UTC) + timedelta(hours=number) for number in range(0, 31 * 24, 7)]
    entries = [
        entry(number, time_zone=zone, starts_at=at, ends_at=at + timedelta(hours=1)) for number, at in enumerate(hours)
    ]

    calendar = parse(write(*entries))

    told = [instant(calendar, one, "DTSTART") for one in calendar.all("VEVENT")]
    assert [at for at in told if at not in hours and at + timedelta(hours=1) not in hours] == []
    assert sum(at in hours for at in told) >= len(hours) - 1


def test_a_time_in_the_hour_after_the_clocks_went_forward_is_told_by_the_new_offset() -> None:
    at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    calendar = parse(write(entry(time_zone="Europe/Berlin", starts_at=at, ends_at=at + timedelta(hours=1))))
    zone = calendar.all("VTIMEZONE")[0]

    (summer,) = zone.all("DAYLIGHT")

    assert summer["DTSTART"] == "20260329T020000"
    assert (summer["TZOFFSETFROM"], summer["TZOFFSETTO"]) == ("+0100", "+0200")
    assert instant(calendar, calendar.all("VEVENT")[0], "DTSTART") == at


def test_chinese_is_folded_between_characters_and_reads_back_the_same() -> None:
    title = "深入学习贯彻城乡社区治理与服务能力提升专题研讨班（第三组）：红领讲师团走进中央门街道" * 3

    content = write(entry(title=title))

    assert any(line.startswith(b" ") for line in content.split(b"\r\n"))
    assert parse(content).all("VEVENT")[0]["SUMMARY"] == title


@pytest.mark.parametrize(
    "title", ["a, b; c", "back\\slash", 'quo"te', "😀" * 40, "x" * 300, "BEGIN:VEVENT", "percent %s {n}"]
)
def test_signs_that_mean_something_to_the_format_are_escaped(title: str) -> None:
    assert event(entry(title=title))["SUMMARY"] == title


def test_notes_of_several_lines_cannot_add_a_line_of_their_own() -> None:
    content = write(entry(notes="one\r\nATTENDEE:mailto:x@example.org\ntwo"))

    assert not any(line.startswith("ATTENDEE") for line in unfold(content))


def test_a_cancelled_activity_says_so_and_rings_nobody() -> None:
    found = event(entry(is_cancelled=True, sequence=5), language="en")

    assert (found["STATUS"], found["SEQUENCE"], found["TRANSP"]) == ("CANCELLED", "5", "TRANSPARENT")
    assert found["SUMMARY"] == "Cancelled: 开班式"
    assert found.all("VALARM") == []


def test_an_activity_has_an_alarm_before_it() -> None:
    (alarm,) = event(entry(alarm_minutes=40)).all("VALARM")

    assert (alarm["ACTION"], alarm["TRIGGER"], alarm["DESCRIPTION"]) == ("DISPLAY", "-PT40M", "开班式")


def test_a_kind_without_reminders_rings_nobody() -> None:
    assert event(entry(alarm_minutes=0)).all("VALARM") == []


def test_an_unchanged_calendar_gives_the_same_bytes() -> None:
    assert write(entry(), entry(2)) == write(entry(), entry(2))


def test_uids_are_stable_and_differ_between_activities() -> None:
    uids = [one["UID"] for one in parse(write(entry(1), entry(2))).all("VEVENT")]

    assert len(set(uids)) == 2


def test_an_empty_calendar_is_a_calendar_all_the_same() -> None:
    calendar = parse(write(camp=""))

    assert calendar["VERSION"] == "2.0"
    assert calendar.all("VEVENT") == []


def test_readers_are_asked_to_look_again_every_hour() -> None:
    calendar = parse(write(entry()))

    assert calendar["REFRESH-INTERVAL"] == "PT1H"
    assert calendar["X-WR-CALNAME"] == "第四期"


def test_the_file_is_called_after_the_camp() -> None:
    assert file_name(Agenda(1, "zh", "红领/青领", (), CHANGED), translator("zh")) == "红领-青领.ics"
