"""The life of a file on its way in: sent, read, looked at, confirmed or dropped. Knows no kind of file but its name.

What a kind of file means is decided elsewhere: ``enrolling`` for rosters, the timetable's own package for timetables.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.errors import Gone, NotAllowed, Refusal
from bot.people import access, service
from bot.people.models import Cohort, Import, ImportStatus, Role
from bot.people.service import Speaker

SENDING = (Role.COORDINATOR, Role.TEACHER)
"""Who may send files at all; what a kind of file asks of its sender is decided once it was read."""

OPEN = (ImportStatus.FETCHING, ImportStatus.CHOOSING, ImportStatus.PREVIEWED)


class ImportOfAnother(Refusal):
    """Somebody else sent this file. Please send it yourself to import it."""


class ImportClosed(Refusal):
    """This file was already imported or dropped. Please send it again if you need it again."""


def open_import(
    session: Session, *, speaker: Speaker | None, chat_id: int, file_name: str, language: str, now: datetime
) -> Import:
    """Note that a file is being fetched.

    Raises:
        NotAllowed: the sender neither coordinates nor teaches anywhere.
    """
    if speaker is None or not (speaker.is_operator or choices(session, speaker, *SENDING)):
        raise NotAllowed
    import_ = Import(
        sender_id=speaker.person_id, chat_id=chat_id, file_name=file_name[:200], language=language, created_at=now
    )
    session.add(import_)
    session.flush()
    return import_


def find_import(session: Session, import_id: int, speaker: Speaker | None) -> Import:
    """The import whose button was pressed, for its own sender.

    Raises:
        Gone: there is none.
        ImportOfAnother: somebody else sent the file.
    """
    import_ = session.get(Import, import_id)
    if import_ is None:
        raise Gone
    if speaker is None or speaker.person_id != import_.sender_id:
        raise ImportOfAnother
    return import_


def require_open(import_: Import) -> Import:
    """Let only an import pass that is neither done nor dropped.

    Raises:
        ImportClosed: it is.
    """
    if import_.status not in OPEN or (import_.status != ImportStatus.FETCHING and import_.content is None):
        raise ImportClosed
    return import_


def awaiting(session: Session, import_id: int) -> Import | None:
    """The import that waits for this file; none where it was dropped meanwhile or the file has come before."""
    import_ = session.get(Import, import_id)
    return import_ if import_ is not None and import_.status == ImportStatus.FETCHING else None


def keep_content(session: Session, import_: Import, *, kind: str, content: str) -> None:
    """Keep what was read until it is confirmed."""
    import_.kind, import_.content, import_.status = kind, content, ImportStatus.CHOOSING
    session.add(import_)
    session.flush()


def choices(session: Session, speaker: Speaker, *roles: Role) -> Sequence[Cohort]:
    """The cohorts the file may be for, where the speaker has one of the roles, the latest first."""
    if speaker.is_operator:
        return service.all_cohorts(session)
    return service.cohorts_of(session, speaker.person_id, *(roles or (Role.COORDINATOR,)))


def choose_cohort(
    session: Session, import_: Import, *, cohort_id: int, speaker: Speaker | None, roles: Sequence[Role] = ()
) -> Cohort:
    """Say which cohort the file is for; answers given for another cohort are forgotten.

    Raises:
        NotAllowed: the speaker has none of the roles there (a coordinator's, if none is named).
    """
    access.require_role(session, speaker, cohort_id, *(roles or (Role.COORDINATOR,)))
    cohort = service.get_cohort(session, cohort_id)
    if import_.cohort_id != cohort_id:
        import_.answers = "{}"
    import_.cohort_id, import_.status = cohort_id, ImportStatus.PREVIEWED
    session.add(import_)
    session.flush()
    return cohort


def answers_of(import_: Import) -> dict[int, int]:
    """What was answered so far: row -> person id, or what ``enrolling`` says of new and left out."""
    rows: Mapping[str, int] = _noted(import_).get("rows", {})
    return {int(row): answer for row, answer in rows.items()}


def answer(session: Session, import_: Import, *, row: int, choice: int) -> None:
    """Remember who a row is."""
    noted = _noted(import_)
    _note(session, import_, noted | {"rows": {**noted.get("rows", {}), str(row): choice}})


def leaves(import_: Import) -> bool:
    """Whether those who are no longer in the file are to be marked as having left."""
    return bool(_noted(import_).get("leave"))


def toggle_leaving(session: Session, import_: Import) -> None:
    """Change one's mind about those who are no longer in the file."""
    _note(session, import_, _noted(import_) | {"leave": not leaves(import_)})


def close(session: Session, import_: Import, status: ImportStatus) -> None:
    """End an import; what was read of the file is forgotten, since it is full of names."""
    import_.status, import_.content, import_.answers = status, None, "{}"
    session.add(import_)
    session.flush()


def _noted(import_: Import) -> dict[str, Any]:
    noted: dict[str, Any] = json.loads(import_.answers)
    return noted


def _note(session: Session, import_: Import, noted: Mapping[str, Any]) -> None:
    import_.answers = json.dumps(noted)
    session.add(import_)
    session.flush()
