#!/usr/bin/env bash
# Known vulnerabilities of what is deployed. Fails on a high one; says so where the registry does not tell.
set -uo pipefail
cd "$(dirname "$0")/.."

report=$(npm audit --omit=dev --audit-level=high 2>&1)
status=$?
if [ $status -ne 0 ] && grep -q 'audit endpoint returned an error' <<< "$report"; then
  echo 'NOT AUDITED: this registry has no audit endpoint. Run `npm audit --omit=dev` where it has one.'
  exit 0
fi
echo "$report"
exit $status
