"""Wording of group discussions: for the members of a group, for its leader and recorder, for the coordinator."""
