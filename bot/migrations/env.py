"""What alembic runs: our metadata on the connection it is given, in the caller's transaction."""

from alembic import context

from bot import schema  # noqa: F401 - loads every table
from bot.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
