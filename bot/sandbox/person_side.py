"""What people do: they write, press, send files, vote, block. Each act changes the world and queues its update.

The bot's side is in `methods`; nothing here may answer for the bot.
"""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.entities import detect_entities
from bot.sandbox.files import file_content, new_file
from bot.sandbox.params import Json, Upload
from bot.sandbox.polls import build_poll_answer, count_votes, refused_vote
from bot.sandbox.world import ChatRow, PersonRow, World, random_id


class CannotDo(ValueError):
    """A person tried what Telegram's clients do not offer, such as pressing a button that is not there."""


class PersonSide:
    """The acts of people, mixed into the Sandbox."""

    world: World
    privacy: bool

    def add_person(
        self,
        name: str,
        *,
        person_id: int | None = None,
        username: str | None = None,
        language_code: str = "en",
        caption: str = "",
        started: bool = False,
    ) -> PersonRow:
        """A new human; `started` skips the bot's `/start` (as if pressed long ago). An id already known is kept."""
        person_id = person_id or 5_000_000_000 + secrets.randbelow(900_000_000)
        if known := self.world.people.get(person_id):
            return known
        person: PersonRow = {
            "id": person_id,
            "name": name,
            "username": username,
            "language_code": language_code,
            "caption": caption,
        }
        self.world.people.put(person_id, person)
        self.world.put_chat(_new_chat(person_id, "private"), started=started)
        self.world.journal.flush()
        return person

    def add_group(self, title: str, members: list[int], *, chat_id: int | None = None) -> int:
        """A group that the bot was added to (queues `my_chat_member`); returns its id."""
        chat_id = chat_id or -(1_000_000_000 + secrets.randbelow(900_000_000))
        self.world.put_chat(_new_chat(chat_id, "group"), title=title, members=members)
        self._tell_membership(chat_id, members[0], "left", "member")
        return chat_id

    def say(self, person_id: int, text: str, *, chat_id: int | None = None, reply_to: int | None = None) -> Json:
        """A text message; commands, links and mentions in it get their entities."""
        entities = detect_entities(text)
        return self._send(person_id, {"text": text} | ({"entities": entities} if entities else {}), chat_id, reply_to)

    def start(self, person_id: int, payload: str = "") -> Json:
        """Press Start, or follow a deep link with this payload; unblocks the bot first."""
        self.unblock(person_id)
        return self.say(person_id, f"/start {payload}".strip())

    def edit_message(self, person_id: int, message_id: int, text: str) -> Json:
        """Change an own text message."""
        row = self.world.messages.get((person_id, message_id))
        if row is None or row["wire"]["from"]["id"] != person_id:
            raise CannotDo("that is not a message of this person")
        kept = {name: value for name, value in row["wire"].items() if name != "entities"}
        entities = detect_entities(text)
        wire = kept | {"text": text, "edit_date": int(self.world.now())} | ({"entities": entities} if entities else {})
        self.world.replace(wire)
        self._queue("edited_message", wire, person_id)
        return wire

    def send_file(
        self,
        person_id: int,
        upload: Upload,
        *,
        kind: str = "document",
        caption: str = "",
        size: int | None = None,
        chat_id: int | None = None,
        album: str = "",
    ) -> Json:
        """A document or photo, perhaps of an album; `size` may claim more bytes than there are (download limit)."""
        row = new_file(kind, upload, size=size)
        self.world.contents.write(row["unique_id"], upload.content)
        self.world.files.put(row["file_id"], row)
        content = file_content(row) | ({"caption": caption} if caption else {})
        content |= {"media_group_id": album} if album else {}
        return self._send(person_id, content, chat_id, None)

    def send_location(self, person_id: int, latitude: float, longitude: float, accuracy: float | None = None) -> Json:
        """A location, in degrees and metres."""
        location: Json = {"latitude": latitude, "longitude": longitude}
        if accuracy is not None:
            location["horizontal_accuracy"] = accuracy
        return self._send(person_id, {"location": location}, None, None)

    def send_contact(self, person_id: int, phone_number: str = "+8613800000000", *, owner: int | None = None) -> Json:
        """The own contact (with `user_id`), or another person's."""
        shown = self.world.people.rows[owner or person_id]
        contact = {"phone_number": phone_number, "first_name": shown["name"], "user_id": shown["id"]}
        return self._send(person_id, {"contact": contact}, None, None)

    def press(self, person_id: int, message_id: int, callback_data: str, *, chat_id: int | None = None) -> str:
        """Press an inline button; returns the callback query's id. Raises CannotDo when it is not there."""
        chat_id = chat_id or person_id
        row = self.world.messages.get((chat_id, message_id))
        if row is None or callback_data not in _offered(row["wire"]):
            raise CannotDo("there is no such button under that message")
        return self.press_unchecked(person_id, message_id, callback_data, chat_id=chat_id)

    def press_unchecked(self, person_id: int, message_id: int, data: str, *, chat_id: int | None = None) -> str:
        """A press as a modified client may send it, or on a message deleted meanwhile (it is then inaccessible)."""
        chat_id = chat_id or person_id
        query_id = random_id()
        row = self.world.messages.get((chat_id, message_id))
        gone: Json = {"chat": self.world.chat(chat_id), "message_id": message_id, "date": 0}
        self.world.queries.put(
            query_id,
            {"person": person_id, "chat": chat_id, "message": message_id, "at": self.world.now(), "answered": False},
        )
        query = {
            "id": query_id,
            "from": self.world.user(person_id),
            "message": row["wire"] if row else gone,
            "chat_instance": str(chat_id * 7919),
            "data": data,
        }
        self._queue("callback_query", query, person_id)
        return query_id

    def vote(self, person_id: int, poll_id: str, options: list[int]) -> None:
        """Choose options of a poll by number from 0; an empty list takes the vote back."""
        row = self.world.polls.get(poll_id)
        if row is None or row["poll"]["is_closed"] or 0 < row["closes"] <= self.world.now():
            raise CannotDo("that poll is not open")
        if why := refused_vote(row["poll"], options, row["votes"].get(str(person_id), [])):
            raise CannotDo(why)
        votes = dict(row["votes"]) | {str(person_id): options}
        poll = count_votes(row["poll"], votes)
        self.world.polls.put(poll_id, {**row, "votes": votes, "poll": poll})
        self._show_poll(row["chat"], row["message"], poll)
        self._queue("poll", poll, 0)
        if not poll["is_anonymous"]:
            self._queue("poll_answer", build_poll_answer(poll, self.world.user(person_id), options), person_id)
        self.world.journal.flush()

    def block(self, person_id: int) -> None:
        """Stop the bot: it gets `my_chat_member`, and 403 from now on."""
        chat = self.world.chats.rows[person_id]
        if not chat["blocked"]:
            self.world.put_chat(chat, blocked=True)
            self._tell_membership(person_id, person_id, "member", "kicked")

    def unblock(self, person_id: int) -> None:
        """Let the bot write again, if it was blocked."""
        chat = self.world.chats.rows[person_id]
        if chat["blocked"]:
            self.world.put_chat(chat, blocked=False)
            self._tell_membership(person_id, person_id, "kicked", "member")

    def deactivate(self, person_id: int) -> None:
        """Delete the account: the bot gets 403 `user is deactivated`."""
        self.world.put_chat(self.world.chats.rows[person_id], gone="user is deactivated")

    def kick_bot(self, chat_id: int, person_id: int) -> None:
        """Remove the bot from a group."""
        chat = self.world.chats.rows[chat_id]
        what = "group" if chat["type"] == "group" else "supergroup"
        self.world.put_chat(chat, gone=f"bot was kicked from the {what} chat")
        self._tell_membership(chat_id, person_id, "member", "kicked")

    def upgrade_group(self, chat_id: int) -> int:
        """Turn a group into a supergroup with service messages in both; returns the new id."""
        chat = self.world.chats.rows[chat_id]
        new_id = -1_000_000_000_000 + chat_id
        self.world.put_chat(_new_chat(new_id, "supergroup"), title=chat["title"], members=chat["members"])
        self.world.put_chat(chat, migrated_to=new_id)
        sender = self.world.user(chat["members"][0])
        for here, content in ((chat_id, {"migrate_to_chat_id": new_id}), (new_id, {"migrate_from_chat_id": chat_id})):
            self._queue("message", self.world.post(here, sender, content), here)
        return new_id

    def inject(self, update: Json) -> int:
        """Queue a raw update, with its own `update_id` if it has one; returns the id."""
        update_id = self.world.queue.inject(update, now=self.world.now())
        self.world.journal.flush()
        return update_id

    def _send(self, person_id: int, content: Json, chat_id: int | None, reply_to: int | None) -> Json:
        chat_id = chat_id or person_id
        chat = self.world.chats.rows[chat_id]
        if chat["type"] == "private" and not chat["started"]:
            self.world.put_chat(chat, started=True)
        quoted = self.world.quoted(chat_id, reply_to) if reply_to else None
        wire = self.world.post(
            chat_id, self.world.user(person_id), content | ({"reply_to_message": quoted} if quoted else {})
        )
        if chat["type"] == "private" or not self.privacy or self._is_for_bot(wire):
            self._queue("message", wire, chat_id)
        self.world.journal.flush()
        return wire

    def _is_for_bot(self, wire: Json) -> bool:
        """Privacy mode: a group's chatter stays hidden from the bot."""
        if wire.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot["id"]:
            return True
        text = wire.get("text", "")
        name = "@" + self.world.bot["username"].lower()
        command = text.split(maxsplit=1)[0].lower() if text.startswith("/") else ""
        return name in text.lower() or (bool(command) and "@" not in command)

    def _show_poll(self, chat_id: int, message_id: int, poll: Json) -> None:
        row = self.world.messages.get((chat_id, message_id))
        if row is not None:
            self.world.replace(row["wire"] | {"poll": poll}, fixed=row["fixed"])

    def _tell_membership(self, chat_id: int, person_id: int, old: str, new: str) -> None:
        change = {
            "chat": self.world.chat(chat_id),
            "from": self.world.user(person_id),
            "date": int(self.world.now()),
            "old_chat_member": self._bot_member(old),
            "new_chat_member": self._bot_member(new),
        }
        self._queue("my_chat_member", change, chat_id)

    def _bot_member(self, status: str) -> Json:
        member: Json = {"user": self.world.bot, "status": status}
        return member | ({"until_date": 0} if status == "kicked" else {})

    def _queue(self, kind: str, payload: Json, lane: int) -> None:
        self.world.queue_update(kind, payload, lane)
        self.world.journal.flush()


def _new_chat(chat_id: int, kind: str) -> ChatRow:
    return {
        "id": chat_id,
        "type": kind,
        "title": "",
        "members": [],
        "started": kind != "private",
        "blocked": False,
        "gone": "",
        "migrated_to": 0,
        "pinned": [],
        "reply_keyboard": None,
    }


def _offered(wire: Json) -> set[Any]:
    rows = wire.get("reply_markup", {}).get("inline_keyboard", [])
    return {button.get("callback_data") for row in rows for button in row} - {None}
