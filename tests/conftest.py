"""Fixtures that any test may ask for; how they are made stands in `tests/support`."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.support import Missing, browser, do_without, in_ci, postgres
from tests.support.house import close_houses


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests marked long too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the bot does."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[postgres.Databases]:
    """One server for the whole run."""
    try:
        with postgres.databases() as databases:
            yield databases
    except Missing as missing:
        do_without(missing)


@pytest.fixture
def postgres_url(postgres_databases: postgres.Databases) -> Iterator[str]:
    """Return the address of an empty PostgreSQL database."""
    with postgres_databases.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database with every table, once of each kind, and close the houses built on it.

    SQLite's has them only when something is built on it, which costs next to nothing.
    """
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
    else:
        databases = cast("postgres.Databases", request.getfixturevalue("postgres_databases"))
        with databases.fresh(databases.template) as url:
            yield url
    close_houses()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without tables, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.db"
    return cast("str", request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the path of a Chromium that shows Chinese."""
    try:
        path = browser.find_chromium()
    except Missing as missing:
        do_without(missing)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(browser.write_font_configuration(tmp_path_factory.mktemp("fonts"))))
        yield path
