"""The whole tree of our exceptions.

CohortBotError
├── ConfigurationError        a setting is wrong; the text names all of them
├── OwnedElsewhere            another process owns this bot
├── LostOwnership             this process woke up after another one took over
├── BackupFailed              no backup was made, or one cannot be used; what was there before is untouched
└── Refusal                   expected, answered with a translated line, raised before anything was written
    ├── NotLinked             the account belongs to nobody we know
    ├── NotAllowed            the person may not do this
    └── Gone                  what a button or link points at no longer exists

A refusal's docstring is the English line its reader sees; the catalogue translates it. Everything that is not a
``CohortBotError`` is a bug: it is logged with its update's id and apologised for once.
"""

import inspect


class CohortBotError(Exception):
    """The root of our exceptions."""


class ConfigurationError(CohortBotError):
    """A setting is missing or wrong."""


class OwnedElsewhere(CohortBotError):
    """Another process is running this bot."""


class LostOwnership(CohortBotError):
    """Another process has taken over this bot; nothing was written."""


class BackupFailed(CohortBotError):
    """Nothing was changed."""


class Refusal(CohortBotError):
    """That is not possible."""

    @property
    def line(self) -> str:
        """The English source of the line that the person reads."""
        return inspect.cleandoc(type(self).__doc__ or "")


class NotLinked(Refusal):
    """I do not know you yet. Please ask your coordinator for your card and send me the code on it."""


class NotAllowed(Refusal):
    """Only a coordinator of this camp can do that."""


class Gone(Refusal):
    """This no longer exists. Send /start to see what is current."""
