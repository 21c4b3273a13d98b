#!/usr/bin/env bash
# Publishes the examples with NativeAOT, where a C toolchain is there, and sees that they train to the weights of the JIT.
# usage: eng/native.sh, after a Release build
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

if [[ $(uname -sm) != 'Linux x86_64' ]] || ! command -v clang >/dev/null; then
  echo 'native: not tried, as it needs Linux on x64 and clang'
  exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet publish TinyNet.Examples -c Release -r linux-x64 -p:PublishAot=true --artifacts-path "$folder/build" --output "$folder/app" \
  --verbosity quiet -clp:NoSummary

# Images are read, one that EXIF turns among them.
"$folder/app/TinyNet.Examples" train digits --epochs 1 --report --out "$folder/run" >"$folder/log"
"$folder/app/TinyNet.Examples" predict "$folder/run" TinyNet.Tests/Images/Samples/gray.png TinyNet.Tests/Images/Samples/upright-6.jpg

# TinyNet.Analysis: the report, with the page's script in it, and a study.
grep --quiet echarts "$folder/run/report.html" || { echo 'native: the report has no figures' >&2; exit 1; }
"$folder/app/TinyNet.Examples" analyze vanishing --names sigmoid --out "$folder/study.html" >"$folder/log"
grep --quiet 'vanish' "$folder/log" || { echo 'native: the study finds nothing' >&2; exit 1; }

# The weights are the same for a width of registers: the package asks for those of AVX2.
train=(train digits --epochs 3 --lanes 256)
compiled=$("$folder/app/TinyNet.Examples" "${train[@]}" | grep sha256)
expected=$(dotnet run --project TinyNet.Examples -c Release --no-build -- "${train[@]}" | grep sha256)
[[ $compiled == "$expected" ]] || { echo "native: $compiled, but by the JIT $expected" >&2; exit 1; }
echo "native: $(wc -c <"$folder/app/TinyNet.Examples") bytes, $compiled as by the JIT"
