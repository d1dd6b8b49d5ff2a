"""Typed ids, so that a person of ours and an account of Telegram's are never mixed up."""

from typing import NewType

PersonId = NewType("PersonId", int)
TelegramId = NewType("TelegramId", int)
CohortId = NewType("CohortId", int)
ActivityId = NewType("ActivityId", int)
