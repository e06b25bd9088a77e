"""`make run`: everything that the system needs, as one job in the foreground.

Brings up the embedded servers (unless others are configured), prepares the database, the
catalogue and the assets, then runs web server, Celery worker and Celery beat until Ctrl-C or
until the web server dies. Children write to `var/log/`, so the terminal keeps what a person needs:
a line for each step, the address, and the demo's sign-ins. Its lines are in Chinese: the person
who starts it works in the office.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from mentoring import embedded

ROOT = embedded.ROOT
FIRST_PORT = 8460
PATIENCE = 60.0  # seconds for the web server to answer
GRACE = 10.0  # seconds for the children to stop by themselves
PAUSE = 10.0  # seconds before a worker or a beat that died is started again


def say(text: str) -> None:
    print(text, flush=True)


def step(what: str, work: Callable[[], str | None]) -> None:
    """Do one step and print how long it took."""
    print(f"  · {what} …", end="", flush=True)
    began = time.monotonic()
    note = work()
    say(f" {note or '完成'}（{time.monotonic() - began:.1f} 秒）")


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def manage(*arguments: str) -> str:
    """Run a management command in a process of its own; its output when it fails."""
    run = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    if run.returncode:
        say(f"\n{run.stdout}{run.stderr}")
        raise SystemExit(f"manage.py {arguments[0]} 失败，请把以上内容交给维护人员。")
    return run.stdout


def collect_assets() -> str | None:
    """Only when an asset, a package or the settings have changed since the last time."""
    files = sorted((ROOT / "static").rglob("*"))
    files += [ROOT / "package-lock.json", *(ROOT / "mentoring").glob("*.py")]
    state = "".join(f"{path}{path.stat().st_mtime_ns}" for path in files if path.is_file())
    mark = hashlib.sha256(state.encode()).hexdigest()
    stamp = embedded.VAR / "static.stamp"
    if stamp.exists() and stamp.read_text() == mark:
        return "没有变化"
    manage("collectstatic", "--noinput", "--clear", "-v0")
    stamp.write_text(mark)
    return None


def seed_on_first_run() -> str | None:
    if os.environ.get("DEMO", "1") == "0":
        return "按 DEMO=0 跳过"
    return manage("seed_demo", "--if-empty").strip().splitlines()[-1]


class Children:
    """The web server, the worker and the beat."""

    def __init__(self, host: str, port: int) -> None:
        python = str(Path(sys.executable).parent)
        workers = os.environ.get("WEB_WORKERS", str(os.cpu_count() or 2))
        celery = [f"{python}/celery", "-A", "mentoring"]
        self.commands = {
            "web": [
                f"{python}/granian",
                "--interface",
                "wsgi",
                "--host",
                host,
                "--port",
                str(port),
                "--workers",
                workers,
                "--blocking-threads",
                "4",
                "--no-ws",
                "mentoring.wsgi:application",
            ],
            "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"],
            "beat": [
                *celery,
                "beat",
                "--loglevel",
                "WARNING",
                "--schedule",
                str(embedded.VAR / "celerybeat-schedule"),
                "--pidfile",
                "",
            ],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start those named, or all."""
        logs = embedded.VAR / "log"
        logs.mkdir(parents=True, exist_ok=True)
        for name in names or self.commands:
            command = self.commands[name]
            with (logs / f"{name}.log").open("ab") as log:
                # A session each: a Ctrl-C in the terminal would reach granian's workers beside
                # their parent, which then waits for them for ever. So it reaches the launcher
                # alone, and the launcher stops them all.
                self.running[name] = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )

    def dead(self) -> str | None:
        return next(
            (name for name, child in self.running.items() if child.poll() is not None), None
        )

    def stop(self) -> None:
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def answers(host: str, port: int) -> bool:
    page = http.client.HTTPConnection(host, port, timeout=5)
    try:
        page.request("GET", "/accounts/sign-in/")
        return page.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        page.close()


def wait_for_web(children: Children, host: str, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if name := children.dead():
            raise SystemExit(f"{name} 没有启动，原因见 var/log/{name}.log")
        if answers(host, port):
            return
        time.sleep(0.2)
    raise SystemExit("网站没有在一分钟内启动，原因见 var/log/web.log")


def watch(children: Children) -> None:
    """Until the web server dies. Worker and beat are started again: the pages do without them."""
    while (name := children.dead()) != "web":
        if name:
            say(f"{name} 意外停止，稍后重新启动；页面不受影响，原因见 var/log/{name}.log")
            time.sleep(PAUSE)
            children.start(name)
        time.sleep(0.5)


def print_sign_ins() -> None:
    """One sign-in for each role, while the demo's accounts are there."""
    said = manage("seed_demo", "--sign-ins").strip()
    if said:
        say(said)


def stop_on_signal(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    host = os.environ.get("HOST", "127.0.0.1")
    wanted = os.environ.get("PORT") or str(FIRST_PORT)
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        say(f"PORT={wanted} 不是端口号。例如：make run PORT={FIRST_PORT}")
        return 1
    port = int(wanted)
    if not is_free(host, port):
        other = next(p for p in range(port + 1, port + 200) if is_free(host, p))
        say(f"端口 {port} 已被占用。请换一个端口，例如：make run PORT={other}")
        return 1
    # A server on every address of the machine is reached from here on the loopback one.
    own = host if host.strip("0.:") else "127.0.0.1"
    address = f"http://{own}:{port}"
    os.environ.setdefault("SITE_URL", address)
    for ending in (signal.SIGTERM, signal.SIGHUP):  # the second: the terminal was closed
        signal.signal(ending, stop_on_signal)
    say("导师帮带系统正在启动")
    broker = None
    children = Children(host, port)
    try:
        step("数据库", lambda: embedded.provide_database() and None)
        broker = embedded.provide_broker()
        step("数据表", lambda: manage("migrate", "--noinput", "-v0") and None)
        step("页面资源", collect_assets)
        step("演示数据", seed_on_first_run)
        children.start()
        step("网站、后台任务、定时提醒", lambda: wait_for_web(children, own, port))
        say(f"\n打开浏览器访问：{address}")
        print_sign_ins()
        say("\n按 Ctrl-C 停止；数据保存在 var/ 中，下次启动时仍在。")
        watch(children)
        say("web 意外停止，原因见 var/log/web.log")
        return 1
    except KeyboardInterrupt:
        say("\n正在停止 …")
        return 0
    finally:
        # A second Ctrl-C must not leave half of them running.
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, signal.SIG_IGN)
        children.stop()
        if broker is not None:
            broker.stop()


if __name__ == "__main__":
    sys.exit(main())
