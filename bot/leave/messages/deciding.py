"""What approvers read of a request, how it is settled before their eyes, and what the person hears."""

import json
from collections.abc import Sequence

from markupsafe import Markup
from msgspec.structs import replace

from bot import i18n
from bot.buttons import Rows, button, keyboard, pack
from bot.hours.messages.wording import length, lines, meter, paragraphs, short
from bot.i18n import Translator
from bot.leave import approving
from bot.leave.approving import Decided
from bot.leave.briefing import Briefing, Clash, brief
from bot.leave.messages.asking import render_own
from bot.leave.messages.wording import SIGNS, data, item_lines, state_line, title, total, who
from bot.leave.models import Kind, Status
from bot.leave.views import RequestView
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people import service as people
from bot.people.service import Reader
from bot.turn import Turn

LISTED = 20


def announce_request(turn: Turn, request: RequestView) -> None:
    """Owe everybody whose turn it is the one message about a request."""
    readers = approving.deciders(turn.session, request)
    briefing = brief(turn.session, request, turn.now)
    told = [(reader.telegram_id, _tell(turn, reader, briefing)) for reader in readers]
    approving.note_told(turn.session, request.id, told)


def announce_decision(turn: Turn, decided: Decided) -> None:
    """Bring the approvers' messages up to date, and tell the person, or whoever decides next."""
    if not decided.news:
        return
    request = decided.request
    update_told(turn, request)
    if request.status is Status.DEPARTMENT:
        announce_request(turn, request)
    tell_person(turn, request)


def update_told(turn: Turn, request: RequestView) -> None:
    """Show the present state in every message about a request, without the buttons to decide."""
    for chat_id, key in json.loads(request.told):
        t = i18n.translator(_language_of(turn, chat_id, request.cohort_id))
        turn.edit(chat_id, key, render_settled(request, t))


def tell_person(turn: Turn, request: RequestView) -> None:
    """Tell the person where the request stands now."""
    person = people.get_person(turn.session, request.person_id)
    if person.telegram_id is None:
        return
    t = i18n.translator(person.language or people.get_cohort(turn.session, request.cohort_id).language)
    turn.send(person.telegram_id, render_answer(request, t), lane=Lane.REPLY)


def render_answer(request: RequestView, t: Translator) -> Message:
    """To the person: what was decided."""
    words = {
        Status.APPROVED: {
            Kind.LEAVE: t("✅ <b>Your leave is approved.</b> The check-in knows it. If you come after all, check in."),
            Kind.RETURN: t("✅ <b>Good, you are expected again.</b> Please check in as usual."),
        }[request.kind],
        Status.DECLINED: t("❌ <b>Your request is declined.</b> You are expected there as planned."),
        Status.DEPARTMENT: t("⏳ <b>Your coordinator agrees.</b> Now the department decides."),
    }
    return render_own(request, t, headline=words.get(request.status))


def render_briefing(briefing: Briefing, t: Translator, *, buttons: bool = True) -> Message:
    """To an approver: who, what, why, what it does to the hours, what speaks against it."""
    request = briefing.request
    text = paragraphs(
        lines(title(request.kind, t), who(request), Markup("{}").format(request.cohort_name)),
        lines(*item_lines(request.items, request.time_zone, t), total(request, t)),
        t("Why: {reason}", reason=request.reason),
        _budget(briefing, t),
        lines(*(_clash(clash, t) for clash in briefing.clashes)),
        lines(_stage(briefing, t), state_line(request, t) if not request.is_waiting else None),
    )
    return Message(text, keyboard(*_rows(briefing, t, buttons=buttons)))


def render_settled(request: RequestView, t: Translator) -> Message:
    """The approver's message once it has moved on."""
    head = t("Coordinator: {name}", name=request.head) if request.head and request.is_waiting else None
    text = paragraphs(
        lines(title(request.kind, t), who(request)),
        lines(*item_lines(request.items, request.time_zone, t), total(request, t)),
        t("Why: {reason}", reason=request.reason),
        lines(state_line(request, t), head),
    )
    person = pack("hours", "person", request.cohort_id, request.person_id)
    return Message(text, keyboard([button(t.plain("⏳ The ledger"), person)]))


def render_waiting(cohort_id: int, cohort_name: str, requests: Sequence[RequestView], t: Translator) -> Message:
    """The requests that wait, the oldest first."""
    rows: Rows = [[button(_label(one, t), data("show", one.id))] for one in requests[:LISTED]]
    text = lines(
        t("📝 <b>Leave requests</b>"),
        Markup("{}").format(cohort_name),
        t("These wait for a decision.") if requests else t("None waits for a decision."),
    )
    return Message(text, keyboard(*rows, [button(t.plain("« Back"), pack("people", "camp", cohort_id))]))


def render_ask_line(request: RequestView, t: Translator, *, approve: bool) -> Message:
    """Ask for the line that goes with the decision."""
    question = (
        t("Which line shall go with the approval for {name}?", name=request.name)
        if approve
        else t("Why not? Please write {name} one line.", name=request.name)
    )
    return Message(question, keyboard([button(t.plain("Cancel"), data("leave"))]))


def render_undecided(t: Translator) -> Message:
    """After the question for a line was left."""
    return Message(t("Nothing was decided."))


def render_bad_line(t: Translator) -> Message:
    """The line does not fit."""
    return Message(t("Please write one line of at most 500 characters."))


def render_line_kept(decided: Decided, t: Translator) -> Message:
    """The question for a line once it is answered."""
    return Message(Markup("{}").format(render_decided_toast(decided, t)))


def render_decided_toast(decided: Decided, t: Translator) -> str:
    """The short line after a decision."""
    if decided.news:
        return t.plain("Done: {name} is told.", name=decided.request.name)
    return t.plain("This had been decided before.")


def _tell(turn: Turn, reader: Reader, briefing: Briefing) -> str:
    turned = replace(briefing, may_decide=True)
    return turn.send(reader.telegram_id, render_briefing(turned, i18n.translator(reader.language)))


def _rows(briefing: Briefing, t: Translator, *, buttons: bool) -> Rows:
    request = briefing.request
    rows: Rows = []
    if buttons and briefing.may_decide and request.is_waiting:
        rows.append(
            [
                button(t.plain("✅ Approve"), data("approve", request.id)),
                button(t.plain("✅ … with a line"), data("approveline", request.id)),
            ]
        )
        rows.append([button(t.plain("❌ Decline, saying why"), data("decline", request.id))])
    if request.photo:
        rows.append([button(t.plain("📷 Photo"), data("photo", request.id))])
    return [*rows, [button(t.plain("⏳ The ledger"), pack("hours", "person", request.cohort_id, request.person_id))]]


def _budget(briefing: Briefing, t: Translator) -> Markup:
    if briefing.request.kind is Kind.RETURN:
        return lines(t("Hours now:"), meter(briefing.before, t))
    earlier_length = length(briefing.earlier_minutes, t)
    earlier = t.plural(
        "{n} earlier leave, {length} in all.",
        "{n} earlier leaves, {length} in all.",
        briefing.earlier,
        length=earlier_length,
    )
    return lines(
        t("Hours now:"),
        meter(briefing.before, t),
        t("If you approve:"),
        meter(briefing.after, t),
        t("⚠️ <b>This leave would end the course.</b>") if briefing.ends_course else None,
        earlier if briefing.earlier else t("No earlier leave."),
    )


def _clash(clash: Clash, t: Translator) -> Markup:
    others = t.plural(
        "{title}: {n} other person is on leave.", "{title}: {n} other people are on leave.", clash.others_away,
        title=clash.item.title,
    )  # fmt: skip
    speaker = t("{title}: this person is down as the speaker.", title=clash.item.title)
    said = [speaker] if clash.is_speaker else []
    return Markup("⚠️ ") + Markup("\n⚠️ ").join([*said, *([others] if clash.others_away else [])])


def _stage(briefing: Briefing, t: Translator) -> Markup | None:
    request = briefing.request
    if request.status is Status.DEPARTMENT:
        return t("{name} has agreed; the department decides.", name=request.head)
    if request.status is Status.HEAD and request.kind is Kind.LEAVE and briefing.needs_department:
        return t("If you agree, {name} decides after you.", name=briefing.department)
    return None


def _label(request: RequestView, t: Translator) -> str:
    return short(f"{SIGNS[request.status]} {request.name} · {length(request.minutes, t)}")


def _language_of(turn: Turn, chat_id: int, cohort_id: int) -> str:
    speaker = people.find_speaker(turn.session, chat_id, is_present=False)
    return (speaker.language if speaker else "") or people.get_cohort(turn.session, cohort_id).language
