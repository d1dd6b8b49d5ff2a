"""A Chromium to drive, and fonts with which it can show Chinese wherever it runs."""

import os
import shutil
from pathlib import Path

import pylopdf_fonts_zh_cn

from tests.support import Missing

HOW_TO_GET_IT = (
    "needs Chromium: apt-get install chromium (or chromium-browser, google-chrome), "
    "or set PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH to one"
)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str:
    """Return the path of a Chromium: the environment's, else the system's. Raises Missing where there is none."""
    given = os.environ.get("PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH")
    found = given or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise Missing(HOW_TO_GET_IT)
    return found


def write_font_configuration(folder: Path) -> Path:
    """Write a fonts.conf that adds our Chinese fonts to the system's; Chromium reads it by FONTCONFIG_FILE."""
    ours = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    configuration = folder / "fonts.conf"
    configuration.write_text(
        f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{ours}</dir>
  <cachedir>{folder}</cachedir>
</fontconfig>
""",
        encoding="utf-8",
    )
    return configuration
