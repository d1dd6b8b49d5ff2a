"""What a pressed button of a notice names, looked up and asked anew whether whoever pressed may handle it."""

from bot import buttons
from bot.context import Context
from bot.errors import Gone
from bot.notices import drafting
from bot.notices.models import Notice

LAST_PAGE = 10_000


def pressed_notice(context: Context) -> Notice:
    """The notice of the button; raises Gone, NotAllowed."""
    return drafting.get_notice(context.session, context.numbers(1)[0], context.speaker)


def pressed_draft(context: Context) -> Notice:
    """The same where it has not been sent; raises AlreadySent besides."""
    return drafting.writable(context.session, context.numbers(1)[0], context.speaker)


def pressed_list(context: Context) -> tuple[Notice, str, int]:
    """The notice, the word and the page that a button names; a page far beyond the last is none of ours."""
    notice_id, word, page = pressed_words(context, 3)
    notice = drafting.get_notice(context.session, buttons.number(notice_id), context.speaker)
    return notice, word, min(max(buttons.number(page), 0), LAST_PAGE)


def pressed_words(context: Context, count: int) -> list[str]:
    """What the button names, as exactly so many words; raises Gone where it was tampered with."""
    parts = buttons.unpack(context.data)
    if len(parts) != count:
        raise Gone
    return parts
