"""The Chinese catalogues: one an app, `<app>/locale/zh_Hans/LC_MESSAGES/django.po`.

    python -m tools.messages update    add new msgids, drop those that nothing uses
    python -m tools.messages compile   write the .mo files (never committed)
    python -m tools.messages check     fail on a missing, fuzzy or contradictory entry

Without the system's gettext: Babel's extractor reads Python, and Django's own `templatize`
turns a template into something that it reads as well; polib reads and writes the catalogues.
The texts of `templates/<app>/` belong to the app, those of `templates/*.html` to core.
"""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
APPS = [
    "core",
    "tables",
    "units",
    "accounts",
    "rosters",
    "cadres",
    "mentors",
    "pairings",
    "programmes",
    "activities",
    "plans",
    "calendars",
    "certificates",
    "reminders",
    "stats",
    "sampling",
    "handbooks",
    "snapshots",
    "papers",
]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Key = tuple[str | None, str, str | None]  # context, msgid, plural


def catalogue(app: str) -> Path:
    return ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def sources(app: str) -> Iterator[Path]:
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path
    yield from sorted((ROOT / "templates" / app).rglob("*.*"))
    if app == "core":
        yield from sorted((ROOT / "templates").glob("*.html"))
        yield from sorted((ROOT / "mentoring").glob("*.py"))


def messages_of(path: Path) -> Iterator[Key]:
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Only the calls matter to the extractor; the indentation of markup is no Python.
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.strip() for line in lines)
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
    for _line, message, _comments, context in found:
        one, many = message[:2] if isinstance(message, tuple) else (message, None)
        if one:
            yield context, one, many


def wanted(app: str) -> set[Key]:
    return {key for path in sources(app) for key in messages_of(path)}


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


def update() -> None:
    for app in APPS:
        path = catalogue(app)
        keys = wanted(app)
        if not keys:
            continue
        po = polib.pofile(str(path), wrapwidth=98) if path.exists() else polib.POFile(wrapwidth=98)
        po.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": "zh_Hans",
            "Plural-Forms": "nplurals=1; plural=0;",
        }
        known = {key_of(entry): entry for entry in po}
        for key in keys - known.keys():
            context, one, many = key
            entry = polib.POEntry(msgid=one, msgctxt=context)
            if many:
                entry.msgid_plural, entry.msgstr_plural = many, {0: ""}
            po.append(entry)
        for key in known.keys() - keys:
            po.remove(known[key])
        po.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        path.parent.mkdir(parents=True, exist_ok=True)
        po.save(str(path))
        empty = [entry.msgid for entry in po if not entry.translated()]
        print(f"{app}: {len(po)} texts, {len(empty)} to translate")
        for msgid in empty:
            print(f"    {msgid!r}")


def compile_all() -> None:
    for app in APPS:
        path = catalogue(app)
        mo = path.with_suffix(".mo")
        if path.exists() and not (mo.exists() and mo.stat().st_mtime >= path.stat().st_mtime):
            polib.pofile(str(path)).save_as_mofile(str(mo))


def faults() -> list[str]:
    found = []
    meanings: dict[Key, dict[str, str]] = defaultdict(dict)
    for app in APPS:
        path = catalogue(app)
        entries = {key_of(e): e for e in polib.pofile(str(path))} if path.exists() else {}
        keys = wanted(app)
        found += [f"{app}: missing {key[1]!r}" for key in sorted(keys - entries.keys(), key=str)]
        found += [f"{app}: unused {key[1]!r}" for key in sorted(entries.keys() - keys, key=str)]
        for key, entry in entries.items():
            if entry.fuzzy or not entry.translated():
                found.append(f"{app}: untranslated {entry.msgid!r}")
            meanings[key][app] = entry.msgstr or entry.msgstr_plural.get(0, "")
    for key, by_app in meanings.items():
        # Django merges the catalogues: one of two different answers would silently win.
        if len(set(by_app.values())) > 1:
            found.append(f"contradiction for {key[1]!r}: {by_app}")
    return found


def main() -> int:
    verb = sys.argv[1] if len(sys.argv) == 2 else ""
    if verb == "update":
        update()
    elif verb == "compile":
        compile_all()
    elif verb == "check":
        for fault in (found := faults()):
            print(fault)
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
