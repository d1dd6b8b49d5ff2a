"""The ways in beside the code: the coordinator's choice of them, the windows and rules, and the site."""

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import button, keyboard, pack
from bot.checkin.messages.wording import clock_time, data, headline, lines, span
from bot.checkin.outcomes import ActivityView
from bot.checkin.places import RADII, SiteView
from bot.checkin.policies import OFFERED, RuleView, Scope, Setting
from bot.checkin.rules import Policy, closes_at, opens_at
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

SCOPES = (Scope.ACTIVITY, Scope.KIND, Scope.COHORT)
SETTINGS = (Setting.OPENS, Setting.LATE, Setting.CLOSES, Setting.CHECKOUT)
SCOPE_WORDS = {
    Scope.ACTIVITY: N_("this activity"),
    Scope.KIND: N_("all of its kind"),
    Scope.COHORT: N_("the whole camp"),
}
SETTING_WORDS = {
    Setting.OPENS: N_("Opens before the start (minutes)"),
    Setting.LATE: N_("Late after the start (minutes)"),
    Setting.CLOSES: N_("Closes after the end (minutes)"),
}


def render_more(activity: ActivityView, walk_ins: int, t: Translator) -> Message:
    """What else can be done about one activity's attendance."""
    text = lines(
        t("📋 {title}", title=headline(activity)),
        "",
        t("🖨 Paper: print a sheet with a code in each row, and type or send it afterwards."),
        t("🚶 Walk-ins: note somebody who is not on the roster."),
        t("📍 Site: let people check in by their location, at visits."),
        t("⏱ Times: when check-in opens, counts as late and closes, and whether people check out."),
    )
    waiting = t.plain("🚶 Walk-ins ({n})", n=walk_ins) if walk_ins else t.plain("🚶 Walk-ins")
    return Message(
        text,
        keyboard(
            [button(t.plain("🖨 Paper"), data("paper", activity.id)), button(waiting, data("walkins", activity.id))],
            [
                button(t.plain("📍 Site"), data("site", activity.id)),
                button(t.plain("⏱ Times"), data("rules", activity.id, 0)),
            ],
            [button(t.plain("📄 List (.xlsx)"), pack("records", "activity", activity.id))],
            [back(activity, t)],
        ),
    )


def render_rules(view: RuleView, t: Translator) -> Message:
    """The rules of one scope in words, and the buttons that change them."""
    activity, policy = view.activity, view.policy
    kind = t(" ({kind})", kind=view.kind) if view.scope is Scope.KIND and view.kind else Markup("")
    scope = t("For {scope}{kind}", scope=t(SCOPE_WORDS[view.scope]), kind=kind)
    state = t("as set more widely") if view.inherited else t("set for itself")
    return Message(
        lines(
            t("⏱ Times: {title}", title=headline(activity)),
            span(activity),
            "",
            *rule_lines(policy, activity, t),
            "",
            Markup("{}: {}").format(scope, state),
            t("A change counts at once, also for whoever has already come: the arrival minute is kept."),
        ),
        keyboard(_scopes(view, t), *_settings(view, t), _own_rule(view, t), [_more(activity, t)]),
    )


def rule_lines(policy: Policy, activity: ActivityView, t: Translator) -> Sequence[Markup]:
    """The rules of an activity as clock times."""
    late = clock_time(activity.starts_at + policy.late_after, activity)
    return (
        t("Opens {time}.", time=clock_time(opens_at(activity.starts_at, policy), activity)),
        t("On time until {time}; after that it counts as late.", time=late),
        t("Closes {time} at the latest.", time=clock_time(closes_at(activity.ends_at, None, policy), activity)),
        t("People check out when they leave.") if policy.checkout else t("Nobody needs to check out."),
    )


def render_site(view: SiteView, t: Translator) -> Message:
    """The site of an activity, and what can be changed."""
    activity = view.activity
    head = t("📍 Site: {title}", title=headline(activity))
    place = button(t.plain("📍 Set the place"), data("place", activity.id))
    if view.radius is None:
        none = t("No site is set. With one, people can check in by sending their location.")
        return Message(lines(head, none), keyboard([place], [_more(activity, t)]))
    radii = [
        button(_chosen(f"{metres} m", metres == view.radius), data("radius", activity.id, metres)) for metres in RADII
    ]
    text = lines(
        head,
        t("People can check in by their location. Inside means within {n} m of the place you sent.", n=view.radius),
        t("Outside is only a hint for you: nobody is turned away, and no coordinates are kept."),
    )
    remove = [button(t.plain("🗑 No site"), data("radius", activity.id, 0))]
    return Message(text, keyboard(radii[:3], radii[3:], [place], remove, [_more(activity, t)]))


def render_ask_place(activity: ActivityView, t: Translator) -> Message:
    """Asks the coordinator for the place."""
    return Message(
        t(
            "📍 {title}\nSend me the place as a location: 📎, Location, and move the pin to where people will be.",
            title=headline(activity),
        ),
        keyboard([button(t.plain("Cancel"), data("noplace"))]),
    )


def render_send_a_location(t: Translator) -> Message:
    """Anything else than a location, while one is awaited."""
    return Message(t("That was no location. Please use 📎 and then Location, or press Cancel above."))


def render_not_your_location(t: Translator) -> Message:
    """A location that was forwarded, or a place picked from a list."""
    return Message(
        t("Please send your own present location. A forwarded one, or a place from the list, does not count.")
    )


def back(activity: ActivityView, t: Translator) -> InlineKeyboardButton:
    """The way back to the activity's desk."""
    return button(t.plain("« Back"), data("activity", activity.id))


def _more(activity: ActivityView, t: Translator) -> InlineKeyboardButton:
    return button(t.plain("« Back"), data("more", activity.id))


def _scopes(view: RuleView, t: Translator) -> list[InlineKeyboardButton]:
    scopes = [scope for scope in SCOPES if scope is not Scope.KIND or view.kind]
    return [
        button(
            _chosen(t.plain(SCOPE_WORDS[scope]).capitalize(), scope is view.scope),
            data("rules", view.activity.id, SCOPES.index(scope)),
        )
        for scope in scopes
    ]


def _settings(view: RuleView, t: Translator) -> list[list[InlineKeyboardButton]]:
    rows = []
    for setting in (Setting.OPENS, Setting.LATE, Setting.CLOSES):
        title = [button(t.plain(SETTING_WORDS[setting]), data("rules", view.activity.id, SCOPES.index(view.scope)))]
        values = [_value(view, setting, value, str(value)) for value in OFFERED[setting]]
        rows += [title, values]
    out = [
        _value(view, Setting.CHECKOUT, 0, t.plain("No check-out")),
        _value(view, Setting.CHECKOUT, 1, t.plain("Check-out")),
    ]
    return [*rows, out]


def _value(view: RuleView, setting: Setting, value: int, label: str) -> InlineKeyboardButton:
    is_set = _present(view.policy, setting) == value
    ids = (view.activity.id, SCOPES.index(view.scope), SETTINGS.index(setting), value)
    return button(_chosen(label, is_set), data("rule", *ids))


def _present(policy: Policy, setting: Setting) -> int:
    minutes: dict[Setting, timedelta] = {
        Setting.OPENS: policy.opens_before,
        Setting.LATE: policy.late_after,
        Setting.CLOSES: policy.closes_after,
    }
    return int(policy.checkout) if setting is Setting.CHECKOUT else int(minutes[setting].total_seconds() // 60)


def _own_rule(view: RuleView, t: Translator) -> list[InlineKeyboardButton]:
    if view.inherited:
        return []
    return [button(t.plain("↩️ As set more widely"), data("norule", view.activity.id, SCOPES.index(view.scope)))]


def _chosen(label: str, is_chosen: bool) -> str:
    return f"• {label}" if is_chosen else label
