"""The use cases of check-in in one place; the only writer of its tables. Never commits, never reads a clock.

For other features: ``excuse`` and ``withdraw_excuse`` (leave); ``attendance_of``, ``record_of``, ``head_counts`` and
``waiting_walk_ins`` (the ledger, the matrix, the close of day); ``policy_of`` (when somebody counts as late);
``read_board`` (one activity); ``judge_visit`` and ``vouch_for`` (who is on no roster, by the same rules).
"""

from bot.checkin.arrivals import open_now, record_arrival
from bot.checkin.attendance import Counted, Record, attendance_of, head_counts, names_of, record_of
from bot.checkin.departures import leave_early, take_back
from bot.checkin.digits import enter_digits
from bot.checkin.excuses import excuse, excused_from, excuses_of, withdraw_excuse
from bot.checkin.gate import my_code, scan_person
from bot.checkin.head_counts import count_heads, show_count
from bot.checkin.paper import activity_of_lines, keep_lines, plan_lines, prepare_sheet
from bot.checkin.places import copy_sites, record_place, set_radius, set_site, show_site
from bot.checkin.policies import change_rule, copy_rules, drop_rule, policy_of, show_rules
from bot.checkin.queries import counts, expect_arrivals
from bot.checkin.roll import mark, read_board, show_mark
from bot.checkin.roll_calls import call_roll, name_absent, show_roll, undo_roll
from bot.checkin.staff import led_activities
from bot.checkin.visitors import Visit, Welcome, activity_of, judge_visit, visit_receipt, visit_status, vouch_for
from bot.checkin.walk_in_views import waiting_walk_ins
from bot.checkin.walk_ins import (
    add_walk_in,
    drop_walk_in,
    enrol_walk_in,
    expire_walk_ins,
    merge_walk_in,
    show_walk_in,
)
from bot.checkin.windows import (
    close_checkin,
    close_stale,
    find_projector,
    list_choices,
    open_checkin,
    project,
    show_desk,
)

__all__ = [
    "Counted",
    "Record",
    "Visit",
    "Welcome",
    "activity_of",
    "activity_of_lines",
    "add_walk_in",
    "attendance_of",
    "call_roll",
    "change_rule",
    "close_checkin",
    "close_stale",
    "copy_rules",
    "copy_sites",
    "count_heads",
    "counts",
    "drop_rule",
    "drop_walk_in",
    "enrol_walk_in",
    "enter_digits",
    "excuse",
    "excused_from",
    "excuses_of",
    "expect_arrivals",
    "expire_walk_ins",
    "find_projector",
    "head_counts",
    "judge_visit",
    "keep_lines",
    "leave_early",
    "led_activities",
    "list_choices",
    "mark",
    "merge_walk_in",
    "my_code",
    "name_absent",
    "names_of",
    "open_checkin",
    "open_now",
    "plan_lines",
    "policy_of",
    "prepare_sheet",
    "project",
    "read_board",
    "record_arrival",
    "record_of",
    "record_place",
    "scan_person",
    "set_radius",
    "set_site",
    "show_count",
    "show_desk",
    "show_mark",
    "show_roll",
    "show_rules",
    "show_site",
    "show_walk_in",
    "take_back",
    "undo_roll",
    "visit_receipt",
    "visit_status",
    "vouch_for",
    "waiting_walk_ins",
    "withdraw_excuse",
]
