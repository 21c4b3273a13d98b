#!/usr/bin/env bash
# Packs the libraries, and lets programs outside of the repository that know nothing but the packages run the example of README.md and
# docs/digits.cs.
# usage: eng/packages.sh [--no-build]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

libraries=(TinyNet.Core TinyNet.Autograd TinyNet.Layers TinyNet.Data TinyNet.Images TinyNet.Training TinyNet.Analysis TinyNet.Plots TinyNet.Ilgpu)
most_bytes_of_core=500000

fail() { echo "packages: $1" >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packages=$folder/packages
consumer=$folder/consumer
turned=$PWD/TinyNet.Tests/Images/Samples/upright-6.jpg
mkdir "$packages" "$consumer"

dotnet pack TinyNet.sln -c Release --output "$packages" --verbosity quiet -clp:NoSummary "$@"

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
expected=$(for library in "${libraries[@]}"; do echo "$library.$version.nupkg"; echo "$library.$version.snupkg"; done | sort)
found=$(ls "$packages" | sort)
[[ $found == "$expected" ]] || fail "packed are: $(echo $found)"
bytes=$(wc -c <"$packages/TinyNet.Core.$version.nupkg")
((bytes < most_bytes_of_core)) || fail "TinyNet.Core has $bytes bytes"

# The packages that TinyNet needs are beside the others, so that nothing comes from elsewhere; and the folder of restored packages
# is new, so that no older TinyNet of the same version is used.
restored=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
cp "$restored"/{system.numerics.tensors,sixlabors.imagesharp,scottplot,skiasharp*,harfbuzzsharp*,ilgpu*}/*/*.nupkg "$packages"
# The compiler to machine code too, if eng/native.sh has fetched it.
compilers=$(ls "$restored"/*{ilcompiler,illink.tasks,app.runtime*.linux-x64}/*/*.nupkg 2>/dev/null || true)
export NUGET_PACKAGES=$folder/restored

cat >"$consumer/Consumer.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <UseAppHost>false</UseAppHost>
    <RestoreSources>$packages</RestoreSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="TinyNet.Images" Version="$version" />
    <PackageReference Include="TinyNet.Training" Version="$version" />
    <PackageReference Include="TinyNet.Plots" Version="$version" />
    <PackageReference Include="TinyNet.Ilgpu" Version="$version" />
    <Using Include="TinyNet.Core;TinyNet.Autograd;TinyNet.Layers;TinyNet.Data;TinyNet.Images;TinyNet.Training" />
    <Using Include="TinyNet.Analysis;TinyNet.Plots" />
  </ItemGroup>
</Project>
PROJECT

{
  # The first example of README.md.
  awk 'inside && /^```$/ { exit } inside { print } /^```csharp$/ { inside = 1 }' README.md
  # A JPEG file that EXIF turns: the decoder reads EXIF by reflection.
  echo 'var turned = ImageFile.Load(args[0]).Shape;'
  echo 'Console.WriteLine($"an image that EXIF turns: {turned}");'
  # A figure, which needs the native library beside the program.
  echo 'var line = new Line("squares", [1, 2, 3], [1, 4, 9]);'
  echo 'new Figure("Squares", new Panel("", new Axis("x"), new Axis("y"), line)).SavePng("figure.png", width: 320, height: 200);'
  echo 'var drawn = ImageFile.Load("figure.png").Shape;'
  echo 'Console.WriteLine($"a figure: {drawn}");'
  echo 'Console.WriteLine($"the packages learn the digits: test accuracy {accuracy:F4}");'
  echo 'return accuracy > 0.9 && turned == new Shape(3, 16, 24) && drawn == new Shape(3, 200, 320) ? 0 : 1;'
} >"$consumer/Program.cs"

(cd "$consumer" && dotnet build -c Release --output "$folder/program" --verbosity quiet -clp:NoSummary)
(cd "$folder" && dotnet program/Consumer.dll "$turned") || fail "the program that uses the packages failed"

# The program of one file, whose build leaves nothing in the folders of the user.
mkdir "$folder/one-file" "$folder/data"
cp docs/digits.cs "$folder/one-file"
(cd "$folder/one-file" && XDG_DATA_HOME=$folder/data RestoreSources=$packages dotnet run digits.cs) >"$folder/one-file/log" 2>&1 \
  || { cat "$folder/one-file/log" >&2; fail "docs/digits.cs failed"; }
if grep -i 'warning' "$folder/one-file/log" >&2; then fail 'docs/digits.cs is built with warnings'; fi
grep 'test accuracy 0\.9' "$folder/one-file/log" || fail 'docs/digits.cs has not learned'

# As machine code it has to find the registers of AVX2, of which NativeAOT knows by the package alone.
if [[ $compilers == *runtime.linux-x64.microsoft.dotnet.ilcompiler* ]] && command -v clang >/dev/null && grep -q avx2 /proc/cpuinfo; then
  cp $compilers "$packages"
  sed -i 's/^return .*/return new CpuDevice().LaneBits >= 256 \&\& turned == new Shape(3, 16, 24) \&\& drawn == new Shape(3, 200, 320) ? 0 : 1;/' "$consumer/Program.cs"
  (cd "$consumer" && dotnet publish -c Release -r linux-x64 -p:PublishAot=true --output "$folder/native" --verbosity quiet -clp:NoSummary)
  (cd "$folder" && native/Consumer "$turned") || fail "a program compiled to machine code computes with less than 256 bits, or reads no EXIF"
else
  echo 'packages: not tried with NativeAOT, as that needs what eng/native.sh needs, and what it fetches'
fi

for library in "${libraries[@]}"; do
  content=$NUGET_PACKAGES/${library,,}/$version
  for file in README.md CHANGELOG.md LICENSE "lib/net10.0/$library.dll" "lib/net10.0/$library.xml"; do
    [[ -s $content/$file ]] || fail "$library has no $file"
  done
done
[[ -s $NUGET_PACKAGES/tinynet.core/$version/buildTransitive/TinyNet.Core.targets ]] || fail "TinyNet.Core has no buildTransitive targets"
for library in TinyNet.Data TinyNet.Analysis TinyNet.Plots; do
  [[ -s $NUGET_PACKAGES/${library,,}/$version/THIRD-PARTY-NOTICES.md ]] || fail "$library has no THIRD-PARTY-NOTICES.md"
done

(cd "$packages" && wc -c TinyNet.*.nupkg | sed '$d')
