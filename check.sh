#!/usr/bin/env bash
# The one check: format, Release build with every warning an error, tests, packages; then the files that have grown long.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

echo '== format'
dotnet restore TinyNet.sln --verbosity quiet
# Layout only: names, usings and language habits are checked by the build.
dotnet format whitespace TinyNet.sln --no-restore --verify-no-changes

echo '== build'
dotnet build TinyNet.sln -c Release --no-restore --verbosity quiet

echo '== test'
dotnet test TinyNet.sln -c Release --no-build --verbosity quiet

echo '== packages'
eng/packages.sh --no-build

echo '== files over 400 lines'
find . -name '*.cs' -not -path '*/bin/*' -not -path '*/obj/*' -exec wc -l {} + |
  awk '$2 != "total" && $1 > 400 { print "  " $1, $2; n++ } END { if (!n) print "  none" }' | sort -rn
echo '== ok'
