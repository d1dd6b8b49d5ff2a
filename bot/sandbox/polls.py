"""Counting polls: pure functions over Telegram's Poll object. No state, no clock."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def count_votes(poll: Json, votes: dict[str, list[int]]) -> Json:
    """The poll with the votes counted; `votes` has option numbers by person."""
    options = [
        option | {"voter_count": sum(number in chosen for chosen in votes.values())}
        for number, option in enumerate(poll["options"])
    ]
    return poll | {"options": options, "total_voter_count": sum(bool(chosen) for chosen in votes.values())}


def refused_vote(poll: Json, options: list[int], before: list[int]) -> str:
    """Why a client would not let this vote happen; empty when it would."""
    if any(not 0 <= number < len(poll["options"]) for number in options):
        return "there is no such option"
    if len(options) > 1 and not poll["allows_multiple_answers"]:
        return "only one option may be chosen"
    if before and not poll["allows_revoting"]:
        return "this vote cannot be changed"
    return ""


def build_poll_answer(poll: Json, user: Json, options: list[int]) -> Json:
    """The PollAnswer of a person."""
    persistent = [poll["options"][number]["persistent_id"] for number in options]
    return {"poll_id": poll["id"], "user": user, "option_ids": options, "option_persistent_ids": persistent}
