"""Notices: what coordinators send to many, the honest state of each copy, corrections in place, and the replies."""
