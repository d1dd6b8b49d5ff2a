"""A line of the change log in words: what was done, from what to what. For the chat and for files alike.

What nobody has worded here is said by its plain names, so that nothing is ever left out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.i18n import N_, Translator
from bot.records.log import Named

DEEDS: Mapping[tuple[str, str], str] = {
    ("attendance", "arrive"): N_("checked in"),
    ("attendance", "mark"): N_("record changed by hand"),
    ("attendance", "leave"): N_("checked out"),
    ("attendance", "return"): N_("came back"),
    ("attendance", "paper"): N_("entered from the paper sheet"),
    ("attendance", "gate"): N_("let in at the gate"),
    ("attendance", "roll"): N_("called in the roll"),
    ("checkin", "open"): N_("check-in opened"),
    ("checkin", "close"): N_("check-in closed"),
    ("appeal", "appeal"): N_("said that the record is wrong"),
    ("appeal", "accepted"): N_("appeal accepted"),
    ("appeal", "declined"): N_("appeal declined"),
    ("appeal", "withdrawn"): N_("appeal taken back"),
    ("person", "join"): N_("joined the camp"),
    ("person", "leave"): N_("left the camp"),
    ("person", "change"): N_("details changed"),
    ("person", "move"): N_("moved to another group"),
    ("person", "link"): N_("account linked"),
    ("person", "unlink"): N_("account unlinked"),
    ("person", "release_phone"): N_("phone number removed"),
    ("membership", "join"): N_("role given"),
    ("membership", "leave"): N_("role taken away"),
    ("card", "issue"): N_("card issued"),
    ("cohort", "create"): N_("camp made"),
    ("activity", "create"): N_("activity added"),
    ("activity", "change"): N_("activity changed"),
    ("activity", "cancel"): N_("activity cancelled"),
    ("visit", "arrive"): N_("checked in as a visitor"),
    ("visit", "walk in"): N_("given a free seat at the door"),
    ("visit", "undo"): N_("arrival taken back"),
    ("invitation", "invite"): N_("speaker invited"),
    ("invitation", "reserve"): N_("speaker put in reserve"),
    ("invitation", "renew"): N_("invitation given a new link"),
    ("invitation", "accept"): N_("invitation accepted"),
    ("invitation", "hold"): N_("time asked for to answer"),
    ("invitation", "declined"): N_("invitation declined"),
    ("invitation", "withdrawn"): N_("invitation withdrawn"),
    ("invitation", "expired"): N_("invitation ran out"),
    ("invitation", "thank"): N_("speaker thanked"),
    ("excuse", "excuse"): N_("excused"),
    ("excuse", "withdraw"): N_("excuse withdrawn"),
    ("discussion", "create"): N_("discussion made"),
    ("discussion", "change"): N_("way of making groups changed"),
    ("discussion", "clock"): N_("clock of a discussion changed"),
    ("discussion", "ask"): N_("question of a discussion changed"),
    ("discussion", "draw"): N_("groups drawn"),
    ("discussion", "move"): N_("moved to another discussion group"),
    ("discussion", "leader"): N_("made leader of a discussion group"),
    ("discussion", "recorder"): N_("made recorder of a discussion group"),
    ("discussion", "join"): N_("came late into a discussion group"),
    ("discussion", "announce"): N_("discussion groups announced"),
    ("discussion", "stage"): N_("discussion group went on or back"),
    ("discussion", "confirm"): N_("minutes confirmed"),
    ("discussion", "end"): N_("discussion ended"),
    ("discussion", "reopen"): N_("discussion opened again"),
    ("discussion", "delete"): N_("draft of a discussion deleted"),
    ("hours", "return"): N_("hours made up"),
    ("hours_rule", "change"): N_("rules of hours changed"),
    ("checkin_rule", "change"): N_("rules of check-in changed"),
    ("checkin_rule", "drop"): N_("rules of check-in reset"),
    ("forum_call", "create"): N_("call drafted"),
    ("forum_call", "change"): N_("call changed"),
    ("forum_call", "publish"): N_("call published"),
    ("forum_call", "cancel"): N_("call cancelled"),
    ("forum_call", "reopen"): N_("call taken up again"),
    ("forum_call", "delete"): N_("draft of a call deleted"),
    ("forum_call", "draw"): N_("speakers drawn"),
    ("forum_call", "choose"): N_("speakers chosen, everybody answered"),
    ("forum_pool", "places"): N_("number of places changed"),
    ("forum_signup", "send back"): N_("sent back to the reserve list"),
    ("forum_signup", "give"): N_("place given out of turn"),
    ("forum_signup", "exchange"): N_("changed places with somebody"),
    ("forum_signup", "drop"): N_("place or sign-up declined"),
    ("forum_signup", "answer"): N_("offer answered by phone"),
    ("forum_slot", "delete"): N_("speech slot deleted"),
    ("forum_order", "move"): N_("item of the running order moved"),
    ("forum_order", "minutes"): N_("minutes in the running order changed"),
    ("forum_order", "add"): N_("item put into the running order"),
    ("forum_order", "rename"): N_("item of the running order renamed"),
    ("forum_order", "remove"): N_("item taken out of the running order"),
    ("forum_stage", "open"): N_("stage opened"),
    ("forum_stage", "next"): N_("next on stage"),
    ("forum_stage", "finish"): N_("item on stage ended"),
    ("forum_stage", "more"): N_("minutes given on stage"),
    ("forum_stage", "back"): N_("back to the item before"),
    ("forum_stage", "defer"): N_("not there, put to the end"),
    ("forum_stage", "skip"): N_("not there, left out"),
    ("forum_stage", "unskip"): N_("there after all"),
    ("forum_stage", "reserve"): N_("not there, place given to the reserve"),
    ("forum_stage", "end"): N_("forum ended"),
}
SUBJECTS: Mapping[str, str] = {
    "attendance": N_("attendance"),
    "visit": N_("visit"),
    "invitation": N_("invitation"),
    "checkin": N_("check-in"),
    "appeal": N_("appeal"),
    "person": N_("person"),
    "membership": N_("role"),
    "card": N_("card"),
    "cohort": N_("camp"),
    "activity": N_("activity"),
    "excuse": N_("excuse"),
    "leave": N_("leave"),
    "hours": N_("hours"),
    "hours_rule": N_("rules of hours"),
    "checkin_rule": N_("rules of check-in"),
    "calendar": N_("calendar"),
    "announcement": N_("announcement"),
    "notice": N_("notice"),
    "question": N_("question"),
    "bank": N_("question bank"),
    "test": N_("test"),
    "daily question": N_("question of the day"),
    "discussion": N_("group discussion"),
    "forum_call": N_("call of a forum"),
    "forum_pool": N_("places of a forum"),
    "forum_signup": N_("sign-up to a forum"),
    "forum_slot": N_("slot of a forum"),
    "forum_order": N_("running order"),
    "forum_stage": N_("stage"),
}
FIELDS: Mapping[str, str] = {
    "status": N_("record"),
    "arrived_at": N_("arrived"),
    "left_at": N_("left"),
    "method": N_("how"),
    "group": N_("group"),
    "post": N_("post"),
    "unit": N_("unit"),
    "phone": N_("phone"),
    "name": N_("name"),
    "role": N_("role"),
    "linked": N_("linked"),
    "expires_at": N_("valid until"),
    "said": N_("said"),
    "answer": N_("answer"),
    "starts_at": N_("begins"),
    "ends_at": N_("ends"),
    "title": N_("title"),
    "place": N_("place"),
    "speaker": N_("speaker"),
    "minutes": N_("minutes"),
    "answer_until": N_("answer by"),
    "opens_at": N_("sign-up opens"),
    "closes_at": N_("sign-up closes"),
    "audience": N_("who may sign up"),
    "units": N_("units"),
    "choice": N_("how speakers are chosen"),
    "answer_minutes": N_("answer time in minutes"),
    "topics": N_("questions"),
    "topic": N_("question"),
    "listener": N_("seats for listeners"),
    "part": N_("as what"),
    "places": N_("places"),
    "entrants": N_("entrants"),
    "position": N_("position"),
    "file": N_("file"),
    "grouping": N_("how groups come about"),
    "amount": N_("number or size of groups"),
    "who": N_("who takes part"),
    "stage": N_("step"),
    "seed": N_("seed of the draw"),
    "groups": N_("groups"),
    "question": N_("question"),
    "people": N_("people"),
}
VALUES: Mapping[str, str] = {
    "present": N_("present"),
    "late": N_("late"),
    "missing": N_("missing"),
    "excused": N_("excused"),
    "trainee": N_("trainee"),
    "group_leader": N_("group leader"),
    "coordinator": N_("coordinator"),
    "teacher": N_("teacher"),
    "mentor": N_("mentor"),
    "unit_contact": N_("unit contact"),
    "auditor": N_("auditor"),
    "open": N_("open"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "withdrawn": N_("taken back"),
    "code": N_("typed code"),
    "scan": N_("scanned code"),
    "button": N_("button of somebody early"),
    "hand": N_("by hand"),
    "gate": N_("at the gate"),
    "roll": N_("roll call"),
    "paper": N_("paper sheet"),
    "desk": N_("desk"),
    "place": N_("location"),
    "True": N_("yes"),
    "False": N_("no"),
    "gathering": N_("gathering"),
    "writing": N_("everybody writes"),
    "merging": N_("number and put together"),
    "voting": N_("vote with dots"),
    "causes": N_("causes and measures"),
    "roster": N_("the whole roster"),
    "confirmed": N_("confirmed"),
    "offered": N_("a place is offered"),
    "reserve": N_("on the reserve list"),
    "not_chosen": N_("not this time"),
    "pending": N_("waiting for the choice"),
}
MACHINE: Mapping[str, str] = {
    "schedule": N_("the clock"),
    "command": N_("the command line"),
    "guest": N_("a guest"),
    "sample": N_("the sample"),
}
_HIDDEN = frozenset({"source", "id", "reference"})
_LONGEST = 120


def deed(named: Named, t: Translator) -> str:
    """What was done, in a few words."""
    line = named.line
    known = DEEDS.get((line.subject, line.action))
    if known is not None:
        return t.plain(known)
    subject = t.plain(SUBJECTS[line.subject]) if line.subject in SUBJECTS else line.subject
    return f"{subject}: {line.action}"


def who(named: Named, t: Translator) -> str:
    """Who did it: a person, or what of the machine."""
    if named.line.actor_id is not None:
        return named.actor
    return t.plain(MACHINE[named.actor]) if named.actor in MACHINE else named.actor


def differences(named: Named, zone: ZoneInfo, t: Translator) -> list[tuple[str, str, str]]:
    """What changed: the field, before, after; only what differs."""
    before, after = named.line.before, named.line.after
    keys = [key for key in {**before, **after} if key not in _HIDDEN and before.get(key) != after.get(key)]
    return [(_field(key, t), value(before.get(key), zone, t), value(after.get(key), zone, t)) for key in keys]


def value(raw: Any, zone: ZoneInfo, t: Translator) -> str:
    """A value of the log as people read it: instants by the camp's clock, known words in the reader's language."""
    if raw is None or raw == "":
        return "–"
    text = str(raw)
    if text in VALUES:
        return t.plain(VALUES[text])
    at = _instant(text)
    if at is not None:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _field(key: str, t: Translator) -> str:
    return t.plain(FIELDS[key]) if key in FIELDS else key


def _instant(text: str) -> datetime | None:
    if len(text) < len("2026-12-07 01:00:00") or not text[:4].isdigit():
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
