#!/usr/bin/env bash
# The one check: no line and no file that is too long, one spelling, format, Release build with every warning an error, kernels
# that are inlined, tests, the examples as machine code, packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

echo '== lines over 140 characters, files over 400 lines'
sources=$(git ls-files --cached --others --exclude-standard '*.cs')
# Characters, not bytes.
if LC_ALL=C.UTF-8 grep -nE '^.{141,}' $sources | cut -c1-160; then exit 1; fi
if wc -l $sources | awk '$2 != "total" && $1 > 400 { print $1, $2; n++ } END { exit !n }'; then exit 1; fi

echo '== American spelling'
stems='character|categor|custom|discret|emphas|equal|factor|final|general|harmon|initial|linear|local|maxim|memor|minim|neutral|normal'
stems+='|optim|organ|parallel|penal|quant|random|real|recogn|regular|serial|special|standard|summar|symmetr|synchron|token|util|vector|visual'
british="($stems)is(e|ing|ation)|analyse([^s]|$)|analysing|behaviour|colour|favour|flavour|honour|neighbour|(cent|fib)re|licence"
british+='|(cancel|channel|fuel|label|model|signal|total|travel)l(ed|ing)|grey|artefact|catalogue'
if git grep --untracked -niE "$british" -- '*.cs' '*.md' '*.py' '*.js'; then exit 1; fi

echo '== format'
dotnet restore TinyNet.sln --verbosity quiet
# Layout only: names, usings and language habits are checked by the build.
dotnet format whitespace TinyNet.sln --no-restore --verify-no-changes

echo '== build'
dotnet build TinyNet.sln -c Release --no-restore --verbosity quiet

echo '== inlining'
if [[ $(uname -m) == x86_64 ]]; then dotnet run --project TinyNet.Bench -c Release --no-build -- inlining; fi

echo '== test'
dotnet test TinyNet.sln -c Release --no-build --verbosity quiet

echo '== test without fused multiply-adds'
DOTNET_EnableAVX2=0 dotnet test TinyNet.Tests -c Release --no-build --verbosity quiet

echo '== native'
eng/native.sh

echo '== packages'
eng/packages.sh --no-build

echo '== ok'
