"""The words of walk-ins: who waits, who it may be, and how it ended."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.buttons import button, keyboard
from bot.checkin.messages.wording import clock_time, data, day_of, headline, lines
from bot.checkin.outcomes import ActivityView
from bot.checkin.walk_in_views import Likely, WalkInView
from bot.checkin.walk_ins import Ending, Settled
from bot.i18n import Translator
from bot.outbox.calls import Message

SHOWN = 8


def render_walk_ins(activity: ActivityView, waiting: Sequence[WalkInView], t: Translator) -> Message:
    """Who waits at one activity."""
    rows = [[button(_label(one), data("walk", one.id))] for one in waiting[:SHOWN]]
    more = len(waiting) - SHOWN
    text = lines(
        t("🚶 Walk-ins: {title}", title=headline(activity)),
        t("Tap a name to say who it is.") if waiting else t("Nobody is waiting."),
        t.plural("and {n} more", "and {n} more", more) if more > 0 else "",
    )
    add = [button(t.plain("➕ Somebody has come"), data("walkin", activity.id))]
    return Message(text, keyboard(*rows, add, [button(t.plain("« Back"), data("more", activity.id))]))


def render_ask_name(activity: ActivityView, t: Translator) -> Message:
    """Asks for the name."""
    return Message(
        t(
            "🚶 {title}\nWho has come? Send me the name, and after it the phone number if you have it.",
            title=headline(activity),
        ),
        keyboard([button(t.plain("Cancel"), data("nowalkin"))]),
    )


def render_walk_in(view: WalkInView, t: Translator) -> Message:
    """One walk-in, and who it may be."""
    activity = view.activity
    until = f"{day_of(view.expires_at, activity, t)} {clock_time(view.expires_at, activity)}"
    text = lines(
        Markup("🚶 <b>{}</b>{}").format(view.name, f" · {view.phone}" if view.phone else ""),
        t("{title}, arrived {time}", title=headline(activity), time=clock_time(view.arrived_at, activity)),
        "",
        t("This is noted, but counts only once you say who it is. It expires on {until}.", until=until),
    )
    same = [
        [button(t.plain("This is {name}", name=_who(one)), data("walkis", view.id, one.person_id))]
        for one in view.likely
    ]
    enrol = [button(t.plain("➕ New: put on the roster"), data("walknew", view.id))]
    drop = [button(t.plain("🗑 Nobody of ours"), data("walkno", view.id))]
    back = [button(t.plain("« Back"), data("walkins", activity.id))]
    return Message(text, keyboard(*same, enrol, drop, back))


def render_settled(settled: Settled, t: Translator) -> Message:
    """How a walk-in ended."""
    activity, name = settled.walk_in.activity, Markup("<b>{}</b>").format(settled.name or settled.walk_in.name)
    time = clock_time(settled.walk_in.arrived_at, activity)
    match settled.ending:
        case Ending.ENROLLED:
            text = t(
                "✅ {name} is on the roster now, arrived {time}: {title}",
                name=name,
                time=time,
                title=headline(activity),
            )
        case Ending.MERGED if settled.recorded:
            text = t("✅ {name} is checked in, arrived {time}: {title}", name=name, time=time, title=headline(activity))
        case Ending.MERGED:
            text = t("✅ {name} was recorded already, and that stands: {title}", name=name, title=headline(activity))
        case _:
            text = t("🗑 {name} was taken off the list: {title}", name=name, title=headline(activity))
    return Message(text, keyboard([button(t.plain("« Walk-ins"), data("walkins", activity.id))]))


def _label(view: WalkInView) -> str:
    return f"{clock_time(view.arrived_at, view.activity)} {view.name}"[:40]


def _who(one: Likely) -> str:
    more = one.group or one.unit
    return f"{one.name} · {more}"[:36] if more else one.name
