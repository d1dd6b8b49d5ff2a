"""Files: their rows, their bytes on disk or in memory, and the checks Telegram makes on them. No methods, no people."""

from __future__ import annotations

import mimetypes
import secrets
import struct
from pathlib import Path
from typing import Any, TypedDict

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.params import Json, Upload

UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"


class FileRow(TypedDict):
    """What is known of a file; `path` is what getFile gives and the download address ends in."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    size: int
    path: str
    width: int
    height: int


class FileStore:
    """The bytes of files by their unique id."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def write(self, unique_id: str, content: bytes) -> None:
        """Keep the bytes of a new file."""
        if self._folder is None:
            self._memory[unique_id] = content
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / unique_id).write_bytes(content)

    def read(self, unique_id: str) -> bytes:
        """The bytes of a known file."""
        return self._memory[unique_id] if self._folder is None else (self._folder / unique_id).read_bytes()


def new_file(kind: str, upload: Upload, *, size: int | None = None) -> FileRow:
    """The row of an uploaded file; `size` may claim more than the bytes at hand (tests of limits)."""
    unique_id = secrets.token_hex(8)
    name = upload.name or "file"
    suffix = Path(name).suffix or mimetypes.guess_extension(upload.mime_type) or ""
    width, height = image_size(upload.content) if kind == "photo" else (0, 0)
    return {
        "file_id": ("AgAC" if kind == "photo" else "BQAC") + secrets.token_urlsafe(24),
        "unique_id": unique_id,
        "kind": kind,
        "name": name,
        "mime_type": _mime_type(upload),
        "size": len(upload.content) if size is None else size,
        "path": f"{kind}s/file_{unique_id}{suffix}",
        "width": width,
        "height": height,
    }


def _mime_type(upload: Upload) -> str:
    guessed = mimetypes.guess_type(upload.name)[0]
    generic = upload.mime_type in {"", "application/octet-stream"}
    return guessed if guessed and generic else upload.mime_type or "application/octet-stream"


def check_upload(kind: str, upload: Upload) -> None:
    """Telegram's limits for a file sent by a bot; raises ApiError."""
    if len(upload.content) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
        raise ApiError(413, "Request Entity Too Large")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        _check_photo(upload.content)


def _check_photo(content: bytes) -> None:
    width, height = image_size(content)
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG, (0, 0) for anything else."""
    if content.startswith(_PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return 0, 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def file_content(row: FileRow) -> Json:
    """The fields of a Message that carry this file."""
    common: dict[str, Any] = {
        "file_id": row["file_id"],
        "file_unique_id": row["unique_id"],
        "file_size": row["size"],
    }
    if row["kind"] == "photo":
        return {"photo": [common | {"width": row["width"] or 90, "height": row["height"] or 90}]}
    named = {"file_name": row["name"], "mime_type": row["mime_type"]}
    return {row["kind"]: common | _SHAPES[row["kind"]] | (named if row["kind"] in _NAMED else {})}


_NAMED = frozenset({"document", "video", "animation", "audio"})
_SHAPES: dict[str, Json] = {
    "document": {},
    "video": {"width": 320, "height": 240, "duration": 3},
    "animation": {"width": 320, "height": 240, "duration": 3},
    "audio": {"duration": 3},
    "voice": {"duration": 3},
    "video_note": {"length": 240, "duration": 3},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}
"""What Telegram says of each kind beyond the file itself."""
