"""Opens the sandbox: the emulator with its people, its page, and the sample files to try an import with."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from telegram.request import BaseRequest

from bot.clock import Clock
from bot.sample.camp import FILES
from bot.sandbox.core import Sandbox
from bot.sandbox.http import build_routes
from bot.sandbox.request import SandboxRequest

OPERATOR = 5_100_000_001
COORDINATOR = 5_100_000_002
TRAINEES = (5_100_000_011, 5_100_000_012, 5_100_000_013)
STRANGER = 5_100_000_019

PEOPLE = (
    (COORDINATOR, "班主任 陈老师", "zh-hans", "coordinator · 班主任"),
    (TRAINEES[0], "杨兰远", "zh-hans", "trainee · 学员"),
    (TRAINEES[1], "李睿", "zh-hans", "trainee · 学员"),
    (TRAINEES[2], "Li Jingming", "en", "trainee, in English · 英文学员"),
    (STRANGER, "顾涛", "zh-hans", "not linked yet · 未绑定"),
    (OPERATOR, "运维 Ops", "en", "operator · 运维"),
)
LANGUAGES = {person_id: language for person_id, _, language, _ in PEOPLE}


class OpenSandbox(Struct, frozen=True):
    """What the bot needs of the emulator: nothing that another Bot API server would not give, and pages to mount."""

    token: str
    request: BaseRequest
    routes: Sequence[BaseRoute]


def open_sandbox(folder: Path, clock: Clock) -> OpenSandbox:
    """Open the emulator with what ``folder`` keeps of earlier runs."""
    sandbox = Sandbox(clock=clock.now, folder=folder, language="zh")
    for person_id, name, language, caption in PEOPLE:
        sandbox.add_person(name, person_id=person_id, language_code=language, caption=caption, started=True)
    sandbox.links = [
        {"label": f"Sample {file.stem} (xlsx)", "label_zh": title, "url": f"/sample/{file.name}"}
        for file, title in FILES
    ]
    return OpenSandbox(sandbox.token, SandboxRequest(sandbox), [*build_routes(sandbox), *_file_routes(folder)])


def _file_routes(folder: Path) -> list[BaseRoute]:
    def download(request: Request) -> Response:
        file = next((file for file, _ in FILES if file.name == request.path_params["name"]), None)
        if file is None:
            return Response(status_code=404)
        own = folder / file.name
        return FileResponse(own if own.exists() else file, filename=file.name)

    return [Route("/sample/{name}", download)]
