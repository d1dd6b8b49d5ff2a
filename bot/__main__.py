"""The command line: ``python -m bot`` runs the bot, its sub-commands do the operator's other work.

Nothing third-party is imported before the check below, so that a missing installation gets a sentence, not a traceback.
"""

import importlib.util
import sys

if importlib.util.find_spec("sqlmodel") is None or importlib.util.find_spec("telegram") is None:
    sys.exit(
        "Cohort Bot's dependencies are not installed here. Run:\n"
        "  python3 -m venv .venv && .venv/bin/pip install -r requirements.txt\n"
        "and then: .venv/bin/python -m bot"
    )

from bot import collector, loading

collector.pause()  # until the bot is ready, or the command line is

if sys.argv[1:]:
    from bot.commands.root import main
else:
    with loading.without("rich", "httpx._main"):
        from bot.commands.run import main

if __name__ == "__main__":
    main()
