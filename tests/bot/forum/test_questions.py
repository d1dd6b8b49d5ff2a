import pytest
from sqlalchemy import inspect

from bot.errors import Gone, NotAllowed
from bot.forum import questions
from bot.forum.models import CallStatus
from bot.forum.pools import CALL
from bot.forum.questions import ASKED, QUESTION, NotInTheRoom, NotOpen, Put, Question
from bot.forum.running_order import ForumOff
from bot.forum.stage_models import QuestionStatus
from bot.tables import metadata
from tests.support.seats_scene import STARTS, sign_guest
from tests.support.stage_scene import LISTENER, STRANGER, StageCamp

ACCOUNT = 555


@pytest.fixture
def live(stage: StageCamp) -> StageCamp:
    """The stage is open, the opening is on."""
    stage.open()
    stage.next(STARTS)
    return stage


def ask(stage: StageCamp, text: str, account: int = ACCOUNT) -> Put:
    return stage.camp.do(lambda s: questions.ask(s, telegram_id=account, call_id=stage.call_id, text=text, now=STARTS))


def judge(stage: StageCamp, question_id: int, status: QuestionStatus) -> bool:
    boss = stage.camp.coordinator
    return stage.camp.do(
        lambda s: questions.judge(s, speaker=boss, question_id=question_id, status=status, now=STARTS)
    )[1]


def all_of(stage: StageCamp) -> list[Question]:
    return stage.camp.see(lambda s: questions.list_all(s, stage.call_id))


def shown(stage: StageCamp) -> list[str]:
    return [one.text for one in stage.camp.see(lambda s: questions.released(s, stage.call_id))]


def number(stage: StageCamp, text: str) -> int:
    return next(one.id for one in all_of(stage) if one.text == text)


def test_a_question_waits_for_the_moderator_and_is_shown_to_nobody(live: StageCamp) -> None:
    assert ask(live, "Who waters the trees?") is Put.TAKEN

    assert [(one.text, one.status) for one in all_of(live)] == [("Who waters the trees?", QuestionStatus.NEW)]
    assert shown(live) == []
    assert live.camp.see(lambda s: questions.count_new(s, live.call_id)) == 1


def test_released_questions_stand_in_the_order_of_release_and_leave_when_answered_or_hidden(live: StageCamp) -> None:
    for text in ("one", "two", "three"):
        ask(live, text)
    for text in ("two", "three", "one"):
        assert judge(live, number(live, text), QuestionStatus.RELEASED)

    before = shown(live)
    judge(live, number(live, "two"), QuestionStatus.ANSWERED)
    judge(live, number(live, "three"), QuestionStatus.HIDDEN)

    assert before == ["two", "three", "one"]
    assert shown(live) == ["one"]


def test_releasing_twice_is_one_release(live: StageCamp) -> None:
    ask(live, "one")

    assert judge(live, number(live, "one"), QuestionStatus.RELEASED)
    assert not judge(live, number(live, "one"), QuestionStatus.RELEASED)


def test_nobody_puts_more_than_five(live: StageCamp) -> None:
    said = [ask(live, f"question {n}") for n in range(7)]

    assert said == [Put.TAKEN] * 5 + [Put.ENOUGH] * 2
    assert len(all_of(live)) == 5
    assert live.camp.see(lambda s: questions.left_for(s, ACCOUNT, live.call_id)) == 0
    assert ask(live, "mine", account=556) is Put.TAKEN


def test_what_was_refused_does_not_count(live: StageCamp) -> None:
    assert [ask(live, text) for text in ("", " \u200b\n ", "x" * 301)] == [Put.EMPTY, Put.EMPTY, Put.TOO_LONG]

    assert live.camp.see(lambda s: questions.left_for(s, ACCOUNT, live.call_id)) == 5


def test_a_flood_from_many_accounts_stops_at_two_hundred_unread(live: StageCamp) -> None:
    for account in range(40):
        for n in range(5):
            ask(live, f"{account} {n}", account=10_000 + account)

    assert ask(live, "one more") is Put.FULL


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Why \n\n now? ", "Why now?"),
        ("‮sdrawkcab", "sdrawkcab"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("树\x00谁来\x07浇水？", "树 谁来 浇水？"),
        ("😀" * 300, "😀" * 300),
    ],
)
def test_a_question_is_one_line_without_signs_that_nobody_sees(typed: str, kept: str) -> None:
    assert questions.clean(typed) == kept


def test_the_table_knows_neither_who_asked_nor_when(live: StageCamp) -> None:
    columns = {column["name"] for column in inspect(live.camp.database.connect()).get_columns("forum_question")}

    assert columns == {"id", "call_id", "slot_id", "text", "status", "position"}


def test_the_numbers_of_questions_do_not_tell_the_order_in_which_they_came(live: StageCamp) -> None:
    for n in range(30):
        ask(live, f"{n:02}", account=1000 + n)

    by_number = [one.text for one in sorted(all_of(live), key=lambda one: one.id)]

    assert sorted(by_number) == [f"{n:02}" for n in range(30)]
    assert by_number != sorted(by_number)


def test_the_rows_do_not_lie_in_the_order_in_which_they_came(live: StageCamp) -> None:
    for n in range(20):
        ask(live, f"{n:02}", account=1000 + n)
    is_sqlite = live.camp.database.is_sqlite
    order = "rowid" if is_sqlite else "ctid"

    lying = live.camp.see(
        lambda s: s.connection().exec_driver_sql(f"SELECT id, text FROM forum_question ORDER BY {order}").all()  # noqa: S608
    )

    assert [row.id for row in lying] == sorted(row.id for row in lying)
    if not is_sqlite:
        written = live.camp.see(
            lambda s: s.connection().exec_driver_sql("SELECT DISTINCT xmin::text FROM forum_question").all()
        )
        assert len(written) == 1, "all rows are of one transaction: none can be laid beside the row that counts"


def test_nothing_else_in_the_database_holds_the_words(live: StageCamp) -> None:
    ask(live, "A very peculiar question")

    held = [one.name for one in metadata().sorted_tables if any("peculiar" in str(row) for row in live.rows(one))]

    assert held == ["forum_question"]


def test_questions_are_taken_only_while_the_forum_goes_on(stage: StageCamp) -> None:
    with pytest.raises(NotOpen):
        ask(stage, "too early")
    stage.hold()
    with pytest.raises(NotOpen):
        ask(stage, "too late")
    stage.camp.change(CALL, status=CallStatus.CANCELLED)
    with pytest.raises(ForumOff):
        ask(stage, "never")

    assert stage.rows(ASKED) == []


def test_a_moderator_judges_and_nobody_below(live: StageCamp) -> None:
    ask(live, "one")
    question_id = number(live, "one")

    for speaker in (live.auditor, live.camp.trainee(0), None):
        with pytest.raises(NotAllowed):
            live.camp.do(
                lambda s, who=speaker: questions.judge(  # type: ignore[misc]
                    s, speaker=who, question_id=question_id, status=QuestionStatus.RELEASED, now=STARTS
                )
            )
    with pytest.raises(Gone):
        judge(live, 10**15, QuestionStatus.RELEASED)

    assert shown(live) == []


def test_the_room_is_the_camp_and_whoever_signed_up(live: StageCamp) -> None:
    sign_guest(live.camp, STRANGER, "Guest Gu")
    trainee = live.camp.trainee(LISTENER)

    for speaker, account in ((trainee, trainee.telegram_id), (live.teacher, 810), (None, STRANGER)):
        found = live.camp.do(
            lambda s, who=speaker, number=account: questions.require_room(s, who, number, live.call_id, STARTS)  # type: ignore[misc]
        )
        assert found.call.id == live.call_id
    with pytest.raises(NotInTheRoom):
        live.camp.do(lambda s: questions.require_room(s, None, 12345, live.call_id, STARTS))


def test_the_link_on_the_projector_leads_to_its_forum_and_no_other_can_be_made(live: StageCamp) -> None:
    payload = live.camp.do(lambda s: questions.payload_for(s, live.call_id))

    assert live.camp.see(lambda s: questions.read_payload(s, payload)) == live.call_id
    for made_up in ("", "q-1-", payload[:-1], payload.replace("q-1-", "q-2-"), "q-" + "z" * 12 + payload[3:]):
        assert live.camp.see(lambda s, p=made_up: questions.read_payload(s, p)) is None  # type: ignore[misc]


def test_all_questions_are_kept_though_rows_are_written_anew(live: StageCamp) -> None:
    for n in range(100):
        ask(live, f"{n}", account=2000 + n)

    assert sorted(int(one.text) for one in all_of(live)) == list(range(100))
    assert len(live.rows(QUESTION)) == 100
