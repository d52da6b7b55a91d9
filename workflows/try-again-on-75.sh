#!/bin/bash
# Snakemake tries a failed job again, whatever its exit code. This lets it do so after 75 (another try may help) and after a
# kill, and ends every other failure at once: the second try finds the note of the first.
#
#   try-again-on-75.sh ATTEMPT NOTE COMMAND...
attempt=$1 note=$2
shift 2
if [ "$attempt" -gt 1 ] && [ -e "$note" ]; then
  echo "no other try: the first ended with $(cat "$note")" >&2
  exit 1
fi
rm -f "$note"

# SIGTERM is handed on, and the command waited for: it keeps what is finished
"$@" &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM INT
wait "$child"; code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done

if [ "$code" -ne 0 ] && [ "$code" -ne 75 ] && [ "$code" -le 128 ]; then
  mkdir -p "$(dirname "$note")" && echo "$code" > "$note"
fi
exit "$code"
