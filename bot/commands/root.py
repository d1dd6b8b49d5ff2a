"""The command line's root: running the bot, and the list of sub-commands."""

from functools import partial
from typing import Annotated

import typer

from bot import __version__, collector
from bot.commands import backup, doctor, draw, imports
from bot.commands.edge import run_to_its_end

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Cohort Bot runs training camps on Telegram. Without a command it starts the bot.",
)
app.add_typer(imports.app, name="import")
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("draw")(draw.draw)


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Start the bot: against Telegram where BOT_TOKEN is set, else in the sandbox."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        collector.pause()  # until the bot is ready
        from bot.commands.run import run_bot  # noqa: PLC0415 - the other commands need not load the whole bot

        run_bot()


def main() -> None:
    """Run the command line."""
    collector.resume()
    run_to_its_end(partial(app, prog_name="python -m bot"))
