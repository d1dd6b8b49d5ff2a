import pytest

from tests.support.house import TestHouse
from tests.support.notice_scene import NoticeScene, build_notice_scene

pytestmark = pytest.mark.anyio


@pytest.fixture
def scene(house: TestHouse) -> NoticeScene:
    return build_notice_scene(house)


async def test_a_notice_reaches_every_trainee_as_it_was_written(scene: NoticeScene) -> None:
    await scene.send("Bring your ID card tomorrow.")

    assert [scene.trainee(number).last for number in range(3)] == ["Bring your ID card tomorrow."] * 3
    assert set(scene.states().values()) == {"sent"}
