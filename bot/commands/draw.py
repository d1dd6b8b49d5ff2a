"""``draw FILE``: holds a draw once more from the list that the bot gave out, and says whether it comes out the same.

Needs no database, no settings and no network, so that anybody can run it anywhere.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.forum import draw_file
from bot.forum.draw_file import DrawFile, NotADraw, Repeated

LARGEST = 10_000_000


def draw(
    file: Annotated[Path, typer.Argument(help="The list of a draw, as the bot sends it.", exists=True, dir_okay=False)],
) -> None:
    """Hold a draw once more; ends with 0 where it comes out the same, and 1 where it does not."""
    told = _read(file)
    repeated = draw_file.repeat(told)
    _print(told, repeated)
    raise typer.Exit(0 if repeated.is_same and repeated.is_sealed else 1)


def _read(file: Path) -> DrawFile:
    if file.stat().st_size > LARGEST:
        raise NotADraw(f"{file} is too large.")
    try:
        return draw_file.read(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise NotADraw(f"{file} is not text.") from error


def _print(told: DrawFile, repeated: Repeated) -> None:
    typer.echo(f"{told.title}: {len(told.entries)} entrants, {told.places} places")
    typer.echo(f"seed {told.seed}")
    typer.echo("place  number  unit  own turns  unit's turns  tickets")
    for one in repeated.drawn:
        mark = "*" if one.entry.number in told.later else ""
        typer.echo(
            f"{one.place:5}  {one.entry.number:6}  {one.entry.unit:4}  {one.entry.own:9}  {one.entry.unit_turns:12}"
            f"  {one.tickets} of {one.of}{mark}"
        )
        if one.place == told.places:
            typer.echo("------ reserve list from here ------")
    if told.later:
        typer.echo("* a coordinator has changed this since, with a reason, which is in the change log")
    sealed = "is" if repeated.is_sealed else "is NOT"
    typer.echo(f"The seed {sealed} the one whose SHA-256 was announced: {told.digest}")
    typer.echo("The result is the same as in the file." if repeated.is_same else "The result DIFFERS from the file.")
