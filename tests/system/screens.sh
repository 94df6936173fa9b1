#!/bin/sh
# docs/screens.md shows the screens as they are: `make docs` writes it anew.
set -u
"$ROOT/scripts/screens.sh" "$GONGHAI" >now.md 2>err.txt || cat err.txt
if diff -u "$ROOT/docs/screens.md" now.md; then
    echo "ok screens-in-docs-are-true"
else
    echo "not ok screens-in-docs-are-true: look at the difference, then make docs"
    exit 1
fi
