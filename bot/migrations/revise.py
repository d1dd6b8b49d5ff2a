"""Writes the next revision from the difference between the tables in the code and the newest schema.

For developers: ``python -m bot.migrations.revise "what changes"``. The file must be read before it is committed, and
``HEAD`` raised to its number. There is no way down: who must go back restores the copy kept before the upgrade.
"""

import sys
import tempfile

from alembic import command
from alembic.config import Config

from bot import migrations
from bot.database import Database


def main() -> None:
    """Compare on an empty database that lasts as long as the comparison."""
    number = f"{len(migrations.versions()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/scratch.sqlite3")
        if migrations.versions():
            migrations.upgrade(database)
        _write(database, number, sys.argv[1])
        database.close()


def _write(database: Database, number: str, message: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with database.connect().begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=number)
    (path,) = (migrations.FOLDER / "versions").glob(f"{number}_*.py")
    path.write_text(_without_banner(path.read_text(encoding="utf-8")), encoding="utf-8")


def _without_banner(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("    # ###")).rstrip() + "\n"


if __name__ == "__main__":
    main()
