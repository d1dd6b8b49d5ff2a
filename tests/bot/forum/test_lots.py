from bot.forum import lots
from bot.forum.questions import QUESTION
from tests.support.stage_scene import StageCamp


def add(stage: StageCamp, text: str) -> None:
    row = {"call_id": stage.call_id, "slot_id": None, "text": text, "status": "new", "position": 0}
    stage.camp.do(lambda s: lots.add_unseen(s, QUESTION, QUESTION.c.call_id == stage.call_id, **row))


def test_rows_written_anew_keep_their_numbers_and_words(stage: StageCamp) -> None:
    add(stage, "first")
    before = {row.id: row.text for row in stage.rows(QUESTION)}

    for n in range(lots.AT_MOST + 20):
        add(stage, str(n))

    after = {row.id: row.text for row in stage.rows(QUESTION)}
    assert len(after) == lots.AT_MOST + 21
    assert before.items() <= after.items()


def test_a_drawn_number_fits_a_button_and_every_column() -> None:
    drawn = [lots.draw() for _ in range(1000)]

    assert len(set(drawn)) == 1000
    assert all(0 < number < 10**18 for number in drawn)
