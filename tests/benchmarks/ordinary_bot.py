"""What one would write without this project: python-telegram-bot as its examples show it, SQLModel's async session.

Stock polling, stock HTTP client, a session and a commit an update, the same work and two calls as our check-in. It is a
yardstick, so it takes no shortcut and no detour: no queue, no retry, no redelivery, one update after another.
"""

import hmac
import os
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import configure_mappers
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import CallbackQuery, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot import schema
from bot.audit.models import Change
from bot.checkin import rules
from bot.checkin.models import Attendance, Window
from bot.people.models import Cohort, Membership, Person
from bot.timetable.models import Activity

assert schema

Found = tuple[Window, Activity, Cohort, Membership]


def open_engine(address: str) -> AsyncEngine:
    """The engine, with the pragmas that any guide recommends for SQLite and full durability."""
    engine = create_async_engine(address.replace("sqlite:///", "sqlite+aiosqlite:///"))
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


SESSIONS = async_sessionmaker(open_engine(os.environ["DATABASE_URL"]), class_=AsyncSession, expire_on_commit=False)


async def check_in(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Record the arrival of whoever pressed, commit, answer the press and change the message."""
    query = cast("CallbackQuery", update.callback_query)
    activity_id, mac = (query.data or "").split(":")[2:]
    async with SESSIONS() as session:
        person = (await session.exec(select(Person).where(Person.telegram_id == query.from_user.id))).one()
        window, activity, _, _ = await _find(session, person, int(activity_id))
        told = await _record(session, person, activity, window, mac)
        await session.commit()
    await query.answer(told)
    await query.edit_message_text(f"✅ <b>{activity.title}</b>\n{told}", parse_mode="HTML")


async def _find(session: AsyncSession, person: Person, activity_id: int) -> Found:
    query = (
        select(Window, Activity, Cohort, Membership)
        .join(Activity, col(Activity.id) == Window.activity_id)
        .join(Cohort, col(Cohort.id) == Activity.cohort_id)
        .join(Membership, col(Membership.cohort_id) == Cohort.id)
        .where(Window.activity_id == activity_id, Membership.person_id == person.id, col(Membership.left_at).is_(None))
    )
    return (await session.exec(query)).one()


async def _record(session: AsyncSession, person: Person, activity: Activity, window: Window, mac: str) -> str:
    now = datetime.now(UTC)
    person_id, activity_id = person.id or 0, activity.id or 0
    if not hmac.compare_digest(mac, rules.button_mac(window.secret, activity_id, person_id)):
        return "This button is not yours."
    ends_at = activity.ends_at.replace(tzinfo=UTC)
    if window.closed_at is not None or now > ends_at + timedelta(hours=2):
        return "The check-in is closed."
    if await session.get(Attendance, (activity_id, person_id)) is None:
        session.add(
            Attendance(activity_id=activity_id, person_id=person_id, arrived_at=now, method="button", recorded_at=now)
        )
        session.add(
            Change(
                at=now,
                actor_id=person_id,
                cohort_id=activity.cohort_id,
                person_id=person_id,
                action="arrive",
                subject="attendance",
                subject_id=activity_id,
            )
        )
    receipt = rules.receipt_of(window.secret, activity_id, person_id)
    return f"Checked in at {now:%H:%M}. Receipt {receipt}"


async def _announce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    configure_mappers()  # else the first press would pay for every table that this project has
    print("The ordinary bot is running.", flush=True)


def main() -> None:
    """Poll until SIGTERM."""
    application = (
        Application.builder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(os.environ["TELEGRAM_BASE_URL"])
        .post_init(_announce)
        .build()
    )
    application.add_handler(CallbackQueryHandler(check_in, pattern="^checkin:now:"))
    application.run_polling()


if __name__ == "__main__":
    main()
