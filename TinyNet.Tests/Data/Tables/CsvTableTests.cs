using System.Globalization;
using System.Text;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Tables of numbers, classes and targets.</summary>
public class CsvTableTests
{
    private const string Flowers =
        "length,width,\"the \"\"species\"\"\"\n5.1,3.5,setosa\n-7e-1 , 3.2,\"versi, \ncolor\"\n\r\n\"4.9\",3,setosa";

    [Fact]
    public void Classes_are_a_column_by_name_or_place_and_the_others_features()
    {
        var table = Load(Flowers);
        foreach (var data in new[] { table.ToClassification("the \"species\""), table.ToClassification(2), table.ToClassification(^1) })
        {
            Assert.Equal(["setosa", "versi, \ncolor"], data.ClassNames.ToArray());
            Assert.Equal([0, 1, 0], data.Labels.ToArray());
            Assert.Equal([5.1f, 3.5f, -0.7f, 3.2f, 4.9f, 3f], data.Features.ToArray());
            Assert.Equal([2], data.SampleShape.ToArray());
        }
    }

    [Fact]
    public void Targets_are_columns_and_the_others_features()
    {
        var table = Load("x,price,y,size\n1,2,3,4\n5,6,7,8\n");
        var (features, targets) = table.ToRegression("price", ^1).Load(1, 0);

        Assert.Equal(("[2, 2]", "[2, 2]"), ($"{features.Shape}", $"{targets.Shape}"));
        Assert.Equal([5f, 7f, 1f, 3f], features.ToArray());
        Assert.Equal([6f, 8f, 2f, 4f], targets.ToArray());
        Assert.Equal("[2, 1]", $"{table.ToRegression("price").Load(0, 1).Targets.Shape}");
        Refusal.Of<ArgumentException>(() => table.ToRegression(), "a column of targets");
        Refusal.Of<DataFormatException>(() => table.ToRegression(0, 1, 2, 3), "columns of features");
    }

    [Fact]
    public void Columns_are_chosen_and_left_out()
    {
        var table = Load("id,x,y,z\n7,1,2,3\n8,4,5,6\n");

        Assert.Equal(["z", "x"], table.Select("z", 1).ColumnNames.ToArray());
        Assert.Equal([3f, 1f, 6f, 4f], table.Select("z", 1).Numbers("z", "x"));
        Assert.Equal([1f, 2f, 4f, 5f], table.Without("id").ToClassification("z").Features.ToArray());
        Assert.Equal(["7", "8"], table.Texts("id"));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Without_a_header_columns_have_numbers()
    {
        var table = Load("1;2\n3;4", hasHeader: false, delimiter: ';');

        Assert.Equal(["1", "2"], table.ColumnNames.ToArray());
        Assert.Equal([1f, 2f, 3f, 4f], table.Numbers(0, 1));
    }

    [Fact]
    public void Classes_that_are_numbers_go_by_size_and_others_by_their_characters()
    {
        Assert.Equal(["-1", "2", "10"], Load("x,c\n0,10\n0,2\n0,-1").ToClassification("c").ClassNames.ToArray());
        Assert.Equal(["10", "2", "b"], Load("x,c\n0,10\n0,b\n0,2").ToClassification("c").ClassNames.ToArray());
    }

    [Fact]
    public void The_classes_of_another_table_keep_their_order()
    {
        var test = Load("x,c\n0,b\n1,a").ToClassification("c", ["b", "unseen", "a"]);

        Assert.Equal([0, 2], test.Labels.ToArray());
        Refusal.Of<DataFormatException>(() => Load("x,c\n0,d").ToClassification("c", ["a"]), "line 2, column 'c'", "'d'");
    }

    /// <summary>A decimal comma, blanks between thousands or a comma in a language must not matter.</summary>
    [Fact]
    public void Numbers_are_the_same_in_every_language()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture.NumberFormat.NumberGroupSeparator = ".";
            CultureInfo.CurrentCulture.NumberFormat.NegativeSign = "~";
            Assert.Equal([1.5f, -1000f], Load("x\n1.5\n-1000").Numbers("x"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("x,y\n1,2\n3,\n", "line 3, column 'y'", "nothing")]
    [InlineData("x,y\n1,2\n\n\"\",4\n", "line 4, column 'x'", "nothing")]
    [InlineData("x,y\n\"1\n\",2\n3,NA", "line 4, column 'y'", "'NA'")]
    [InlineData("x,y\n1,nan", "line 2, column 'y'", "'nan'")]
    [InlineData("x,y\n1,-Infinity", "line 2, column 'y'", "'-Infinity'")]
    [InlineData("x,y\n1,1e39", "line 2, column 'y'", "'1e39'")]
    [InlineData("x,y\n1,\"1,5\"", "line 2, column 'y'", "'1,5'")]
    [InlineData("x,y\n1,2\n3\n", "line 3", "1")]
    [InlineData("x,y\n1,2,3\n", "line 2", "3")]
    [InlineData("x,y\n1,\"2\n3,4\n", "line 2, column 2", "the end of the file")]
    [InlineData("x,y\n1,\"2\"3\n", "line 2, column 2", "'3'")]
    [InlineData("x,y\n", "line 1", "the end of the file")]
    [InlineData("", "line 1", "the end of the file")]
    [InlineData("x,z\n1,2", "line 1", "2 columns, 'x', 'z'")]
    [InlineData("x,y,y\n1,2,3", "line 1", "several; choose by the place")]
    public void What_is_wrong_is_refused_by_line_and_column(string text, string place, string found)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(new CaseFile("t.csv", Encoding.UTF8.GetBytes(text)));
        var refusal = Assert.Throws<DataFormatException>(() => CsvTable.Load(path).Numbers("x", "y"));

        Assert.Equal((path, place, found), (refusal.File, refusal.Place, refusal.Found));
    }

    [Fact]
    public void A_missing_class_and_missing_features_are_refused()
    {
        Refusal.Of<DataFormatException>(() => Load("x,c\n1,a\n2,").ToClassification("c"), "line 3, column 'c'", "a class", "nothing");
        Refusal.Of<DataFormatException>(() => Load("c\na").ToClassification("c"), "columns of features beside 'c'");
        Refusal.Of<DataFormatException>(() => Load("lenght,c\n1,a").Numbers("length"), "did you mean 'lenght'?");
        Refusal.Of<DataFormatException>(() => Load("x,c\n1,a").Numbers(2), "a column at 2");
        Refusal.Of<ArgumentException>(() => Load("x", delimiter: '"'), "delimiter");
    }

    [Fact]
    public void A_wrong_delimiter_is_hinted_at_where_there_is_one_column()
    {
        const string hint = "give CsvTable.Load the delimiter";
        Refusal.Of<DataFormatException>(() => Load("x;c\n1;a").ToClassification("c"), "a column 'c'", "the one column 'x;c'", hint);
        Refusal.Of<DataFormatException>(() => Load("x;c\n1;a").Numbers(1), "a column at 1", "the one column 'x;c'", hint);
        Refusal.Of<DataFormatException>(() => Load("x;c\n1;a").ToClassification(^1), "beside 'x;c'", hint);
        Refusal.Of<DataFormatException>(() => Load("x;c\n1,5;a"), "line 2", hint);
        var many = Refusal.Of<DataFormatException>(() => Load($"{string.Join(",", Enumerable.Range(10, 30))}\n{string.Join(",",
            Enumerable.Range(0, 30))}").Numbers("x"), "30 columns, '10', '11'", "'29', …");
        Assert.DoesNotContain(hint, many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused_and_a_mark_of_utf8_is_no_part_of_a_name()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(new CaseFile("t.csv", [0x78, 0x0A, 0x31, 0xFF]));
        Assert.Equal("byte 3", Assert.Throws<DataFormatException>(() => CsvTable.Load(path)).Place);
        path = folder.Write(new CaseFile("t.csv", [0xEF, 0xBB, 0xBF, .. "x\n1"u8]));

        Assert.Equal([1f], CsvTable.Load(path).Numbers("x"));
    }

    private static CsvTable Load(string text, bool hasHeader = true, char delimiter = ',')
    {
        using var folder = new TemporaryFolder();
        return CsvTable.Load(folder.Write(new CaseFile("t.csv", Encoding.UTF8.GetBytes(text))), hasHeader, delimiter);
    }
}
