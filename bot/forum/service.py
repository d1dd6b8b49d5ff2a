"""Everything that doors and other features may ask of forums, in one place: each part adds its own lines."""

from bot.forum.models import Audience, CallStatus, Choice, Part, SignUpStatus
from bot.forum.queries import calls_about, calls_of, get_call, signed_up
from bot.forum.seats import Moved, Standing, standing
from bot.forum.views import CallView, Phase, SignUpView, view_of, views_of

__all__ = [
    "Audience",
    "CallStatus",
    "CallView",
    "Choice",
    "Moved",
    "Part",
    "Phase",
    "SignUpStatus",
    "SignUpView",
    "Standing",
    "calls_about",
    "calls_of",
    "get_call",
    "signed_up",
    "standing",
    "view_of",
    "views_of",
]
