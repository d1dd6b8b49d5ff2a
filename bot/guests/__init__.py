"""People outside the roster: somebody who comes by a link to one forum or lecture, and is no member of any camp."""
