#!/bin/sh
# probe.sh COMPILER... -- FLAG...: prints those of the flags that the compiler takes without a warning.
set -eu
compiler=
while [ "$1" != -- ]; do compiler="$compiler $1"; shift; done
shift
for flag; do
    if echo 'int main(void) { return 0; }' | $compiler -Werror "$flag" -x c -c -o /dev/null - 2>/dev/null; then
        echo "$flag"
    fi
done
