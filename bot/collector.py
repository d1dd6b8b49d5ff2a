"""When Python's garbage collector runs: not while the bot loads, and never over what lives as long as the process.

What is loaded are some hundred thousand objects, none of them garbage. Looking them over again and again takes a third
of the start, and later makes the event loop deaf for as much as a fifth of a second each time. Some of it is loaded
only when it is first needed, which for most is the first round of the clock's passes; so the bot resumes once more
after that.
"""

import gc


def pause() -> None:
    """Collect nothing until ``resume``."""
    gc.disable()


def resume() -> None:
    """Collect what comes and goes from now on, and leave alone for ever what is there already."""
    gc.freeze()
    gc.enable()
