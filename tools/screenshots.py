"""Pictures of the main pages with the demo's data, for the README: `make screenshots`.

Starts the whole system in a folder of its own on a free port, signs in as each role, and writes
`docs/screenshots/<page>-<width>.png` at 1280 and 390 pixels.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mentoring.demo import OPENS_WITH
from tests.browser import awful
from tests.browser.chromium import CHROMIUM, FLAGS

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
WIDTHS = (1280, 390)
COLOURS = 64  # of a stored picture: pages are flat, and the repository stays small
# Page, who looks at it, where to start, and the links to follow from there (CSS selectors).
PAGES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("home-coordinator", "demo.xian", "/", ()),
    ("home-mentee", "demo.bangdai", "/", ()),
    ("cadres", "demo.xian", "/cadres/", ()),
    ("mentors", "demo.xian", "/mentors/", ()),
    ("mentees", "demo.xian", "/mentees/", ()),
    ("lineage", "demo.xiang", "/pairings/lineage/", ()),
    ("pairings", "demo.xian", "/pairings/", ()),
    ("pairing", "demo.xian", "/pairings/?state=active", ("main tbody tr:nth-child(3) a",)),
    ("board", "demo.xian", "/pairings/board/", ()),
    ("programme", "demo.xian", "/programmes/", ("main tbody a",)),
    ("letter", "demo.xian", "/certificates/", ("main tbody tr:nth-child(2) a",)),
    ("visit", "demo.bangdai", "/activities/visit/", ()),
    ("roster", "demo.xian", "/rosters/new/cadres/", ()),
    ("assignments", "demo.daoshi", "/activities/", ()),
    ("statistics", "demo.xian", "/statistics/?section=pairs", ()),
    ("overview", "demo.xian", "/statistics/overview/", ()),
    ("comparison", "demo.xian", "/statistics/compare/?section=pairs", ()),
    ("definitions", "demo.xian", "/statistics/definitions/", ()),
    ("home-mentor", "demo.daoshi", "/", ()),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(server: subprocess.Popen[str]) -> None:
    for line in server.stdout or ():
        print(line, end="")
        if "Ctrl-C" in line:
            return
    raise SystemExit("the system did not start")


def sign_in(browser: Any, address: str, username: str, width: int) -> Any:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/accounts/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", OPENS_WITH)
    page.click("main button[type=submit], main input[type=submit]")
    page.wait_for_url(f"{address}/")
    return page


def take(address: str) -> None:
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        # The browser's own words (dates, the choice of a file) in Chinese, where it has them.
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        for width in WIDTHS:
            for name, username, start, links in PAGES:
                page = sign_in(browser, address, username, width)
                page.goto(f"{address}{start}")
                for link in links:
                    page.click(link)
                picture(page, name, width)
                page.context.close()
        take_a_roster(sign_in(browser, address, "demo.xian", WIDTHS[0]), address)
        browser.close()


def picture(page: Any, name: str, width: int) -> None:
    from PIL import Image

    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}-{width}.png"
    page.screenshot(path=path)
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def take_a_roster(page: Any, address: str) -> None:
    """An office's own workbook: which column is what, and the report; thrown away in the end."""
    page.goto(f"{address}/rosters/new/cadres/")
    file = {
        "name": "干部花名册.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": awful.workbook(),
    }
    page.set_input_files("input[name=file]", [file])
    page.click("main form input[type=submit]")
    for name, waits_for, goes_on in (
        ("roster-columns", "form.mapping", "main form.mapping input[type=submit]"),
        ("roster-report", ".roster-lines", "main form[action$='/discard/'] button"),
    ):
        page.wait_for_selector(waits_for)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            picture(page, name, width)
        if name == "roster-columns":
            for heading, field in (("同志", "name"), ("哪年哪月生", "birth_month")):
                page.get_by_label(heading).select_option(field)
        page.click(goes_on)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="bangdai-pictures-"))
    folder.chmod(0o755)
    port = free_port()
    environment = {**os.environ, "BANGDAI_VAR": str(folder), "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "mentoring.launch"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_up(server)
        take(f"http://127.0.0.1:{port}")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
        time.sleep(0.5)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
