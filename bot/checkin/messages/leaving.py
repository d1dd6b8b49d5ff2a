"""What somebody who leaves, has left or comes back is told."""

from markupsafe import Markup

from bot.checkin.messages.wording import clock_time, headline
from bot.checkin.outcomes import AlreadyOut, CameBack, CheckedOut, NotIn
from bot.i18n import Translator


def render_leaving(outcome: CheckedOut | AlreadyOut | CameBack | NotIn, t: Translator) -> Markup:
    """The answer to a check-out, with the minutes it counts and the receipt."""
    title = headline(outcome.activity)
    match outcome:
        case NotIn():
            return t("{title}\nYou are not checked in here, so there is nothing to check out from.", title=title)
        case CameBack():
            return _came_back(outcome, t)
        case CheckedOut():
            said = t("🚪 You are checked out: {title}", title=title)
        case AlreadyOut():
            said = t("🚪 You are already checked out: {title}", title=title)
    counted = t.plural(
        "Left {time}; {n} minute counts. Receipt {receipt}",
        "Left {time}; {n} minutes count. Receipt {receipt}",
        outcome.minutes,
        time=clock_time(outcome.at, outcome.activity),
        receipt=_receipt(outcome.receipt),
    )
    return Markup("\n").join(part for part in (said, counted, _return(outcome, t)) if part)


def _came_back(outcome: CameBack, t: Translator) -> Markup:
    title, receipt = headline(outcome.activity), _receipt(outcome.receipt)
    if not outcome.away:
        return t("✅ You are still checked in: {title}\nReceipt {receipt}", title=title, receipt=receipt)
    return t.plural(
        "✅ Welcome back: {title}\nThe {n} minute in between does not count. Receipt {receipt}",
        "✅ Welcome back: {title}\nThe {n} minutes in between do not count. Receipt {receipt}",
        outcome.away,
        title=title,
        receipt=receipt,
    )


def _return(outcome: CheckedOut | AlreadyOut, t: Translator) -> Markup:
    if isinstance(outcome, CheckedOut) and outcome.early:
        return t("Coming back? The code on the screen checks you in again.")
    return Markup("")


def _receipt(receipt: str) -> Markup:
    return Markup("<code>{}</code>").format(receipt)
