using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Mapping;

/// <summary>What New-UserProfileMapping decides, and what imports by its mappings refuse.</summary>
public sealed class NewMappingTests : ConnectedTests
{
    [Fact]
    public void Each_decision_has_its_reason_beside_it()
    {
        var text = New("key,age,price,Age,on,since,zip,empty,kind\n1,2,1.50,a,true,2026-01-31,01234,,Number\n2,3,2.25,b,false,2026-02-01,2,,5\n", "-IdentifierColumn key");
        Assert.Equal(
            """
            {
              // From "users.csv". Correct what is not as intended: imports do what is written here.
              "identifierColumn": "key",  // specified
              // Columns that are not listed are text.
              "propertyType": {
                "age": "ExactNumber",  // a number in each of 2 rows
                "price": "ExactNumber.2",  // a number in each of 2 rows
                "Age": "Text",  // text
                "on": "ExactBoolean",  // true or false in each of 2 rows
                "since": "ExactDate",  // a date in each of 2 rows
                "zip": "Text",  // line 2 is not of the type of other rows
                "empty": "Text",  // no value in the first rows
                "kind": "Text"  // line 2 is not of the type of other rows
              }
            }

            """.ReplaceLineEndings("\n"),
            string.Concat(text.Split('\n').Where(line => !line.Contains("$schema", StringComparison.Ordinal)).Select(line => line + "\n"))[..^1]);
        Assert.Contains("\"$schema\": \"file:///", text, StringComparison.Ordinal);
        Assert.True(File.Exists(new Uri(text.Split('"').Single(part => part.StartsWith("file:", StringComparison.Ordinal))).LocalPath));
    }

    [Fact]
    public void An_email_address_as_identifier_is_no_decision_of_the_file()
    {
        var text = New("email,a\na@b.io,1\n");
        Assert.Contains("  // \"identifierColumn\": \"email\", if it identifies the users.", text, StringComparison.Ordinal);
        Import().Succeeded();
        Assert.Equal("""{"email":"a@b.io","a":1}""", Service.Profiles["a@b.io"].GetRawText());
    }

    [Fact]
    public void Columns_of_a_saved_profile_stay_left_out()
    {
        var text = New("DistinctId,UpdatedAt,updatedat,a\n1,2026-01-31,2,3\n");
        Assert.Contains("  // \"identifierColumn\": \"DistinctId\" is recognized. Left out, as in a saved profile: 'UpdatedAt'.", text, StringComparison.Ordinal);
        Import().Succeeded();
        Assert.Equal("""{"updatedat":2,"a":3}""", Service.Profiles["1"].GetRawText());
    }

    [Fact]
    public void Columns_whose_names_differ_in_case_keep_their_types()
    {
        New("distinct_id,A,a\n1,2,x\n");
        Import().Succeeded();
        Assert.Equal("""{"A":2,"a":"x"}""", Service.Profiles["1"].GetRawText());
    }

    [Theory]
    [InlineData("n", "007", "a number without leading zeros, trailing zeros or similar", "a number in another form")]
    [InlineData("n", "many", "a number without leading zeros, trailing zeros or similar", "text")]
    [InlineData("n", "2026-01-31", "a number without leading zeros, trailing zeros or similar", "a date")]
    [InlineData("n", "1.50", "a number without leading zeros, trailing zeros or similar", "a number in another form")]
    [InlineData("p", "1.500", "a number with 2 decimals, without leading zeros", "a number in another form")]
    [InlineData("b", "yes", "true or false", "text")]
    [InlineData("b", "1", "true or false", "a number")]
    [InlineData("d", "20260131", "an ISO 8601 date such as 2026-01-31 or 2026-01-31T12:00:00Z", "a number")]
    [InlineData("d", "31.01.2026", "an ISO 8601 date such as 2026-01-31 or 2026-01-31T12:00:00Z", "text")]
    public void What_drifts_is_an_error_that_names_column_row_and_types(string column, string cell, string needed, string held)
    {
        New("distinct_id,n,p,b,d\n1,2,1.50,true,2026-01-31\n");
        Folder.Write("users.csv", "distinct_id,n,p,b,d\n1,2,1.50,true,2026-01-31\n" + Row(column, cell));
        var result = Import();
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("UnsupportedValue,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith($"users.csv, line 3: The column '{column}' requires {needed}, but the cell holds {held}.", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), ((long)result.Value("Accepted")!, (long)result.Value("Rejected")!));
    }

    [Fact]
    public void A_column_that_is_missing_later_is_an_error_with_its_line_in_the_mapping()
    {
        New("distinct_id,a,b\n1,2,3\n");
        Folder.Write("users.csv", "distinct_id,b\n1,2\n");
        var error = Assert.Single(Import().Errors);
        Assert.StartsWith("ColumnNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"The mapping '{Folder.File("mapping.json")}', line 7, member 'propertyType': ", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(0, Service.Requests);
    }

    [Theory]
    [InlineData("ExactNumber.0")]
    [InlineData("ExactNumber.16")]
    [InlineData("ExactNumber.x")]
    [InlineData("ExactDate.2")]
    [InlineData("8")]
    public void There_are_no_other_exact_types(string type)
    {
        var file = Folder.Write("users.csv", "distinct_id,a\n1,2\n");
        var error = Assert.Single(Session.Run("Import-UserProfileCsv $file -PropertyType @{ a = $type }", new { file, type }).Errors);
        Assert.StartsWith("InvalidPropertyType,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static string Row(string column, string cell) =>
        string.Join(',', new[] { "2" }.Concat(new[] { "n", "p", "b", "d" }.Select(name => name == column ? cell : ""))) + "\n";

    private string New(string table, string parameters = "")
    {
        Folder.Write("users.csv", table);
        Session.Run($"New-UserProfileMapping $file {parameters} -DestinationPath $mapping", Paths).Succeeded();
        return File.ReadAllText(Folder.File("mapping.json"));
    }

    private ScriptResult Import() => Session.Run("Import-UserProfileCsv $file -MappingPath $mapping -WarningAction SilentlyContinue", Paths);

    private object Paths => new { file = Folder.File("users.csv"), mapping = Folder.File("mapping.json") };
}
