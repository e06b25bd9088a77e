"""A person at the browser: signs in, reads, types, presses; axe and the console watch."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.browser.chromium import AXE

LAPTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 90_000  # milliseconds for the worker, which starts with the test on a busy machine


class Person:
    def __init__(
        self, browser: Any, address: str, *, viewport: dict[str, int] = LAPTOP, **more: Any
    ) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            has_touch=viewport is PHONE,
            # axe shall see the colours that stay: a button that comes under the pointer by a
            # swap begins to change them after any moment one could wait for.
            reduced_motion="reduce",
            **more,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.taps = 0
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        self.look()

    def sign_in(self, username: str, password: str) -> None:
        self.go("/accounts/sign-in/")
        self.write("username", username)
        self.write("password", password)
        self.press("登录")

    def write(self, name: str, text: str) -> None:
        self.taps += 1
        # The page's own form stands first; a comment below it may have a field of that name.
        self.page.locator(f"main [name={name}]").first.fill(text)

    def choose(self, name: str, value: str) -> None:
        self.taps += 1
        self.page.locator(f"main select[name={name}]").select_option(value)

    def tick(self, name: str, value: str) -> None:
        """A radio button or a tick box, by its label, as a finger would."""
        self.taps += 1
        box = self.page.locator(f"main input[name={name}][value='{value}']")
        self.page.locator(f"label[for='{box.get_attribute('id')}']").first.click()

    def pick(self, name: str, words: str, shown: str) -> None:
        """A search-select: type some words, take the entry that shows the given text."""
        self.taps += 3
        select = self.page.locator(f"main select[name={name}]")
        control = self.page.locator(f"#{select.get_attribute('id')}-ts-control")
        # Around the text field: that one stands aside while an entry is chosen.
        control.locator("xpath=..").click()
        control.type(words)
        option = self.page.locator(".ts-dropdown .option", has_text=shown)
        option.first.click()

    def attach(self, name: str, *files: dict[str, Any] | str) -> None:
        self.taps += 2
        self.page.locator(f"main input[name={name}]").set_input_files(list(files))

    def press(self, label: str) -> None:
        """A button or a link by its words; the page that follows is looked at."""
        found = self._offered(label)
        with self.page.expect_navigation():
            found.click()
        self.look()

    def send(self, label: str, *, until: str) -> None:
        """Press what gives the worker something to do, and wait for what comes of it."""
        self._offered(label).click()
        self.page.get_by_text(until).first.wait_for(timeout=PATIENCE)
        self.look()

    def _offered(self, label: str) -> Any:
        self.taps += 1
        exact = re.compile(rf"^\s*{re.escape(label)}\s*$")
        main = self.page.locator("main")
        found = main.get_by_role("button", name=exact).or_(main.get_by_role("link", name=exact))
        offered = main.locator("button, a, input[type=submit]")
        assert found.count(), f"{self.page.url} offers no {label!r} but " + " / ".join(
            filter(None, (text.strip() for text in offered.all_inner_texts()))
        )
        return found.first

    def download(self, label: str) -> bytes:
        """What a link gives when it is a file."""
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=re.compile(label)).first.click()
        return Path(waiting.value.path()).read_bytes()

    def look(self) -> None:
        """Wait for the page with its panels, then let axe and the console speak."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', "
            "'wcag21aa']})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))"
        )
        self.complaints += [f"{self.page.url}: axe {violation}" for violation in found]
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            self.complaints.append(f"{self.page.url}: {overflow} px wider than the window")

    def reads(self, *texts: str) -> None:
        """The page shows these texts."""
        body = self.page.locator("body").inner_text()
        missing = [text for text in texts if text not in body]
        assert not missing, f"{self.page.url} lacks {missing}:\n{body}"

    def leave(self) -> None:
        assert not self.complaints, "\n".join(self.complaints)
        self.context.close()
