import pytest

from bot.checkin import service as checkin
from bot.checkin.outcomes import AlreadyIn, Arrived, NoSite, Outcome
from bot.checkin.places import Spot, distance
from bot.errors import Gone, NotAllowed
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

SITE = Spot(31.2304, 121.4737)


def set_site(camp: Camp) -> None:
    camp.do(lambda s: checkin.set_site(s, speaker=camp.coordinator, activity_id=camp.lecture, spot=SITE, now=START))


def send(camp: Camp, spot: Spot, who: Speaker | None = None) -> Outcome:
    return camp.do(
        lambda s: checkin.record_place(
            s, speaker=who or camp.trainees[0], spot=spot, at=START, received_at=START, now=START
        )
    )


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance(Spot(31, 121), Spot(32, 121)) == pytest.approx(111_195, abs=100)
    assert distance(SITE, SITE) == 0
    assert distance(Spot(0, 179.9999), Spot(0, -179.9999)) < 30


def test_inside_and_outside_are_kept_and_nobody_is_turned_away(camp: Camp) -> None:
    camp.open()
    set_site(camp)

    near = send(camp, Spot(SITE.latitude + 0.002, SITE.longitude))
    far = send(camp, Spot(SITE.latitude + 0.02, SITE.longitude), camp.trainees[1])

    assert [type(near), type(far)] == [Arrived, Arrived]
    rows = [camp.attendance(who) for who in camp.trainees[:2]]
    assert [row and (row.inside, row.way, row.marked_by) for row in rows] == [
        (True, "place", None),
        (False, "place", None),
    ]


def test_an_inaccurate_phone_is_given_the_benefit_of_the_doubt_up_to_a_kilometre(camp: Camp) -> None:
    camp.open()
    set_site(camp)

    doubtful = send(camp, Spot(SITE.latitude + 0.01, SITE.longitude, accuracy=900))
    boundless = send(camp, Spot(SITE.latitude + 5, SITE.longitude, accuracy=1e9), camp.trainees[1])

    assert [getattr(one, "inside", None) for one in (doubtful, boundless)] == [True, False]


def test_a_second_location_changes_nothing(camp: Camp) -> None:
    camp.open()
    set_site(camp)
    send(camp, SITE)

    assert isinstance(send(camp, Spot(0, 0)), AlreadyIn)
    row = camp.attendance()
    assert row is not None
    assert row.inside is True


def test_without_a_site_or_an_open_check_in_a_location_is_not_taken(camp: Camp) -> None:
    set_site(camp)
    closed = send(camp, SITE)
    camp.open(camp.visit)

    assert [closed, send(camp, SITE)] == [NoSite(), NoSite()]
    assert camp.arrivals() == []


def test_only_a_coordinator_sets_a_site_and_only_to_what_is_offered(camp: Camp) -> None:
    set_site(camp)

    with pytest.raises(NotAllowed):
        camp.do(lambda s: checkin.set_site(s, speaker=camp.trainees[0], activity_id=camp.lecture, spot=SITE, now=START))
    with pytest.raises(Gone):
        camp.do(
            lambda s: checkin.set_radius(s, speaker=camp.coordinator, activity_id=camp.lecture, radius=7, now=START)
        )
    view = camp.do(
        lambda s: checkin.set_radius(s, speaker=camp.coordinator, activity_id=camp.lecture, radius=0, now=START)
    )
    assert view.radius is None
    assert [one.action for one in (*camp.changes("set"), *camp.changes("drop"))] == ["set", "drop"]
