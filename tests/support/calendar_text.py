"""A reader of iCalendar text that shares nothing with the library that writes it, and is strict about RFC 5545."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

LINE = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)", re.DOTALL)
ONCE = frozenset({"UID", "DTSTART", "DTEND", "DTSTAMP", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "SEQUENCE"})


@dataclass
class Component:
    """A component with its properties (name, parameters, raw value) and the components in it."""

    name: str
    properties: list[tuple[str, str, str]] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return unescape(next(value for key, _, value in self.properties if key == name))

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _, _ in self.properties)

    def parameters(self, name: str) -> str:
        """The parameters of a property as they stand in the text."""
        return next(parameters for key, parameters, _ in self.properties if key == name)

    def all(self, name: str) -> list["Component"]:
        """The components of that name right inside this one."""
        return [child for child in self.children if child.name == name]


def parse(content: bytes) -> Component:
    """Read one calendar; raises AssertionError where the text breaks a rule of the format."""
    stack = [Component("")]
    for line in unfold(content):
        found = LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found.groups()
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value, (done.name, value)
            stack[-1].children.append(done)
        else:
            assert not (name in ONCE and name in stack[-1]), f"{name} twice"
            stack[-1].properties.append((name, parameters, value))
    assert len(stack) == 1, "a component was not closed"
    (calendar,) = stack[0].children
    return calendar


def unfold(content: bytes) -> list[str]:
    """The content lines; each line of the text ends in CRLF, has at most 75 octets and is UTF-8 by itself."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    unfolded: list[str] = []
    for line in lines:
        assert len(line) <= 75, line
        assert b"\r" not in line, line
        assert b"\n" not in line, line
        text = line.decode()  # a character cut in two by a fold fails here
        if text.startswith((" ", "\t")):
            unfolded[-1] += text[1:]
        else:
            unfolded.append(text)
    return unfolded


def unescape(value: str) -> str:
    """The text behind an escaped value."""
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def instant(calendar: Component, event: Component, name: str) -> datetime:
    """The instant (UTC) of a time with TZID, worked out from the calendar's own VTIMEZONE and nothing else."""
    wall = datetime.strptime(event[name], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall time
    zone = event.parameters(name).removeprefix(";TZID=")
    (definition,) = [one for one in calendar.all("VTIMEZONE") if one["TZID"] == zone]
    known = sorted(definition.children, key=lambda one: one["DTSTART"])
    ruling = [one for one in known if one["DTSTART"] <= event[name]][-1]
    return (wall - offset(ruling["TZOFFSETTO"])).replace(tzinfo=UTC)


def offset(text: str) -> timedelta:
    """A UTC offset such as ``+0800``."""
    sign = -1 if text.startswith("-") else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:7] or 0))
