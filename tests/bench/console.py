#!/usr/bin/env python3
"""console.py PTYBENCH KIND PROGRAM DB: drives a full-screen program in a pty, 120x40.

Prints lines of NAME VALUE UNIT, as the other benches do. KIND is what runs:
  ours      the console with its detail pane closed (key d): time to the first screen of rows, memory, what Down
            and PageDown take and send, one by one and 300 typed ahead, and the frame after another theme,
            language or width of a column
  limit     nclimit on its own database: the same, but for the changes
  first     the console, its first screen only
  visidata  VisiData on nclimit's database, its first screen only
"""
import json
import os
import subprocess
import sys
import tempfile

OURS = {"words": ["--db", None, "--lang", "en", "--view", "leads"], "first": "new lead", "ready": r"1 of \d+",
        "pre": ["--pre", "d"]}
KINDS = {
    "ours": OURS,
    "first": OURS,
    "limit": {"words": [None], "first": "leads 1/", "ready": "leads 1/", "pre": []},
    "visidata": {"words": ["--config", "/dev/null", None, "+:leads:0:0"], "first": "2026-11-0"},
}
tool, name, program, db = sys.argv[1:5]
kind = KINDS[name]
command = [program, *(db if word is None else word for word in kind["words"])]
ready, pre = kind.get("ready"), kind.get("pre")


def run(mode, *options):
    words = [sys.executable, tool, mode, "--json", *options, "--", *command]
    with tempfile.TemporaryDirectory() as state:        # what the run before chose is not remembered
        env = dict(os.environ, XDG_STATE_HOME=state)
        return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, env=env).stdout)


def put(name, value, unit):
    print(f"{name} {value:.2f} {unit}")


opened = run("open", "-n", "3" if name == "visidata" else "7", "--until", kind["first"])
put("first_screen", opened["match_ms"]["median"], "ms")
put("first_memory", opened["peak_kb"]["median"] / 1024, "MiB")
if name in ("first", "visidata"):
    sys.exit()
for key, rows, count in (("Down", 1, 300), ("PageDown", 36, 1000)):
    settle = ["--until", ready, "--ready-settle", "800", *pre, "--key", key]
    keys = run("keys", "--count", str(count), *settle)
    put(f"{key}_p50", keys["last_ms"]["p50"], "ms")
    put(f"{key}_p99", keys["last_ms"]["p99"], "ms")
    put(f"{key}_bytes", keys["bytes_per_key"]["mean"] / rows, "bytes")
    if key == "PageDown":
        put("later_memory", keys["peak_kb"] / 1024, "MiB")
    put(f"{key}_ahead", run("burst", "--rate", "0", "--count", "300", *settle)["lag_ms"], "ms")
for what, keys, before in (("theme", "F8", []), ("language", "F12", []), ("column", "+ -", ["--pre", "C"])):
    if name == "ours":
        changed = run("keys", "--count", "60", "--until", ready, "--ready-settle", "800", *before, "--key", keys)
        put(what, changed["last_ms"]["p50"], "ms")
put("idle_bytes", run("idle", "--seconds", "20", "--until", ready)["bytes_per_min"], "bytes")
