"""Files of every kind: uploaded, or sent again by file_id; and the way to download them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.sandbox.entities import read_caption
from bot.sandbox.errors import bad_request
from bot.sandbox.files import DOWNLOAD_LIMIT, FileRow, check_upload, file_content, new_file
from bot.sandbox.methods.messages import known_users
from bot.sandbox.methods.sending import deliver, writable_chat
from bot.sandbox.params import Json, Params, Upload
from bot.sandbox.world import World


def send_document(world: World, params: Params) -> Json:
    """`sendDocument`."""
    return _send(world, params, "document")


def send_photo(world: World, params: Params) -> Json:
    """`sendPhoto`: PNG or JPEG."""
    return _send(world, params, "photo")


def _send_bare(world: World, params: Params, kind: str) -> Json:
    """What has no caption."""
    writable_chat(world, params)
    return deliver(world, params, file_content(find_file(world, params, kind, params.text(kind) or kind)))


def _send(world: World, params: Params, kind: str) -> Json:
    caption = known_users(world, read_caption(params)).wire("caption")
    writable_chat(world, params)
    row = find_file(world, params, kind, params.text(kind) or kind)
    return deliver(world, params, file_content(row) | caption)


def find_file(world: World, params: Params, kind: str, reference: str) -> FileRow:
    """The file of an upload (the part's name, or `attach://name`), or a known one by its file_id; raises ApiError."""
    upload = params.files.get(reference.removeprefix("attach://"))
    if upload is not None:
        return _store(world, kind, upload)
    if reference.startswith("attach://") or reference == kind:
        raise bad_request(f"there is no {kind} in the request")
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    row = world.files.get(reference)
    if row is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if row["kind"] != kind:
        raise bad_request(f"can't use file of type {row['kind'].capitalize()} as {kind.capitalize()}")
    return row


def _store(world: World, kind: str, upload: Upload) -> FileRow:
    check_upload(kind, upload)
    row = new_file(kind, upload)
    world.contents.write(row["unique_id"], upload.content)
    world.files.put(row["file_id"], row)
    return row


def media_content(world: World, params: Params, given: Json) -> Json:
    """The Message fields of one InputMedia object; raises ApiError."""
    kind = given.get("type")
    if kind not in {"document", "photo", "video", "audio", "animation"}:
        raise bad_request("can't parse InputMedia: unsupported type of media for the sandbox")
    caption = known_users(world, read_caption(Params(given))).wire("caption")
    return file_content(find_file(world, params, kind, str(given.get("media") or kind))) | caption


def get_file(world: World, params: Params) -> Json:
    """`getFile`: the path to download from, for files of up to 20 MB."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    row = world.files.get(file_id)
    if row is None:
        raise bad_request("invalid file_id")
    if row["size"] > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": row["unique_id"],
        "file_size": row["size"],
        "file_path": row["path"],
    }


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendVideo": partial(_send, kind="video"),
    "sendAnimation": partial(_send, kind="animation"),
    "sendAudio": partial(_send, kind="audio"),
    "sendVoice": partial(_send, kind="voice"),
    "sendVideoNote": partial(_send_bare, kind="video_note"),
    "sendSticker": partial(_send_bare, kind="sticker"),
    "getFile": get_file,
}
