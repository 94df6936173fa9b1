#!/bin/sh
# version.sh VERSION: prints version.h. Without git, or outside the project's own clone, the commit is unknown.
set -eu
commit=unknown
if top=$(git rev-parse --show-prefix 2>/dev/null) && [ -z "$top" ] && id=$(git rev-parse --short=10 HEAD 2>/dev/null); then
    commit=$id
    [ -z "$(git --no-optional-locks status --porcelain --untracked-files=no)" ] || commit=$commit-dirty
fi
printf '#define GONGHAI_VERSION "%s"\n#define GONGHAI_COMMIT "%s"\n' "$1" "$commit"
