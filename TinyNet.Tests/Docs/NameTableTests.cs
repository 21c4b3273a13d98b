using System.Reflection;
using System.Text.RegularExpressions;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Ilgpu;
using TinyNet.Images;
using TinyNet.Tests.Architecture;
using TinyNet.Training;
using Module = TinyNet.Layers.Module;

namespace TinyNet.Tests.Docs;

/// <summary>docs/from-pytorch.md and docs/names.md: what the second column of their tables names is there.</summary>
public class NameTableTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Type[] PublicTypes =
        [
            .. new[]
            {
                typeof(Tensor),
                typeof(Tape),
                typeof(Module),
                typeof(DataLoader),
                typeof(Accuracy),
                typeof(ImageFolder),
                typeof(IlgpuDevice),
            }.SelectMany(type => type.Assembly.GetExportedTypes()),
        ];

    // A name, its member, and the arguments that are named.
    private static readonly Regex Form = new(
        @"^(?<type>[A-Z]\w*)(?:<\w+(?:, \w+)*>)?(?:\.(?<member>[A-Z]\w*))?(?:\((?:[^()]*?(?<argument>\w+):)*[^()]*\))?$");

    public static TheoryData<string> Cells => [.. Rows().Select(row => row[1]).Distinct()];

    [Fact]
    public void The_tables_are_read() => Assert.True(Cells.Count > 100, $"{Cells.Count} cells");

    [Fact]
    public void Every_row_has_three_cells() => Assert.All(Rows(), row => Assert.Equal(3, row.Length));

    [Fact]
    public void A_name_is_looked_up_in_one_row() => Assert.Distinct(Rows().Select(row => row[0]));

    [Theory, MemberData(nameof(Cells))]
    public void What_the_table_names_exists(string cell)
    {
        string[] names = [.. Regex.Matches(cell, "`([^`]+)`").Select(match => match.Groups[1].Value)];
        Assert.True(names.Length > 0 || cell == "none", $"'{cell}' names nothing");
        Assert.All(names, name => Assert.True(Exists(name), $"there is no {name}"));
    }

    [Theory]
    [InlineData("Tensor.Exp", true)]
    [InlineData("Tensor.Concat", true)]
    [InlineData("Dense", true)]
    [InlineData("Dense.Freeze", true)]
    [InlineData("ModuleList<T>", true)]
    [InlineData("Module.AddParameter", true)]
    [InlineData("Tape.Record(detectAnomalies: true)", true)]
    [InlineData("Dense(bias: false)", true)]
    [InlineData("Metric<TOutput, TTarget>", true)]
    [InlineData("Tensor.Exponential", false)]
    [InlineData("Dense.Concat", false)]
    [InlineData("Linear", false)]
    [InlineData("Module.Claim", false)]
    [InlineData("Tape.Record(detectNans: true)", false)]
    [InlineData("exp", false)]
    public void A_name_that_does_not_exist_is_found(string name, bool exists) => Assert.Equal(exists, Exists(name));

    private static IEnumerable<string[]> Rows() => new[] { "docs/from-pytorch.md", "docs/names.md" }
        .SelectMany(page => Repository.Read(page).Split('\n'))
        .Where(line => line.StartsWith('|') && !Regex.IsMatch(line, @"^\|(---| PyTorch \|| before \|)"))
        .Select(line => Regex.Split(line.Trim()[1..^1], @"(?<!\\)\|").Select(cell => cell.Trim()).ToArray());

    private static bool Exists(string name)
    {
        var match = Form.Match(name);
        string member = match.Groups["member"].Value;
        var found = PublicTypes
            .Where(type => match.Success && type.Name.Split('`')[0] == match.Groups["type"].Value)
            .SelectMany(
                type => member.Length == 0
                    ? type.GetConstructors().Append((MemberInfo)type)
                    : Members(type).Where(declared => declared.Name == member))
            .ToArray();
        var arguments = match.Groups["argument"].Captures.Select(argument => argument.Value).ToArray();
        return arguments.Length == 0
            ? found.Length > 0
            : found.OfType<MethodBase>().Any(
                method => arguments.All(argument => method.GetParameters().Any(parameter => parameter.Name == argument)));
    }

    /// <summary>The members that a user of a type or a class that derives from it sees, extensions included.</summary>
    private static IEnumerable<MemberInfo> Members(Type type)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            foreach (var member in declaring.GetMembers(Declared).Where(IsVisible).Concat(Extensions(declaring)))
            {
                yield return member;
            }
        }
    }

    /// <summary>
    /// The compiler puts the members of an extension block into a nested type, whose own nested type has the method that shows the
    /// receiver.
    /// </summary>
    private static IEnumerable<MemberInfo> Extensions(Type receiver) =>
        from holder in PublicTypes
        from block in holder.GetNestedTypes(Declared)
        where block.GetNestedTypes(Declared).Prepend(block)
            .SelectMany(marker => marker.GetMethods(Declared))
            .Any(marker => marker.Name == "<Extension>$" && marker.GetParameters()[0].ParameterType == receiver)
        from member in block.GetMembers(Declared)
        where IsVisible(member)
        select member;

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetMethod is { } getter && IsVisible(getter),
        FieldInfo field => field.IsPublic,
        Type type => type.IsNestedPublic,
        _ => false,
    };
}
