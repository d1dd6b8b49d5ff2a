"""The use cases of discussions in one place, which is where the doors come in; the only writer of these tables.

A discussion is set up and its groups drawn (``setting_up``, ``grouping``, ``moving``), late people come (``arriving``);
then each group goes its way (``stages``): ``writing``, ``merging``, ``voting``, ``finding``, ``minutes``.
"""

from bot.discussions import arriving, finding, grouping, merging, minutes, moving, setting_up, stages, voting, writing

__all__ = [
    "arriving",
    "finding",
    "grouping",
    "merging",
    "minutes",
    "moving",
    "setting_up",
    "stages",
    "voting",
    "writing",
]
