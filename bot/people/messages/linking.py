"""What is said about cards, codes, linking and unlinking. Never a name to an account that is not that person's."""

from markupsafe import Markup

from bot import buttons, i18n
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people import service
from bot.people.linking import LinkFault, NotLinkedBy, TooManyTries
from bot.people.messages.roles import name_of
from bot.people.messages.wording import act, bold, clock, paragraphs
from bot.people.models import Cohort, Person, Role
from bot.turn import Turn

_FAULTS = {
    LinkFault.UNKNOWN: N_(
        "I do not know this code. Please compare it with the card: ten characters, and none of them is 0, O, 1, I or L."
    ),
    LinkFault.USED: N_("This card was already used, and a card works once. Please ask your coordinator for a new one."),
    LinkFault.EXPIRED: N_("This card has expired. Please ask your coordinator for a new one."),
    LinkFault.REVOKED: N_(
        "This card is no longer valid, because a newer one was issued. Please use the newer card, "
        "or ask your coordinator."
    ),
    LinkFault.ACCOUNT_TAKEN: N_(
        "Your Telegram account is already linked, and this card belongs to somebody else. Please give it to them; "
        "the card stays valid."
    ),
    LinkFault.PERSON_TAKEN: N_(
        "The person on this card is already linked to another Telegram account. If this is your card and you have a "
        "new account, please ask your coordinator to unlink the old one."
    ),
}


def render_not_linked(outcome: NotLinkedBy, t: Translator, time_zone: str) -> Message:
    """Why a code did not link, and what to do about it."""
    wait = (
        t("Too many wrong codes: the next try counts from {time}.", time=clock(outcome.until, time_zone))
        if outcome.until
        else None
    )
    return Message(paragraphs(t(_FAULTS[outcome.fault]), wait))


def render_too_many(outcome: TooManyTries, t: Translator, time_zone: str) -> Message:
    """Nothing was looked at, and when it will be again."""
    return Message(
        t(
            "Too many wrong codes lately, so I did not look at this one. Please send it again after {time}; "
            "a valid card stays valid.",
            time=clock(outcome.until, time_zone),
        )
    )


def render_already_linked(name: str, t: Translator) -> Message:
    """To the person whose account it already is."""
    home = buttons.keyboard([act(t.plain("⌂ Home"), "home")])
    return Message(t("You are already linked, {name}. There is nothing more to do.", name=name), home)


def render_bad_link(t: Translator) -> Message:
    """On a deep link that leads nowhere."""
    return Message(t("This link does not lead anywhere. Please scan the code again, or type it."))


def render_secret(person: Person, cohort: Cohort, role: Role, *, code: str, url: str, t: Translator) -> Message:
    """A one-time link with its code, for whoever passes it on."""
    names = {"name": bold(person.name), "cohort": bold(cohort.name)}
    if role is Role.TRAINEE:
        head = t("🪪 New card for {name} in {cohort}. It works once; older cards no longer do.", **names)
    else:
        head = t(
            "🔑 {name} is {role} of {cohort} after opening this link, which works once and for 7 days. "
            "Please pass it on to that person only.",
            role=name_of(role, t),
            **names,
        )
    typed = t("Or this code, sent to the bot: {code}", code=Markup("<code>{}</code>").format(grouped(code)))
    return Message(paragraphs(head, Markup('<a href="{0}">{0}</a>').format(url), typed))


def grouped(code: str) -> str:
    """A card's code in two groups, as it is easier to type."""
    return f"{code[:5]} {code[5:]}"


def tell_unlinked(turn: Turn, account: int, person: Person, cohort: Cohort) -> None:
    """Tell the account that was taken away, in the language it was spoken to."""
    t = i18n.translator(person.language or cohort.language)
    turn.send(
        account,
        Message(
            t(
                "This account was unlinked by a coordinator and no longer belongs to anybody here. "
                "If that is a mistake, please ask your coordinator for a new card."
            )
        ),
    )


def tell_unreachable(turn: Turn, person: Person) -> None:
    """Tell the coordinators of the person's running cohorts that messages no longer arrive."""
    running = [
        cohort
        for cohort in service.cohorts_of(turn.session, person.id or 0)
        if cohort.starts_on <= service.local_day(cohort, turn.now) <= cohort.ends_on
    ]
    told: set[int] = set()
    for cohort in running:
        for reader in service.readers(turn.session, cohort.id or 0, Role.COORDINATOR):
            if reader.telegram_id not in told:
                told.add(reader.telegram_id)
                turn.send(reader.telegram_id, _unreachable(person, cohort, i18n.translator(reader.language)))


def _unreachable(person: Person, cohort: Cohort, t: Translator) -> Message:
    return Message(
        t(
            "📵 {name} ({cohort}) has blocked the bot or closed the account: reminders no longer arrive. "
            "Please tell them what they need to know; any message of theirs to the bot ends this.",
            name=bold(person.name),
            cohort=cohort.name,
        )
    )
