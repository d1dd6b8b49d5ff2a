"""A filled sheet on its way in: recognised, looked at, and kept when confirmed. Knows no chat."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.checkin import paper
from bot.checkin.paper import Kept, PaperPlan
from bot.checkin.paper_text import Read, find_sheet, read_sheet
from bot.people.service import Speaker
from bot.sheets.shapes import Workbook

KIND = "checkin"


class SheetPlan(Struct, frozen=True):
    """What confirming the file would record. ``fingerprint`` changes whenever it would record something else."""

    plan: PaperPlan
    rubbish: tuple[str, ...]
    fingerprint: str


def is_sheet(workbook: Workbook) -> bool:
    """Whether the file is a filled sheet of ours."""
    return find_sheet(workbook) is not None


def preview_sheet(session: Session, *, cohort_id: int, workbook: Workbook, now: datetime) -> SheetPlan | None:
    """What the file would record; ``None`` where its codes stand on no sheet of the cohort.

    The caller has checked that whoever sent the file may see it.
    """
    read = _read(workbook)
    activity = paper.activity_of_lines(session, cohort_id, read.lines, now)
    if activity is None:
        return None
    plan = paper.plan_of(session, activity, read.lines, now)
    return SheetPlan(plan, read.rubbish, _fingerprint(plan))


def keep_sheet(
    session: Session, *, speaker: Speaker | None, cohort_id: int, workbook: Workbook, seen: str, now: datetime
) -> Kept | None:
    """Record what the preview with the fingerprint ``seen`` said; ``None`` where it would now be something else.

    Raises:
        NotAllowed: the speaker does not coordinate the cohort.
    """
    found = preview_sheet(session, cohort_id=cohort_id, workbook=workbook, now=now)
    if found is None or found.fingerprint != seen:
        return None
    lines = _read(workbook).lines
    return paper.keep_lines(session, speaker=speaker, activity_id=found.plan.activity.id, lines=lines, now=now)


def _read(workbook: Workbook) -> Read:
    header = find_sheet(workbook)
    return read_sheet(header) if header is not None else Read(())


def _fingerprint(plan: PaperPlan) -> str:
    parts: Sequence[object] = (
        plan.activity.id,
        [(one.attendee.person_id, one.arrived_at, one.left_at) for one in plan.new],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
