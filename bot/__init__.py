"""The house: everything Cohort Bot knows and decides.

It never imports the two doors, ``handlers`` (people speak) and ``schedules`` (the clock speaks);
``bot.__main__`` loads them by name and hands them to the composition root in ``bot.app``.
"""

__version__ = "0.1.0"
