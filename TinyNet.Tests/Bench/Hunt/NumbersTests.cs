using TinyNet.Bench;

namespace TinyNet.Tests.Bench;

/// <summary>The campaign of numbers: what has rows, and a short run of it.</summary>
public class NumbersTests
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Everything_public_that_computes_has_a_row()
    {
        string[] subjects = [.. NumberTable.Subjects], rows = [.. NumberTable.Rows.Select(row => row.Subject)];

        Assert.True(subjects.Length > 150, $"{subjects.Length} subjects");
        Assert.True(!subjects.Except(rows).Any(), $"no row: {string.Join("; ", subjects.Except(rows))}");
        Assert.True(!rows.Except(subjects).Any(), $"no subject: {string.Join("; ", rows.Except(subjects))}");
    }

    [Theory, MemberData(nameof(Seeds))]
    public void No_row_is_wrong(int seed)
    {
        NumberFault[] faults =
        [
            .. NumbersCampaign.Run(seed, NumberTable.Rows.Count, NumberTable.Rows).DistinctBy(fault => fault.Seed),
        ];

        Assert.True(faults.Length == 0, string.Join('\n', faults.Take(20)));
    }
}
