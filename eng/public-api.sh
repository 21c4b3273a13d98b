#!/usr/bin/env bash
# Writes what is public in the libraries into their files PublicAPI.Unshipped.txt, a line a member.
#
# The build compares these files with the code and fails on any difference (RS0016: public, but not in a file; RS0017: in a file, but
# not public), so that a change of the public API is seen in the diff. Run this script after such a change, and look at what it changed.
# PublicAPI.Shipped.txt is for what a release has promised: move the lines there when one goes out; this script leaves them alone.
# A member that was shipped and is gone stays there, and the build asks for a line with *REMOVED* in the other file.
# usage: eng/public-api.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

log=$folder/build.log
report=$folder/report.sarif
dotnet restore TinyNet.sln --verbosity quiet

# In the order of the arrows between them: each is compiled alone, against those it uses.
for library in TinyNet.Core TinyNet.Autograd TinyNet.Layers TinyNet.Data TinyNet.Images TinyNet.Training TinyNet.Analysis TinyNet.Plots TinyNet.Ilgpu; do
  file=$library/PublicAPI.Unshipped.txt
  echo '#nullable enable' >"$file"
  # With nothing in the file, every public member is reported, and with it the line that it needs.
  dotnet build "$library" -c Release --no-restore --no-incremental --verbosity quiet -p:BuildProjectReferences=false \
    -p:TreatWarningsAsErrors=false "-p:ErrorLog=$report%2Cversion=2.1" >"$log" 2>&1 || { grep ' error ' "$log" | sort -u >&2; exit 1; }
  # The report is JSON with each property in a line of its own.
  sed -n 's/^ *"APIName": "\(.*\)",\{0,1\}$/\1/p' "$report" | sed 's/\\\(["\\]\)/\1/g' | LC_ALL=C sort -u >>"$file"
  echo "$library: $(($(wc -l <"$file") - 1)) members"
done
