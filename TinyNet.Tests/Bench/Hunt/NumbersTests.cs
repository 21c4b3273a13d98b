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

    /// <summary>
    /// Found with other seeds: operations that were wrong there, or that the campaign took for wrong. The seed of a case says what it is as
    /// long as its row draws the same.
    /// </summary>
    [Theory]
    [InlineData("BatchNorm2d", 12001336)]
    [InlineData("BatchNorm1d", 13002334)]
    [InlineData("BatchNorm1d", 13001836)]
    [InlineData("Tensor.InstanceNorm", 21007785)]
    [InlineData("LayerNorm", 31010022)]
    [InlineData("Tensor.BatchNorm", 32002671)]
    [InlineData("Tensor.InstanceNorm", 33004999)]
    [InlineData("LayerNorm", 33008202)]
    [InlineData("Tensor.MatMul", 21013408)]
    [InlineData("Tensor.Convolve", 32019593)]
    [InlineData("Tensor.Variance", 31009776)]
    [InlineData("Tensor.Variance", 33001648)]
    [InlineData("Tensor.Norm", 11001921)]
    [InlineData("Tensor.Norm", 33017757)]
    [InlineData("Tensor.Norm", 33014769)]
    [InlineData("Tensor.Resize(Double, Interpolation, Boolean)", 32018604)]
    [InlineData("Tensor.Exp", 32016535)]
    public void A_case_is_right(string subject, int caseSeed) =>
        Assert.Empty(NumbersCampaign.Run(NumberTable.Rows.Single(row => row.Subject == subject), caseSeed));

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
