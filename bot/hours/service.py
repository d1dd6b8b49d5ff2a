"""The use cases of hours in one place; the only writer of its tables. Never commits, never reads a clock."""

from bot.hours.ledgers import Course, Trainee, ledgers_of, read_course, settlements_of
from bot.hours.returns import NothingMissed, Returned, return_hours
from bot.hours.reviewing import News, Review, cohorts_to_review, finish, review, take_news, take_news_of
from bot.hours.ruling import OFFERED, RulesView, Setting, change_rule, copy_rules, rules_of, show_changeable, show_rules
from bot.hours.viewing import (
    Account,
    Forecast,
    Overview,
    account_of,
    forecast,
    show_account,
    show_overview,
    show_own,
)

__all__ = [
    "OFFERED",
    "Account",
    "Course",
    "Forecast",
    "News",
    "NothingMissed",
    "Overview",
    "Returned",
    "Review",
    "RulesView",
    "Setting",
    "Trainee",
    "account_of",
    "change_rule",
    "cohorts_to_review",
    "copy_rules",
    "finish",
    "forecast",
    "ledgers_of",
    "read_course",
    "return_hours",
    "review",
    "rules_of",
    "settlements_of",
    "show_account",
    "show_changeable",
    "show_overview",
    "show_own",
    "show_rules",
    "take_news",
    "take_news_of",
]
