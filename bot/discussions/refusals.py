"""What the services of discussions refuse; each docstring is the line that its reader sees. Decides nothing."""

from bot.errors import Refusal


class NotYourGroup(Refusal):
    """This belongs to another group. Open “Group discussion” on your first screen to see yours."""


class OnlyLeader(Refusal):
    """Only the leader of this group or a coordinator can do that."""


class OnlyRecorder(Refusal):
    """Only the leader or the recorder of this group can do that."""


class NotNow(Refusal):
    """Your group is no longer at this step. Open “Group discussion” to see where it stands."""


class Over(Refusal):
    """This discussion is over. What was written has been kept."""


class RecorderWrites(Refusal):
    """Only the recorder of this group can edit the minutes."""


class KeepsFindings(Refusal):
    """Causes and measures have been written for these points already, so the writing can no longer be opened again."""


class NothingWritten(Refusal):
    """Nobody has written anything yet, so there is nothing to number."""


class NothingVoted(Refusal):
    """Nobody has placed a dot yet. Without dots I cannot tell which points to go on with."""


class AlreadyDiscussed(Refusal):
    """There is a discussion about this activity already."""


class NoQuestions(Refusal):
    """Write at least one question first."""


class NoGroups(Refusal):
    """Draw the groups first."""


class NobodyThere(Refusal):
    """There is nobody to put into groups. If only those present take part, check-in has to come first."""


class NoOwnGroups(Refusal):
    """The roster of this camp has no groups. Choose how many groups you want instead."""


class LastOfGroup(Refusal):
    """A group cannot be left empty. Swap the two instead."""


class Cancelled(Refusal):
    """The activity was cancelled, so there is no discussion. Nothing was changed."""


class Underway(Refusal):
    """The groups have been announced, so this can no longer be changed."""


class ReadAgain(Refusal):
    """The minutes have changed meanwhile. Please read them again before you confirm."""


class CheckInFirst(Refusal):
    """Only those who are recorded as present take part. Please check in first; you then come into a group."""


class NoRoomForMore(Refusal):
    """That is as many as there can be."""
