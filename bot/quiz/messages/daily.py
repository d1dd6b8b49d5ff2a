"""The question of the day and repetition in words: as pushed, after the answer, the morning after, and on and off."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from bot import buttons, i18n
from bot.banks.plain import plain
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.messages.wording import bold, day, lines, paragraphs, shorten
from bot.preferences.messages import pause_button
from bot.preferences.service import Topic
from bot.quiz.measures import Measure
from bot.quiz.messages import questions
from bot.quiz.messages.wording import act, percent
from bot.quiz.outcomes import DailyAsked, DailyPush, RecallAsked, Summary
from bot.quiz.recall import RecallPush
from bot.quiz.rules import is_showable
from bot.turn import Turn

STEM = 120


def announce_daily(turn: Turn, push: DailyPush) -> None:
    """Owe everybody of this page the question, once."""
    for reader, asked in push.asked:
        message = render_daily(asked, i18n.translator(reader.language))
        key = f"daily:{asked.cohort_id}:{asked.on}:{reader.person_id}"
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER, key=key)
    for reader in push.told_empty:
        t = i18n.translator(reader.language)
        key = f"daily-empty:{push.cohort_id}:{turn.now:%Y%m%d}:{reader.person_id}"
        turn.send(reader.telegram_id, render_empty(push.cohort_id, t), lane=Lane.REMINDER, key=key)


def announce_recall(turn: Turn, push: RecallPush) -> None:
    """Owe everybody of this page the first question of the day, once."""
    for reader, asked in push.asked:
        message = render_recall(asked, i18n.translator(reader.language))
        key = f"recall:{asked.cohort_id}:{asked.on}:{reader.person_id}"
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER, key=key)


def announce_summary(turn: Turn, summary: Summary) -> None:
    """Tell those who answered how the cohort did, and the staff which question needs a second look."""
    if is_showable(summary.measure.answers):
        for reader in summary.answerers:
            key = f"daily-summary:{summary.cohort_id}:{summary.on}:{reader.person_id}"
            message = render_summary(summary, i18n.translator(reader.language))
            turn.send(reader.telegram_id, message, lane=Lane.REMINDER, key=key)
    for reader in summary.staff:
        key = f"daily-staff:{summary.cohort_id}:{summary.on}:{reader.person_id}"
        message = render_staff_summary(summary, i18n.translator(reader.language))
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER, key=key)


def render_daily(asked: DailyAsked, t: Translator, *, part: int = 0) -> Message:
    """The question of the day as it stands for one person."""
    head = t("❓ <b>Question of the day</b> · {day}", day=day(asked.on, t))
    rows = [[pause_button(Topic.DAILY_QUESTION, asked.cohort_id, t)]]
    if asked.asked.is_settled:
        return questions.render_told(asked.asked, t, head=head, part=part)
    if asked.is_closed:
        return Message(
            paragraphs(
                head, t("This question is closed: it took answers until midnight. The next one comes by itself.")
            )
        )
    foot = t("<i>Until midnight. Only you see your answer.</i>")
    return questions.render(asked.asked, t, head=head, rows=rows, part=part, foot=foot)


def render_no_daily(t: Translator) -> Message:
    """Nothing was asked today."""
    return Message(t("There is no question today. When one comes, you will find it here."))


def render_recall(asked: RecallAsked, t: Translator, *, part: int = 0) -> Message:
    """One of the day's questions to repeat."""
    head = t("🔁 <b>To remember</b> · {n}/{all}", n=asked.number, all=asked.count)
    stop = [act(t.plain("⏹ Stop these questions"), "stop", asked.cohort_id)]
    if asked.asked.is_settled:
        following = [act(t.plain("Next question ▶"), "see", asked.next_id)] if asked.next_id else []
        end = None if asked.next_id else _end_of_day(asked, t)
        return questions.render_told(asked.asked, t, head=head, rows=[following, stop], part=part, foot=end)
    if asked.is_over:
        return Message(paragraphs(head, t("This question is closed. What you have not answered comes again.")))
    last = t("<i>Today is the last day; after it these questions stop by themselves.</i>")
    rows = [[pause_button(Topic.RECALL, asked.cohort_id, t), *stop]]
    foot = last if asked.on == asked.until else None
    return questions.render(asked.asked, t, head=head, rows=rows, part=part, foot=foot)


def render_joined(until: date, t: Translator) -> Message:
    """After somebody asked for repetition."""
    return Message(
        lines(
            t("🔁 <b>Good idea!</b>"),
            t(
                "From the day after the camp on I ask you up to three questions a day, at noon, out of those that you "
                "have answered."
            ),
            t(
                "What you missed comes again sooner. After {until} it stops by itself; one tap stops it earlier.",
                until=until,
            ),
        )
    )


def render_recall_offer(cohort_id: int, t: Translator) -> Message:
    """What it is, before anything is switched on."""
    text = paragraphs(
        t("🔁 <b>Keep it in mind</b>"),
        t(
            "If you like, I ask you up to three questions a day for two weeks after the camp, chosen by what you "
            "found easy or hard. Nobody else sees your answers."
        ),
    )
    row = [act(t.plain("✔ Yes, please"), "join", cohort_id), act(t.plain("No, thank you"), "nojoin", cohort_id)]
    return Message(text, buttons.keyboard(row))


def render_not_joined(t: Translator) -> Message:
    """After a no."""
    return Message(t("All right, nothing will come."))


def render_nothing_to_recall(t: Translator) -> Message:
    """There is nothing to repeat, or it is over."""
    return Message(t("There is nothing to repeat here: either you have not answered any questions, or it is over."))


def render_stopped(was_on: bool, t: Translator) -> Message:
    """After it was stopped."""
    if was_on:
        return Message(t("Stopped. No more questions will come. Thank you for taking part!"))
    return Message(t("It had stopped already."))


def render_summary(summary: Summary, t: Translator) -> Message:
    """To those who answered: how all did together."""
    share = percent(summary.measure.difficulty or 0)
    text = paragraphs(
        t("📊 <b>Yesterday's question</b>"),
        Markup("<i>{}</i>").format(shorten(plain(summary.question.stem), STEM)),
        t("{n} of you answered; the share of right answers is {share}.", n=summary.measure.answers, share=share),
    )
    keyboard = buttons.keyboard([pause_button(Topic.DAILY_QUESTION, summary.cohort_id, t)])
    return Message(text, keyboard, silent=True)


def render_staff_summary(summary: Summary, t: Translator) -> Message:
    """To coordinators and teachers: the same, and whether the question needs a second look."""
    measure = summary.measure
    if not is_showable(measure.answers):
        figures = t("Fewer than five people answered, so nothing is shown.")
    else:
        figures = lines(
            t("{n} of {asked} answered.", n=measure.answers, asked=summary.asked),
            t("Share of right answers: {share}", share=percent(measure.difficulty or 0)),
            *doubts(measure, t),
        )
    text = paragraphs(
        lines(t("📊 <b>Question of the day, {day}</b>", day=day(summary.on, t)), bold(summary.cohort_name)),
        Markup("<i>{}</i>").format(shorten(plain(summary.question.stem), STEM)),
        figures,
    )
    look = [act(t.plain("🔎 Look at the question"), "item", summary.cohort_id, summary.question_id)]
    return Message(text, buttons.keyboard(look if measure.doubts else []), silent=True)


def doubts(measure: Measure, t: Translator) -> Sequence[Markup]:
    """Why a question needs a second look."""
    said = {
        "hard": t("⚠ Very few got it: is the key right, and was it taught?"),
        "easy": t("⚠ Nearly everybody got it: it tells little."),
        "tells_little": t("⚠ Those who know much get it no more often than the others: is it clear?"),
        "astray": t(
            "⚠ More people chose {letter} than the right answer: please check the key.", letter=measure.distractor
        ),
    }
    return [said[doubt] for doubt in measure.doubts]


def render_empty(cohort_id: int, t: Translator) -> Message:
    """To the staff: no question is left."""
    text = t("❓ There was no new question for today: all of the bank were asked. Please send me more questions.")
    return Message(text, buttons.keyboard([act(t.plain("❓ Daily question"), "daily", cohort_id)]))


def _end_of_day(asked: RecallAsked, t: Translator) -> Markup:
    if asked.on == asked.until:
        return t("That was the last question. The repetition ends here by itself. All the best!")
    return t("That was all for today.")
