namespace TinyNet.Tests.Architecture;

/// <summary>What the tests of folders see in a source, and what they miss on purpose.</summary>
public class FolderArrowsTests
{
    private static readonly SourceFile Kernel = new(
        "Kernels/Kernel.cs", "namespace N; internal sealed class Kernel { public static int Size; }");
    private static readonly SourceFile Pair = new(
        "Kernels/Pair.cs", "internal readonly record struct Pair<TFirst, TSecond>(TFirst First, TSecond Second);");
    private static readonly SourceFile Rule = new("Kernels/Rule.cs", "internal delegate List<int> Rule<T>(T x) where T : struct;");

    private static readonly SourceFile Measures = new(
        "Kernels/Measures.cs",
        """
        static class Measures
        {
            extension(Tensor x)
            {
                public float Norm(int p) => Helped(p);
                public List<float> Norms<T>() where T : struct { int Inner(int y) { return y; } return [Inner(1)]; }
            }

            public static int Extent(this Tensor x) => x.Outer(1);
            private static int Helped(int p) => p;
        }
        """);

    [Theory]
    [InlineData("class A : Kernel { }")]
    [InlineData("class A(int x) : Kernel(x);")]
    [InlineData("class A { Kernel? _kernel; }")]
    [InlineData("class A { List<Kernel> _kernels; }")]
    [InlineData("class A { int Size => Kernel.Size; }")]
    [InlineData("class A { object B() => new Kernel(); }")]
    [InlineData("class A { bool B(object x) => x is Kernel; }")]
    [InlineData("class A { bool B(object x) => x is Kernel { Size: 1 }; }")]
    [InlineData("class A<T> where T : Kernel { }")]
    [InlineData("class A { void B(Kernel kernel) { } }")]
    [InlineData("class A { Type B => typeof(Kernel); }")]
    [InlineData("class A { string B => $\"size {Kernel.Size}\"; }")]
    [InlineData("class A { string B => $\"\"\"size {Kernel.Size}\"\"\"; }")]
    [InlineData("class A { object B => TinyNet.Core.Kernel.Size; }")]
    [InlineData("using B = TinyNet.Core.Kernel; class A { }")]
    [InlineData("class A { Pair<int, List<int>> _pair; }")]
    [InlineData("class A { Rule<float>? _rule; }")]
    [InlineData("delegate Kernel A(int x);")]
    [InlineData("class A { char _brace = '\"'; Kernel? _kernel; }")]
    [InlineData("class A { string _path = @\"C:\\\"; Kernel? _kernel; }")]
    public void A_use_is_found(string source) => Assert.NotEmpty(Uses(source));

    [Theory]
    [InlineData("class A { float B(Tensor x) => x.Norm(2); }")]
    [InlineData("class A { float B(Tensor? x) => x?.Norms<float>()[0] ?? 0; }")]
    [InlineData("class A { int B(Tensor x) { return x.Sub[1].Extent(); } }")]
    public void A_call_of_an_extension_is_found(string source) => Assert.NotEmpty(Uses(source));

    [Theory]
    [InlineData("class A { float Norm(int p) => 1; float B(A x) => x.Norm(2); }")]
    [InlineData("class A { float B(Tensor x) => x.Norm; }")]
    [InlineData("class A { float B(int x) => Norm(x); float Norm; }")]
    [InlineData("class A { int B(C x) => x.Helped(1); }")]
    [InlineData("class A { int B(C x) => x.Inner(1) + x.Outer(1); }")]
    [InlineData("static class A { static int Extent(this C x) => 1; static int B(C x) => x.Extent(); }")]
    [InlineData("class A { float B(C x) => x.Extent(); } interface C { int Extent(); }")]
    public void What_only_looks_like_a_call_of_an_extension_is_none(string source) => Assert.Empty(Uses(source));

    [Fact]
    public void A_method_from_elsewhere_may_be_meant()
    {
        SourceFile[] files = [Measures, new("Words/Word.cs", "class Word { float B(Tensor x) => x.Norm(2); }")];

        Assert.Equal(["calls Norm()"], FolderArrows.Uses(files).Select(use => use.What));
        Assert.Empty(FolderArrows.Uses(files, new HashSet<string> { "Norm" }));
    }

    [Theory]
    [InlineData("/// <see cref=\"Kernel\"/>\nclass A { } // Kernel")]
    [InlineData("class A { /* Kernel */ }")]
    [InlineData("class A { string B => \"Kernel\"; }")]
    [InlineData("class A { string B => @\"a \"\"Kernel\"\" \"; }")]
    [InlineData("class A { string B => $\"{{Kernel}} {1}\"; }")]
    [InlineData("class A { string B => $$\"\"\"{Kernel}\"\"\"; }")]
    [InlineData("#region Kernel\nclass A { }\n#endregion")]
    [InlineData("class A { void Kernel() { } void B() => Kernel(); }")]
    [InlineData("class A { int Kernel { get; set; } }")]
    [InlineData("class A { object B => new C { Kernel = 1 }; }")]
    [InlineData("class A { int B => C.Kernel; }")]
    [InlineData("class A { class Kernel; Kernel? _kernel; }")]
    [InlineData("class A { Pair<int> _pair; Rule _rule; }")]
    public void What_only_looks_like_a_use_is_none(string source) => Assert.Empty(Uses(source));

    [Fact]
    public void A_forbidden_use_is_told_with_file_line_and_type()
    {
        var arrows = new FolderArrows(new Dictionary<string, string[]> { ["Kernels"] = [], ["Words"] = [] });

        Assert.Equal(
            ["Words/Word.cs(3): names Kernel of Kernels, which Words may not use"],
            arrows.Faults([Kernel, new SourceFile("Words/Word.cs", "namespace N;\n\nclass Word : Kernel { }")]));
    }

    [Fact]
    public void An_allowed_use_is_none_of_the_faults()
    {
        var word = new SourceFile("Words/Word.cs", "class Word : Kernel { }");

        Assert.Empty(
            new FolderArrows(new Dictionary<string, string[]> { ["Kernels"] = [], ["Words"] = ["Kernels"] }).Faults([Kernel, word]));
        Assert.Empty(new FolderArrows(new Dictionary<string, string[]> { ["Kernels, Words"] = [] }).Faults([Kernel, word]));
        Assert.Empty(new FolderArrows(
            new Dictionary<string, string[]> { ["Kernels"] = [], ["Words"] = [] },
            new Dictionary<string, string[]> { ["Words/Word.cs"] = ["Kernels"] }).Faults([Kernel, word]));
    }

    [Fact]
    public void A_circle_in_the_table_is_a_fault()
    {
        var word = new SourceFile("Words/Word.cs", "class Word;");
        var arrows = new FolderArrows(new Dictionary<string, string[]> { ["Kernels"] = ["Words"], ["Words"] = ["Kernels"] });

        Assert.Equal(["Kernels: the table allows a circle", "Words: the table allows a circle"], arrows.Faults([Kernel, word]));
    }

    [Fact]
    public void A_folder_without_a_row_and_a_row_without_a_folder_are_faults()
    {
        var arrows = new FolderArrows(new Dictionary<string, string[]> { ["Words"] = [] });

        Assert.Equal(
            ["Kernels: the folder has no row in the table", "Words: the table names a folder that is not there"],
            arrows.Faults([Kernel]));
    }

    private static IEnumerable<FolderUse> Uses(string source) =>
        FolderArrows.Uses([Kernel, Pair, Rule, Measures, new SourceFile("Words/Word.cs", source)]);
}
