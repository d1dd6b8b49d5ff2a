"""Hours: one's own ledger, the ledgers of a camp, the rules and their change. Decides nothing."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.hours import service
from bot.hours.messages import camp, ledger, regulations
from bot.hours.messages.wording import FEATURE, data
from bot.hours.service import Account, Setting
from bot.menu import Offer
from bot.people.models import Role

READERS = frozenset({Role.COORDINATOR, Role.AUDITOR, Role.UNIT_CONTACT})


def register(application: CohortApplication) -> None:
    """Add the screens, and the buttons that lead to them."""
    application.menu.offer(
        Offer(
            20,
            frozenset({Role.TRAINEE}),
            lambda t: t.plain("⏳ My hours"),
            lambda cohort_id: data("mine", cohort_id, 0),
        ),
        Offer(22, READERS, lambda t: t.plain("⏳ Hours"), lambda cohort_id: data("camp", cohort_id, 0, 0)),
    )
    for action, callback in (
        ("mine", show_mine),
        ("person", show_person),
        ("list", show_list),
        ("record", show_record),
        ("camp", show_camp),
        ("rules", show_rules),
        ("rule", show_rule),
        ("set", set_rule),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_mine(update: Update, context: Context) -> None:
    """Show one's own ledger."""
    cohort_id, _ = context.numbers(2)
    context.edit(ledger.render_account(_account(context, cohort_id, 0), context.t))


async def show_person(update: Update, context: Context) -> None:
    """Show somebody's ledger."""
    cohort_id, person_id = context.numbers(2)
    context.edit(ledger.render_account(_account(context, cohort_id, person_id), context.t))


async def show_list(update: Update, context: Context) -> None:
    """Show a page of a ledger's activities."""
    cohort_id, person_id, page = context.numbers(3)
    context.edit(ledger.render_list(_account(context, cohort_id, person_id), page, context.t))


async def show_record(update: Update, context: Context) -> None:
    """Show one activity of a ledger."""
    cohort_id, person_id, activity_id, page = context.numbers(4)
    account = _account(context, cohort_id, person_id)
    entry = account.ledger.entry(activity_id)
    if entry is None:
        raise Gone
    context.edit(ledger.render_record(account, entry, page, context.t))


async def show_camp(update: Update, context: Context) -> None:
    """Show a page of a camp's ledgers."""
    cohort_id, only_near, page = context.numbers(3)
    overview = service.show_overview(context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now)
    context.edit(camp.render_overview(overview, only_near=bool(only_near), page=page, t=context.t))


async def show_rules(update: Update, context: Context) -> None:
    """Show a camp's rules."""
    (cohort_id,) = context.numbers(1)
    view = service.show_rules(context.session, speaker=context.speaker, cohort_id=cohort_id)
    context.edit(regulations.render_rules(view, context.t))


async def show_rule(update: Update, context: Context) -> None:
    """Show what one rule may be set to."""
    cohort_id, code = context.numbers(2)
    view = service.show_changeable(context.session, speaker=context.speaker, cohort_id=cohort_id)
    context.edit(regulations.render_rule(view, _setting(code), context.t))


async def set_rule(update: Update, context: Context) -> None:
    """Change one rule."""
    ids = buttons.unpack(context.data)
    cohort_id, code, *value = buttons.numbers(context.data, 4 if len(ids) == 4 else 3)
    view = service.change_rule(
        context.session,
        speaker=context.speaker,
        cohort_id=cohort_id,
        setting=_setting(code),
        value=tuple(value),
        now=context.now,
    )
    context.answer(regulations.render_set_toast(context.t))
    context.edit(regulations.render_rules(view, context.t))


def _account(context: Context, cohort_id: int, person_id: int) -> Account:
    """One's own ledger where no person is named, else that person's for whoever may see it."""
    session, speaker, now = context.session, context.speaker, context.now
    if not person_id:
        return service.show_own(session, speaker=speaker, cohort_id=cohort_id, now=now)
    return service.show_account(session, speaker=speaker, cohort_id=cohort_id, person_id=person_id, now=now)


def _setting(code: int) -> Setting:
    setting = regulations.read_setting(code)
    if setting is None:
        raise Gone
    return setting
