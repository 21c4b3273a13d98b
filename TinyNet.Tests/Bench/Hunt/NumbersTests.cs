using TinyNet.Bench;

namespace TinyNet.Tests.Bench;

/// <summary>The campaign of numbers: what has rows.</summary>
public class NumbersTests
{
    [Fact]
    public void Everything_public_that_computes_has_a_row()
    {
        string[] subjects = [.. NumberTable.Subjects], rows = [.. NumberTable.Rows.Select(row => row.Subject)];

        Assert.True(subjects.Length > 150, $"{subjects.Length} subjects");
        Assert.True(!subjects.Except(rows).Any(), $"no row: {string.Join("; ", subjects.Except(rows))}");
        Assert.True(!rows.Except(subjects).Any(), $"no subject: {string.Join("; ", rows.Except(subjects))}");
    }
}
