"""Sites and locations: a trainee's location checks in at an activity with a site, judged inside or outside.

The judgement is a hint for the coordinator and stops nobody. What is kept of a trainee is one yes or no; the
coordinates are used for one comparison and never written, neither here nor in the change log.
"""

import math
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.checkin import arrivals, queries
from bot.checkin.attempt import Attempt
from bot.checkin.attendees import activity_of
from bot.checkin.models import Method, Way
from bot.checkin.outcomes import ActivityView, NoSite, Outcome
from bot.checkin.queries import SITE, Found
from bot.errors import Gone, NotLinked
from bot.people import access
from bot.people.service import Speaker

RADII = (100, 200, 300, 500, 1000)
"""What the buttons offer, in metres."""
USUAL_RADIUS = 300
EARTH = 6_371_000.0
"""The mean radius of the earth in metres (IUGG)."""
MOST_DOUBT = 1000.0
"""However inaccurate a phone says its location is, more than so many metres are not forgiven."""


class Spot(Struct, frozen=True):
    """A location as a phone reports it: degrees, and how many metres it may be off."""

    latitude: float
    longitude: float
    accuracy: float = 0.0


class SiteView(Struct, frozen=True):
    """An activity and its site; ``radius`` is ``None`` where none is set."""

    activity: ActivityView
    radius: int | None
    spot: Spot | None = None


def show_site(session: Session, *, speaker: Speaker | None, activity_id: int) -> SiteView:
    """The site of an activity.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    activity = activity_of(session, activity_id)
    access.require_coordinator(session, speaker, activity.cohort_id)
    return _view(session, activity)


def set_site(session: Session, *, speaker: Speaker | None, activity_id: int, spot: Spot, now: datetime) -> SiteView:
    """Put the site of an activity where the coordinator says; its radius stays, or is the usual one.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    activity = activity_of(session, activity_id)
    coordinator = access.require_coordinator(session, speaker, activity.cohort_id)
    before = _view(session, activity)
    values = {"latitude": spot.latitude, "longitude": spot.longitude, "radius": before.radius or USUAL_RADIUS}
    _write(session, activity, values, coordinator, now)
    _log(session, activity, coordinator, now, before.radius, before.radius or USUAL_RADIUS, moved=True)
    return _view(session, activity)


def set_radius(session: Session, *, speaker: Speaker | None, activity_id: int, radius: int, now: datetime) -> SiteView:
    """Change how large the site is; 0 takes the site away.

    Raises:
        Gone: there is no such activity or site, or the radius is none that is offered.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    activity = activity_of(session, activity_id)
    coordinator = access.require_coordinator(session, speaker, activity.cohort_id)
    before = _view(session, activity)
    if before.radius is None or radius not in (0, *RADII):
        raise Gone
    if radius:
        _write(session, activity, {"radius": radius}, coordinator, now)
    else:
        session.connection().execute(SITE.delete().where(SITE.c.activity_id == activity.id))
    _log(session, activity, coordinator, now, before.radius, radius or None)
    return _view(session, activity)


def record_place(
    session: Session,
    *,
    speaker: Speaker | None,
    spot: Spot,
    at: datetime,
    received_at: datetime,
    now: datetime,
    source: str = "",
) -> Outcome:
    """Check in by location, at the open activity with a site that the person is nearest to.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    rows = [row for row in queries.own_open(session, speaker.person_id) if arrivals.is_open(session, row, at)]
    sites = {site.activity_id: site for site in _sites(session, [row.id for row in rows])}
    near = sorted((row for row in rows if row.id in sites), key=lambda row: _away(sites[row.id], spot))
    if not near:
        return NoSite()
    row = next((row for row in near if row.recorded_at is None), near[0])
    is_inside = _away(sites[row.id], spot) <= sites[row.id].radius + min(spot.accuracy, MOST_DOUBT)
    attempt = Attempt(session, speaker.person_id, speaker.actor, at, received_at, now, source)
    return arrivals.admit(
        attempt, row, Method.BUTTON, is_fresh=False, more={"way": Way.PLACE.value, "inside": is_inside}
    )


def copy_sites(session: Session, *, activities: Mapping[int, int], actor: Actor, now: datetime) -> None:
    """Give the new activities the sites of the old ones; ``activities`` has the new one of each."""
    connection = session.connection()
    for site in _sites(session, list(activities)):
        circle = {"latitude": site.latitude, "longitude": site.longitude, "radius": site.radius}
        new = {"activity_id": activities[site.activity_id], **circle, "set_by": actor.person_id, "set_at": now}
        connection.execute(SITE.insert(), new)


def distance(one: Spot, other: Spot) -> float:
    """Metres between two locations along the surface, by the haversine formula."""
    phi, psi = math.radians(one.latitude), math.radians(other.latitude)
    across = math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    along = math.sin((psi - phi) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(along + math.cos(phi) * math.cos(psi) * across)))


def _away(site: Found, spot: Spot) -> float:
    return distance(Spot(site.latitude, site.longitude), spot)


def _sites(session: Session, activity_ids: list[int]) -> list[Found]:
    if not activity_ids:
        return []
    return list(session.connection().execute(select(SITE).where(SITE.c.activity_id.in_(activity_ids))))


def _view(session: Session, activity: ActivityView) -> SiteView:
    row = session.connection().execute(select(SITE).where(SITE.c.activity_id == activity.id)).first()
    if row is None:
        return SiteView(activity, None)
    return SiteView(activity, row.radius, Spot(row.latitude, row.longitude))


def _write(
    session: Session, activity: ActivityView, values: dict[str, float | int], by: Speaker, now: datetime
) -> None:
    more = {**values, "set_by": by.person_id, "set_at": now}
    if not session.connection().execute(SITE.update().where(SITE.c.activity_id == activity.id).values(more)).rowcount:
        session.connection().execute(SITE.insert(), {"activity_id": activity.id, **more})


def _log(
    session: Session,
    activity: ActivityView,
    by: Speaker,
    now: datetime,
    before: int | None,
    after: int | None,
    *,
    moved: bool = False,
) -> None:
    audit.record(
        session,
        audit.entry(
            actor=by.actor,
            now=now,
            action="set" if after else "drop",
            subject="site",
            subject_id=activity.id,
            cohort_id=activity.cohort_id,
            before={"radius": before},
            after={"radius": after, "moved": moved},
        ),
    )
