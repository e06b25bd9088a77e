"""The pages of a PDF as pictures, drawn by a process beside (papers.rasters)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from typing import IO

from PIL import Image

from activities.files import LONGEST_EDGE, MAX_PIXELS
from papers import rasters
from papers.reading import Damaged

SECONDS = 20.0  # for one page


@contextmanager
def drawer(file: IO[bytes]) -> Iterator[Drawer]:
    """Of a PDF; of a copy, since a storage need not keep its files where a process opens them."""
    with NamedTemporaryFile(suffix=".pdf") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        made = Drawer(copy.name)
        try:
            yield made
        finally:
            made.stop()


class Drawer:
    """A page that takes its process down, or keeps it for longer than SECONDS, is Damaged; the
    next one is drawn by another process."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None

    def page(self, index: int) -> Image.Image:
        """In 2560 pixels along its longer edge; Damaged where it cannot be drawn."""
        process = self._running()
        limit = threading.Timer(SECONDS, process.kill)
        limit.start()
        try:
            size, content = _asked(process, index)
        except (EOFError, OSError):
            self.stop()
            raise Damaged from None
        finally:
            limit.cancel()
        if not all(size):
            raise Damaged
        return Image.frombytes("RGB", size, content)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            # Isolated: neither this folder nor the environment decides what it imports.
            command = [sys.executable, "-I", rasters.__file__, self._path]
            self._process = subprocess.Popen(
                [*command, str(LONGEST_EDGE), str(2 * MAX_PIXELS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _asked(process: subprocess.Popen[bytes], index: int) -> tuple[tuple[int, int], bytes]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(b"%d\n" % index)
    process.stdin.flush()
    width, height = rasters.HEAD.unpack(_read(process.stdout, rasters.HEAD.size))
    return (width, height), _read(process.stdout, width * height * 3)


def _read(out: IO[bytes], size: int) -> bytes:
    content = out.read(size)
    if len(content) < size:
        raise EOFError
    return content
