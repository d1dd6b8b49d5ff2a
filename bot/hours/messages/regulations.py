"""A cohort's rules in plain words, and the buttons by which a coordinator changes them."""

from markupsafe import Markup

from bot.buttons import Rows, button, keyboard
from bot.hours.messages.wording import data, home, length, lines, paragraphs, share, short
from bot.hours.rules import Rules
from bot.hours.ruling import OFFERED, RulesView, Setting
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

TITLES = {
    Setting.SHARE: N_("How much may be missed"),
    Setting.ABSENCE: N_("How absence without leave counts"),
    Setting.LATE: N_("Whether minutes missed by coming late count"),
    Setting.DAYS: N_("Whole days without leave that end the course"),
    Setting.RUN: N_("Absences in a row that I point out to you"),
    Setting.HEAD: N_("How much leave you decide alone"),
    Setting.DEPARTMENT: N_("Who decides longer leave"),
}
CODES = tuple(Setting)


def render_rules(view: RulesView, t: Translator) -> Message:
    """The rules as a text for everybody; a coordinator can change each."""
    text = paragraphs(
        lines(t("📖 <b>The rules of this camp</b>"), Markup("{}").format(view.cohort_name)),
        *explain(view.rules, view.department, t),
    )
    if not view.may_change:
        return Message(text, keyboard([home(t)]))
    rows: Rows = [
        [button(f"✏️ {t.plain(TITLES[one])}", data("rule", view.cohort_id, CODES.index(one)))] for one in CODES
    ]
    return Message(text, keyboard(*rows, [button(t.plain("« Back"), data("camp", view.cohort_id, 0, 0))]))


def render_rule(view: RulesView, setting: Setting, t: Translator) -> Message:
    """One rule, with everything it may be set to."""
    rows: Rows = []
    for value in _values(view, setting):
        label = _value_label(view, setting, value, t)
        chosen = value == _present(view.rules, setting)
        code = CODES.index(setting)
        pressed = data("set", view.cohort_id, code, *value)
        rows.append([button(short(f"• {label}" if chosen else label), pressed)])
    back = button(t.plain("« Back"), data("rules", view.cohort_id))
    hint = t("Every ledger follows at once; the change is kept in the change log.")
    return Message(lines(Markup("<b>{}</b>").format(t(TITLES[setting])), hint), keyboard(*rows, [back]))


def render_set_toast(t: Translator) -> str:
    """The short line after a change."""
    return t.plain("The rule is changed.")


def explain(rules: Rules, department: str, t: Translator) -> list[Markup]:
    """The rules in sentences, as a trainee would want them read aloud."""
    return [
        _explain_share(rules, t),
        _explain_absence(rules, t),
        _explain_late(rules, t),
        *([_explain_days(rules, t)] if rules.absence_days else []),
        _explain_leave(rules, department, t),
        t("Hours that you make up come back, and your ledger shows where each came from."),
    ]


def read_setting(code: int) -> Setting | None:
    """The rule that a button names."""
    return CODES[code] if 0 <= code < len(CODES) else None


def _explain_share(rules: Rules, t: Translator) -> Markup:
    if not rules.has_limit:
        return t("There is no limit to the hours you may miss.")
    return t(
        "You may miss at most {share} of all hours. Whoever misses more cannot pass the course.",
        share=share(rules.share, rules.of, t),
    )


def _explain_absence(rules: Rules, t: Translator) -> Markup:
    if rules.absence_factor == 0:
        return t("Leave uses up these hours; absence without leave is judged by itself.")
    if rules.absence_factor == 1:
        return t("Leave and absence without leave use up these hours alike.")
    return t.plural(
        "Leave uses up these hours, and an hour away without leave counts {n} time.",
        "Leave uses up these hours, and an hour away without leave counts {n} times.",
        rules.absence_factor,
    )


def _explain_late(rules: Rules, t: Translator) -> Markup:
    if rules.late_counts:
        return t("Minutes missed by coming late or leaving early count too.")
    return t("Minutes missed by coming late or leaving early are shown, but use nothing up.")


def _explain_days(rules: Rules, t: Translator) -> Markup:
    return t.plural(
        "Whoever is away for {n} whole day without leave cannot pass the course.",
        "Whoever is away for {n} whole days without leave cannot pass the course.",
        rules.absence_days,
    )


def _explain_leave(rules: Rules, department: str, t: Translator) -> Markup:
    if not department:
        return t("You ask for leave by the activity, before it begins. Your coordinator decides.")
    if not rules.head_minutes:
        return t(
            "You ask for leave by the activity, before it begins. Your coordinator decides first, then {name}.",
            name=department,
        )
    return t(
        "You ask for leave by the activity, before it begins. Your coordinator decides up to {length}; "
        "longer leave is then decided by {name} too.",
        length=length(rules.head_minutes, t),
        name=department,
    )


def _values(view: RulesView, setting: Setting) -> list[tuple[int, ...]]:
    if setting is Setting.DEPARTMENT:
        return [(0,), *((key,) for key, _ in view.candidates)]
    return list(OFFERED[setting])


def _present(rules: Rules, setting: Setting) -> tuple[int, ...]:
    return {
        Setting.SHARE: (rules.share, rules.of),
        Setting.ABSENCE: (rules.absence_factor,),
        Setting.LATE: (int(rules.late_counts),),
        Setting.DAYS: (rules.absence_days,),
        Setting.RUN: (rules.run_length,),
        Setting.HEAD: (rules.head_minutes,),
        Setting.DEPARTMENT: (rules.department_id or 0,),
    }[setting]


def _value_label(view: RulesView, setting: Setting, value: tuple[int, ...], t: Translator) -> str:
    first = value[0]
    match setting:
        case Setting.SHARE:
            return share(first, value[1], t) if value[1] else t.plain("No limit")
        case Setting.ABSENCE:
            return _times(first, t)
        case Setting.LATE:
            return t.plain("They count") if first else t.plain("They use nothing up")
        case Setting.DAYS:
            return t.plural("{n} day", "{n} days", first).unescape() if first else t.plain("None does")
        case Setting.RUN:
            return str(first)
        case Setting.HEAD:
            return t.plain("Up to {length}", length=length(first, t)) if first else t.plain("None")
        case Setting.DEPARTMENT:
            return dict(view.candidates).get(first) or t.plain("Nobody: the coordinator decides all leave")


def _times(factor: int, t: Translator) -> str:
    if not factor:
        return t.plain("It uses nothing up")
    if factor == 1:
        return t.plain("Like leave, hour for hour")
    return t.plural("Each hour counts {n} time", "Each hour counts {n} times", factor).unescape()
