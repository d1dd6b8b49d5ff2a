"""The state of the sandbox: people, chats, messages, files, polls and presses, each a table of the journal.

It keeps what is true and builds Telegram's objects from it. It decides no rule of a method (see `methods`), and
does not know what a person does next (see `person_side`).
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict

from bot.sandbox.files import FileRow, FileStore
from bot.sandbox.hub import Hub
from bot.sandbox.journal import Journal, Table
from bot.sandbox.params import Json
from bot.sandbox.updates import BY_REQUEST_ONLY, UpdateQueue

MessageKey = tuple[int, int]


class PersonRow(TypedDict):
    """A human; `caption` is a hint for the page such as `trainee`."""

    id: int
    name: str
    username: str | None
    language_code: str
    caption: str


class ChatRow(TypedDict):
    """A private chat (its id is the person's) or a group."""

    id: int
    type: str
    title: str
    members: list[int]
    started: bool
    blocked: bool
    gone: str
    migrated_to: int
    pinned: list[int]
    reply_keyboard: Json | None


class MessageRow(TypedDict):
    """A message as it goes over the wire; `fixed` ones cannot be edited (sent with a reply keyboard, forwarded)."""

    wire: Json
    fixed: bool


class QueryRow(TypedDict):
    """A press of an inline button."""

    person: int
    chat: int
    message: int
    at: float
    answered: bool


class PollRow(TypedDict):
    """A poll with everyone's choice; `votes` has one list of option numbers a person id (as text)."""

    poll: Json
    chat: int
    message: int
    votes: dict[str, list[int]]
    closes: float


class Messages(Table[MessageKey, MessageRow]):
    """Messages by (chat, message id), and by chat. Ids are never used twice."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal, "messages")
        self.of_chat: defaultdict[int, dict[int, MessageRow]] = defaultdict(dict)
        self.last_id = 0

    def put(self, key: MessageKey, row: MessageRow) -> None:
        """Add or replace a message."""
        super().put(key, row)
        self.of_chat[key[0]][key[1]] = row
        self.last_id = max(self.last_id, key[1])

    def drop(self, key: MessageKey) -> None:
        """Delete a message."""
        super().drop(key)
        self.of_chat[key[0]].pop(key[1], None)

    def replay(self, key: Any, row: Any) -> None:
        """Apply a line of the journal."""
        super().replay(key, row)
        chat_id, message_id = key
        self.last_id = max(self.last_id, message_id)
        if row is None:
            self.of_chat[chat_id].pop(message_id, None)
        else:
            self.of_chat[chat_id][message_id] = row

    def stored(self) -> Any:
        """The messages, and an empty line that keeps the last id."""
        yield (0, self.last_id), None
        yield from self.rows.items()


class Files(Table[str, FileRow]):
    """Files by file_id, and by the path to download them from."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal, "files")
        self.by_path: dict[str, str] = {}

    def put(self, key: str, row: FileRow) -> None:
        """Add a file."""
        super().put(key, row)
        self.by_path[row["path"]] = key

    def replay(self, key: Any, row: Any) -> None:
        """Apply a line of the journal."""
        super().replay(key, row)
        self.by_path[row["path"]] = key


class World:
    """All tables, the clock, and the making of messages and updates."""

    def __init__(
        self, clock: Callable[[], datetime], bot: Json, folder: Path | None, *, insecure_webhooks: bool = False
    ) -> None:
        self.clock = clock
        self.bot = bot
        self.insecure_webhooks = insecure_webhooks
        self.journal = Journal(folder)
        self.hub = Hub()
        self.people: Table[int, PersonRow] = Table(self.journal, "people")
        self.chats: Table[int, ChatRow] = Table(self.journal, "chats")
        self.messages = Messages(self.journal)
        self.queries: Table[str, QueryRow] = Table(self.journal, "queries")
        self.polls: Table[str, PollRow] = Table(self.journal, "polls")
        self.files = Files(self.journal)
        self.settings: Table[str, Any] = Table(self.journal, "settings")
        self.queue = UpdateQueue(self.journal)
        self.contents = FileStore(None if folder is None else folder / "files")
        self._chat_wires: dict[int, Json] = {}
        self.journal.open({table.name: table for table in self._tables()})

    def _tables(self) -> tuple[Table[Any, Any], ...]:
        return (
            self.people,
            self.chats,
            self.messages,
            self.queries,
            self.polls,
            self.files,
            self.settings,
            self.queue,
        )

    def now(self) -> float:
        """The clock as a Unix time."""
        return self.clock().timestamp()

    def user(self, person_id: int) -> Json:
        """The User object of a person."""
        person = self.people.rows[person_id]
        user: Json = {"id": person["id"], "is_bot": False, "first_name": person["name"]}
        if person["username"]:
            user["username"] = person["username"]
        return user | {"language_code": person["language_code"]}

    def chat(self, chat_id: int) -> Json:
        """The Chat object of a private chat or group."""
        known = self._chat_wires.get(chat_id)
        if known is None:
            known = self._chat_wires[chat_id] = self._chat_wire(chat_id)
        return known

    def _chat_wire(self, chat_id: int) -> Json:
        row = self.chats.rows[chat_id]
        if row["type"] != "private":
            return {"id": chat_id, "title": row["title"], "type": row["type"]}
        person = self.people.rows[chat_id]
        wire: Json = {"id": chat_id, "first_name": person["name"], "type": "private"}
        return wire | ({"username": person["username"]} if person["username"] else {})

    def put_chat(self, row: ChatRow, **changes: Any) -> None:
        """Add or change a chat."""
        changed: Any = row | changes
        self.chats.put(row["id"], changed)
        self._chat_wires.pop(row["id"], None)
        self.hub.changed(row["id"])

    def post(self, chat_id: int, sender: Json, content: Json, *, fixed: bool = False) -> Json:
        """Add a message to a chat; returns its Message object."""
        message_id = self.messages.last_id + 1
        wire = {
            "message_id": message_id,
            "from": sender,
            "chat": self.chat(chat_id),
            "date": int(self.now()),
            **content,
        }
        self.messages.put((chat_id, message_id), {"wire": wire, "fixed": fixed})
        self.hub.changed(chat_id)
        return wire

    def replace(self, wire: Json, *, fixed: bool = False) -> None:
        """Put a changed Message object in the place of the old one."""
        self.messages.put((wire["chat"]["id"], wire["message_id"]), {"wire": wire, "fixed": fixed})
        self.hub.changed(wire["chat"]["id"])

    def remove(self, chat_id: int, message_id: int) -> None:
        """Delete a message."""
        self.messages.drop((chat_id, message_id))
        self.hub.changed(chat_id)

    def quoted(self, chat_id: int, message_id: int) -> Json | None:
        """A message as it stands inside another one: without the message it answers itself."""
        row = self.messages.get((chat_id, message_id))
        return row and {name: value for name, value in row["wire"].items() if name != "reply_to_message"}

    def file_by_path(self, path: str) -> FileRow | None:
        """The file that getFile gave this path for."""
        return self.files.rows.get(self.files.by_path.get(path, ""))

    def queue_update(self, kind: str, payload: Json, lane: int) -> int | None:
        """Queue an update unless the bot did not ask for its kind; returns its id."""
        allowed = self.settings.get("allowed_updates")
        wanted = kind in allowed if allowed else kind not in BY_REQUEST_ONLY
        return self.queue.add(kind, payload, now=self.now(), lane=f"{kind} {lane}") if wanted else None


def random_id() -> str:
    """An identifier that cannot be guessed, as Telegram gives to presses and polls."""
    return str(secrets.randbelow(9 * 10**17) + 10**17)
