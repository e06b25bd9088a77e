"""What `make bench` measures in processes of their own, with their own words kept as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = {"handbooks": "Handbooks of a thousand pairs", "papers": "Pages of paper"}


def report() -> str:
    """A section for each; CalledProcessError where one fails."""
    lines = []
    for name, title in PARTS.items():
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        run = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        lines += ["", f"## {title}", "", f"`python -m benchmarks.{name}`:", ""]
        lines += ["```", run.stdout.strip(), "```"]
        print(f"{name} done", flush=True)
    return "\n".join(lines) + "\n"
