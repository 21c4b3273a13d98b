using TinyNet.Bench;

namespace TinyNet.Tests.Bench;

/// <summary>The campaign of files: that its files are valid, and a short run of it. Checkpoints bring the default random numbers back.</summary>
[Collection(GlobalState.Name)]
public class FilesTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    public static TheoryData<string> Rows => [.. FileRow.All.Select(row => row.Name)];

    [Theory, MemberData(nameof(Rows))]
    public void The_files_of_a_row_are_valid(string name)
    {
        var row = FileRow.All.Single(row => row.Name == name);
        for (int seed = 0; seed < 5; seed++)
        {
            var files = row.Make(new Random(seed));
            using var folder = new TemporaryFolder(row.Pack is null ? files : row.Pack(files));
            row.Read(folder.Root);
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void No_reader_is_wrong(int seed)
    {
        using var campaign = new FilesCampaign();
        FileFault[] faults = [.. campaign.Run(seed, 20 * FileRow.All.Count, FileRow.All)];

        Assert.True(faults.Length == 0, string.Join('\n', faults.Take(20)));
        Assert.InRange(campaign.ReadCases, 1, 20 * FileRow.All.Count - 1);
    }
}
