"""The ground that other tests stand on."""

import psycopg
import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine, make_url, text

from tests.support import postgres

SHOWS = """([one, other]) => {
    const paint = (letter) => {
        const context = Object.assign(document.createElement('canvas'), {width: 40, height: 40}).getContext('2d')
        context.font = '32px sans-serif'
        context.fillText(letter, 2, 34)
        return context.getImageData(0, 0, 40, 40).data.join()
    }
    return paint(one) !== paint(other)
}"""


@pytest.mark.parametrize("again", [1, 2])
def test_every_test_gets_an_empty_database_of_each_kind(database_url: str, again: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seats (taken INTEGER)"))
        connection.execute(text("INSERT INTO seats VALUES (:taken)"), {"taken": again})
        assert connection.scalar(text("SELECT count(*) FROM seats")) == 1
    engine.dispose()


def test_a_database_goes_even_when_somebody_is_still_connected(postgres_databases: postgres.Databases) -> None:
    with postgres_databases.fresh() as url:
        left_open = psycopg.connect(postgres.plain(make_url(url)))

    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()


def test_the_browser_has_chinese_letters(chromium: str) -> None:
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=chromium)
        page = window.new_page()
        shown = page.evaluate(SHOWS, ["签", "到"])
        window.close()

    assert shown is True
