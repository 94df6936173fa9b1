#!/usr/bin/env python3
"""console.py PTYBENCH PROGRAM DB | PTYBENCH NCLIMIT PEER.db --limit: drives a console in a pty, 120x40.

Prints lines of NAME VALUE UNIT, as the other benches do: time to the first screen of rows, memory, and
what Down and PageDown take and send, one by one and 300 typed ahead. The console has its detail pane
closed (key d), as the peer has none.
"""
import json
import os
import subprocess
import sys
import tempfile

tool, program, db = sys.argv[1:4]
limit = len(sys.argv) > 4
if limit:
    command, first, ready, pre = [program, db], "leads 1/", "leads 1/", []
else:
    command = [program, "--db", db, "--lang", "en", "--view", "leads"]
    first, ready, pre = "new lead", r"1 of \d+", ["--pre", "d"]


def run(mode, *options):
    words = [sys.executable, tool, mode, "--json", *options, "--", *command]
    with tempfile.TemporaryDirectory() as state:        # what the run before chose is not remembered
        env = dict(os.environ, XDG_STATE_HOME=state)
        return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, env=env).stdout)


def put(name, value, unit):
    print(f"{name} {value:.2f} {unit}")


opened = run("open", "-n", "7", "--until", first)
put("first_screen", opened["match_ms"]["median"], "ms")
put("first_memory", opened["peak_kb"]["median"] / 1024, "MiB")
for key, rows in (("Down", 1), ("PageDown", 36)):
    settle = ["--until", ready, "--ready-settle", "800", *pre, "--key", key]
    keys = run("keys", "--count", "300", *settle)
    put(f"{key}_p50", keys["last_ms"]["p50"], "ms")
    put(f"{key}_p99", keys["last_ms"]["p99"], "ms")
    put(f"{key}_bytes", keys["bytes_per_key"]["mean"] / rows, "bytes")
    if key == "PageDown":
        put("later_memory", keys["peak_kb"] / 1024, "MiB")
    put(f"{key}_ahead", run("burst", "--rate", "0", "--count", "300", *settle)["lag_ms"], "ms")
put("idle_bytes", run("idle", "--seconds", "20", "--until", ready)["bytes_per_min"], "bytes")
