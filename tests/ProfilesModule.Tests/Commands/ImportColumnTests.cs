using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>What the columns of a file become: their types, their names, their blanks.</summary>
public sealed class ImportColumnTests : ConnectedTests
{
    [Fact]
    public void Text_stays_as_it_is() => Cells("-PropertyType @{ v = 'Text' }", ("007", "\"007\""), ("true", "\"true\""), (" x ", "\" x \""), ("2026-01-31", "\"2026-01-31\""), ("[1]", "\"[1]\""));

    [Fact]
    public void Numbers_are_exact() => Cells(
        "-PropertyType @{ v = 'number' }",
        ("0", "0"),
        ("-0", "-0"),
        ("007", "7"),
        ("+5", "5"),
        (" 12 ", "12"),
        ("-12.50", "-12.50"),
        (".5", "0.5"),
        ("5.", "5"),
        ("00.10", "0.10"),
        ("1e5", "1e5"),
        ("1.5E-7", "1.5E-7"),
        ("9223372036854775808", "9223372036854775808"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0.1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890"),
        ("1e308", "1e308"),
        ("1e309", null),
        ("1,5", null),
        ("1,234", null),
        ("1 234", null),
        ("0x10", null),
        ("1e", null),
        ("1e+", null),
        ("-", null),
        (".", null),
        ("", ""),
        (" ", null),
        ("NaN", null),
        ("Infinity", null),
        ("--1", null),
        ("1-", null),
        ("(1)", null),
        ("$1", null),
        ("twelve", null),
        ("١٢", null));

    [Theory]
    [InlineData("de-DE", "1.234.567,89", "1234567.89")]
    [InlineData("de-DE", "1,5", "1.5")]
    [InlineData("de-DE", "-1.234", "-1234")]
    [InlineData("de-DE", "1.5", null)]
    [InlineData("de-DE", "1.2345", null)]
    [InlineData("de-DE", "1234.567", null)]
    [InlineData("de-DE", ".123", null)]
    [InlineData("de-DE", "1.", null)]
    [InlineData("de-DE", "1,234.5", null)]
    [InlineData("de-CH", "1'234.5", "1234.5")]
    [InlineData("de-CH", "1’234.5", "1234.5")]
    [InlineData("fr-FR", "1 234,5", "1234.5")]
    [InlineData("fr-FR", "1\u00A0234,5", "1234.5")]
    [InlineData("fr-FR", "1\u202F234,5", "1234.5")]
    [InlineData("en-US", "1,234.5", "1234.5")]
    [InlineData("en-US", "1,23", null)]
    [InlineData("en-IN", "12,34,567", "1234567")]
    [InlineData("en-IN", "1,234,567", null)]
    public void Numbers_are_written_as_a_culture_says(string culture, string cell, string? json) => Cells($"-PropertyType @{{ v = 'Number' }} -Culture {culture}", (cell, json));

    [Fact]
    public void Any_number_arrives_to_the_last_digit() =>
        Gen.OneOf(
            Gen.Decimal.Select(d => d.ToString(CultureInfo.InvariantCulture)),
            Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture)),
            Gen.Double.Where(double.IsFinite).Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
            Gen.Int[0, 9].Array[1, 60].Select(digits => BigInteger.Parse(string.Concat(digits), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)))
        .Array[1, 40].Sample(numbers => Cells("-PropertyType @{ v = 'Number' }", [.. numbers.Select(n => (n, (string?)n))]), iter: 20, threads: 1);

    [Fact]
    public void Booleans_have_their_usual_words() => Cells(
        "-PropertyType @{ v = 'Boolean' }",
        ("true", "true"),
        ("TRUE", "true"),
        (" yes ", "true"),
        ("On", "true"),
        ("1", "true"),
        ("y", "true"),
        ("t", "true"),
        ("false", "false"),
        ("No", "false"),
        ("off", "false"),
        ("0", "false"),
        ("n", "false"),
        ("f", "false"),
        ("2", null),
        ("wahr", null),
        ("-1", null),
        (" ", null));

    [Fact]
    public void Dates_are_those_of_iso_8601() => Cells(
        "-PropertyType @{ v = 'Date' }",
        ("2026-01-31", "\"2026-01-31\""),
        ("20260131", "\"2026-01-31\""),
        (" 2026-01-31 ", "\"2026-01-31\""),
        ("2026-01-31T00:00", "\"2026-01-31T00:00:00\""),
        ("20260131T000000", "\"2026-01-31T00:00:00\""),
        ("2026-01-31T12:30:15", "\"2026-01-31T12:30:15\""),
        ("2026-01-31 12:30:15.999", "\"2026-01-31T12:30:15\""),
        ("2026-01-31T12:30:15Z", "\"2026-01-31T12:30:15\""),
        ("2026-01-31T00:30:00+02:00", "\"2026-01-30T22:30:00\""),
        ("2026-01-31 12:30:15 -08:00", "\"2026-01-31T20:30:15\""),
        ("2024-02-29", "\"2024-02-29\""),
        ("2026-02-29", null),
        ("31.01.2026", null),
        ("01/31/2026", null),
        ("2026-1-31", null),
        ("2026-01", null),
        ("12:30", null),
        ("45321", null),
        ("2026-01-31T25:00:00", null),
        (new string('2', 500), null),
        ("soon", null));

    [Theory]
    [InlineData("de-AT", "31.01.2026", "2026-01-31")]
    [InlineData("de-AT", "3.1.2026", "2026-01-03")]
    [InlineData("de-AT", "31.01.2026 00:00", "2026-01-31T00:00:00")]
    [InlineData("de-AT", "31.01.2026 13:05", "2026-01-31T13:05:00")]
    [InlineData("fi-FI", "31.1.2026 0.00.00", "2026-01-31T00:00:00")]
    [InlineData("en-US", "1/2/2026", "2026-01-02")]
    [InlineData("en-GB", "1/2/2026", "2026-02-01")]
    [InlineData("en-US", "31/1/2026", null)]
    [InlineData("de-AT", "12:30", null)]
    [InlineData("de-AT", "5.3.", null)]
    public void Dates_are_written_as_a_culture_says(string culture, string cell, string? date) =>
        Cells($"-PropertyType @{{ v = 'Date' }} -Culture {culture}", (cell, date is null ? null : $"\"{date}\""));

    [Fact]
    public void Dates_have_the_formats_that_are_named_and_a_time_where_the_format_has_one() => Cells(
        "-PropertyType @{ v = 'Date' } -DateFormat 'dd.MM.yyyy', 'dd.MM.yyyy HH.mm', \"d. MMMM yyyy 'um' H 'h'\", \"'the 'd'th of' MMMM yyyy\" -TimeZone Europe/Vienna",
        ("31.01.2026", "\"2026-01-31\""),
        ("31.01.2026 00.00", "\"2026-01-30T23:00:00\""),
        ("31.07.2026 00.00", "\"2026-07-30T22:00:00\""),
        ("5. March 2026 um 0 h", "\"2026-03-04T23:00:00\""),
        ("the 5th of March 2026", "\"2026-03-05\""),
        ("2026-01-31", null),
        ("01.31.2026", null));

    [Fact]
    public void Times_without_an_offset_are_those_of_the_time_zone() => Cells(
        "-PropertyType @{ v = 'Date' } -TimeZone Europe/Vienna",
        ("2026-01-31", "\"2026-01-31\""),
        ("2026-01-31T00:00:00", "\"2026-01-30T23:00:00\""),
        ("2026-07-01T00:00:00", "\"2026-06-30T22:00:00\""),
        ("2026-07-01T00:00:00Z", "\"2026-07-01T00:00:00\""),
        ("2026-07-01T00:00:00-05:00", "\"2026-07-01T05:00:00\""),

        // The clocks go from 2 to 3 in spring, and from 3 back to 2 in autumn; the hour that comes twice is taken as winter time.
        ("2026-03-29T01:59:59", "\"2026-03-29T00:59:59\""),
        ("2026-03-29T02:30:00", null),
        ("2026-03-29T03:00:00", "\"2026-03-29T01:00:00\""),
        ("2026-10-25T01:59:59", "\"2026-10-24T23:59:59\""),
        ("2026-10-25T02:30:00", "\"2026-10-25T01:30:00\""),
        ("2026-10-25T02:30:00+02:00", "\"2026-10-25T00:30:00\""),
        ("2026-10-25T02:30:00+01:00", "\"2026-10-25T01:30:00\""));

    [Fact]
    public void A_time_zone_that_does_not_exist_is_refused() =>
        Assert.Contains("Europe/Nowhere", Session.Run("Import-UserProfileCsv a.csv -TimeZone Europe/Nowhere").Terminating!.Message, StringComparison.Ordinal);

    [Fact]
    public void Lists_are_set_apart_by_a_separator_or_json() => Cells(
        "-PropertyType @{ v = 'List' }",
        ("a;b", """["a","b"]"""),
        ("a", """["a"]"""),
        (" a ; b c ;; ", """["a","b c"]"""),
        (";", "[]"),
        ("1;2", """["1","2"]"""),
        ("""[1, "a;b", null]""", """[1,"a;b",null]"""),
        ("a, b", """["a, b"]"""),
        ("[1", null),
        ("[1] x", null));

    [Fact]
    public void Lists_may_have_a_separator_of_several_characters() => Cells("-PropertyType @{ v = 'List' } -ListSeparator ' | '", ("a | b|c", """["a","b|c"]"""), ("ž | 😀", """["ž","😀"]"""));

    [Fact]
    public void Json_is_any_json() => Cells(
        "-PropertyType @{ v = 'Json' }",
        ("""{ "a": [1.50, null], "b": "x" }""", """{"a":[1.50,null],"b":"x"}"""),
        ("12345678901234567890", "12345678901234567890"),
        ("\"a\\u00e9\"", "\"aé\""),
        ("null", "null"),
        ("{a:1}", null),
        ("[1,]", null),
        ("1 2", null),
        ("// no\n1", null),
        ("x", null),
        (" ", null));

    [Fact]
    public void A_cell_of_another_type_is_refused_with_its_row_and_the_message_has_not_its_value()
    {
        var path = Folder.Write("a.csv", "distinct_id,age,joined\n1,7,2026-01-31\n2,secret,2026-01-31\n3,7,hidden\n");
        var result = Session.Run("Import-UserProfileCsv $path -PropertyType @{ age = 'Number'; joined = 'Date' }", new { path });
        Assert.Equal(2, result.Errors.Count);
        Assert.Matches(@"^a\.csv, line 3: .*'age'.*number", result.Errors[0].ToString());
        Assert.Matches(@"^a\.csv, line 4: .*'joined'.*ISO 8601", result.Errors[1].ToString());
        Assert.All(result.Errors, e => Assert.DoesNotMatch("secret|hidden", e.ToString()));
        Assert.All(result.Errors, e => Assert.StartsWith("UnsupportedValue,", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal((3L, 1L, 2L, 1), ((long)result.Value("Read")!, (long)result.Value("Accepted")!, (long)result.Value("Rejected")!, (int)result.Value("ExitCode")!));
    }

    [Theory]
    [InlineData("-PropertyMap @{ mail = '$email' }", """{"$email":"a@b.c","first_name":"Ann","address.city":"Graz","address.zip":"8010"}""")]
    [InlineData("-PropertyMap @{ MAIL = 'Mail'; 'address.zip' = 'zip' } -PropertyType @{ zip = 'Number' }", """{"Mail":"a@b.c","first_name":"Ann","address.city":"Graz","zip":8010}""")]
    [InlineData("-UseReservedName", """{"mail":"a@b.c","$first_name":"Ann","$city":"Graz","address.zip":"8010"}""")]
    [InlineData("-UseReservedName -PropertyMap @{ mail = '$email'; first_name = 'given' }", """{"$email":"a@b.c","given":"Ann","$city":"Graz","address.zip":"8010"}""")]
    [InlineData("-ExpandName", """{"mail":"a@b.c","first_name":"Ann","address":{"city":"Graz","zip":"8010"}}""")]
    [InlineData("-ExpandName -UseReservedName", """{"mail":"a@b.c","$first_name":"Ann","$city":"Graz","address":{"zip":"8010"}}""")]
    [InlineData("-ExpandName -PropertyMap @{ mail = 'contact.mail.first' } -PropertyType @{ 'address.zip' = 'Number' }", """{"contact":{"mail":{"first":"a@b.c"}},"first_name":"Ann","address":{"city":"Graz","zip":8010}}""")]
    [InlineData("-Property mail", """{"mail":"a@b.c"}""")]
    [InlineData("-Property ADDRESS.*, mail", """{"mail":"a@b.c","address.city":"Graz","address.zip":"8010"}""")]
    [InlineData("-ExcludeProperty mail, address.*", """{"first_name":"Ann"}""")]
    [InlineData("-Property address.* -ExcludeProperty *.zip", """{"address.city":"Graz"}""")]
    [InlineData("-Property nothing*", "{}")]
    public void Columns_become_the_properties_that_the_parameters_name(string parameters, string json)
    {
        var path = Folder.Write("a.csv", "distinct_id,mail,first_name,address.city,address.zip\nx,a@b.c,Ann,Graz,8010\n");
        Session.Run($"Import-UserProfileCsv $path {parameters}", new { path }).Succeeded();
        Assert.Equal(json, Service.Profiles["x"].GetRawText());
    }

    [Fact]
    public void Usual_names_of_other_systems_become_reserved_ones()
    {
        var path = Folder.Write("a.csv", "distinct_id, Email ,NAME,firstName,lastName,phone,avatar,createdAt,address.city,address.state,address.country,timezone\nx,1,2,3,4,5,6,7,8,9,10,11\n");
        Session.Run("Import-UserProfileCsv $path -UseReservedName", new { path }).Succeeded();
        Assert.Equal("$email $name $first_name $last_name $phone $avatar $created $city $region $country_code $timezone", string.Join(' ', Service.Profiles["x"].EnumerateObject().Select(p => p.Name)));
    }

    [Fact]
    public void Dots_that_are_no_path_stay_in_the_name()
    {
        var path = Folder.Write("a.csv", "distinct_id,Co.,.net,a..b,.,a.b\nx,1,2,3,4,5\n");
        Session.Run("Import-UserProfileCsv $path -ExpandName", new { path }).Succeeded();
        Assert.Equal("""{"Co.":"1",".net":"2","a..b":"3",".":"4","a":{"b":"5"}}""", Service.Profiles["x"].GetRawText());
    }

    [Theory]
    [InlineData("-PropertyType @{ aeg = 'Number' }", "ColumnNotFound", @"-PropertyType\b.*'aeg'")]
    [InlineData("-PropertyMap @{ mial = '$email' }", "ColumnNotFound", @"-PropertyMap\b.*'mial'")]
    [InlineData("-Property age, mial", "ColumnNotFound", @"-Property\b.*'mial'")]
    [InlineData("-ExcludeProperty mial", "ColumnNotFound", @"-ExcludeProperty\b.*'mial'")]
    [InlineData("-PropertyMap @{ age = 'mail' }", "PropertyAmbiguous", "'age'.*'mail'.*'mail'")]
    [InlineData("-ExpandName", "PropertyAmbiguous", @"'address'.*'address\.city'.*'address'")]
    [InlineData("-PropertyType @{ age = 'Integer' }", "InvalidPropertyType", "'age'.*'Integer'")]
    [InlineData("-PropertyType @{ age = '7' }", "InvalidPropertyType", "'age'.*'7'")]
    [InlineData("-PropertyType @{ age = $null }", "InvalidPropertyType", "'age'.*''")]
    [InlineData("-PropertyMap @{ age = ' ' }", "InvalidPropertyMap", "'age'")]
    [InlineData("-PropertyMap @{ age = $null }", "InvalidPropertyMap", "'age'")]
    [InlineData("-Operation Add -EmptyCell Null", "OptionNotForOperation", "-EmptyCell Null")]
    [InlineData("-Operation Union -EmptyCell Empty", "OptionNotForOperation", "-EmptyCell Empty")]
    [InlineData("-Operation SetOnce -EmptyCell Unset", "OptionNotForOperation", "-EmptyCell Unset")]
    [InlineData("-Operation Add -ExpandName", "OptionNotForOperation", "-ExpandName")]
    public void What_does_not_go_with_the_file_is_an_error_before_anything_is_sent(string parameters, string errorId, string message)
    {
        var path = Folder.Write("a.csv", "distinct_id,age,mail,address,address.city\nx,1,2,3,4\n");
        var result = Session.Run($"Import-UserProfileCsv $path {parameters}", new { path });
        var error = Assert.Single(result.Errors);
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches(message, error.ToString());
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal((0, 2), (Service.Requests, result.Value("ExitCode")));
    }

    [Theory]
    [InlineData("", """{"age":7,"o":{"y":"Y"}}""")]
    [InlineData("-EmptyCell Skip", """{"age":7,"o":{"y":"Y"}}""")]
    [InlineData("-EmptyCell Null", """{"name":null,"age":7,"o":{"x":null,"y":"Y"},"tags":null}""")]
    [InlineData("-EmptyCell Empty", """{"name":"","age":7,"o":{"x":"","y":"Y"},"tags":""}""")]
    [InlineData("-EmptyCell Null -Operation SetOnce", """{"name":null,"age":7,"o":{"x":null,"y":"Y"},"tags":null}""")]
    public void Empty_cells_do_what_EmptyCell_says(string parameters, string json)
    {
        var path = Folder.Write("a.csv", "distinct_id,name,age,o.x,o.y,tags\nx,,7,,Y,\"\"\n");
        Session.Run($"Import-UserProfileCsv $path -ExpandName -PropertyType @{{ age = 'Number'; tags = 'List' }} {parameters}", new { path }).Succeeded();
        Assert.Equal(json, Assert.Single(Records()).EnumerateObject().Last().Value.GetRawText());
    }

    [Theory]
    [InlineData("", "12345")]
    [InlineData("-MismatchedFieldAction Reject", "12345")]
    [InlineData("-MismatchedFieldAction PadWithNulls", "345")]
    [InlineData("-MismatchedFieldAction TruncateExtra", "12")]
    [InlineData("-MismatchedFieldAction PadOrTruncate", "")]
    [InlineData("-MismatchedFieldAction PadOrTruncate -ExcludeProperty x* -HashProperty c", "")]
    public void Rows_of_another_length_are_taken_where_that_is_asked_for(string parameters, string rejected)
    {
        var path = Folder.Write("a.csv", "distinct_id,a,b,c\n6,A,B,\n1\n2,A,B\n3,A,B,,D\n4,A,B,,\n5,A,B,,D,E\n");
        var result = Session.Run($"Import-UserProfileCsv $path {parameters} -RejectPath $bad", new { path, bad = Folder.File("bad.csv") });
        Assert.Equal(rejected, string.Concat(File.ReadAllLines(Folder.File("bad.csv"))[1..].Select(r => r[0])));
        Assert.All(result.Errors, e => Assert.StartsWith("FieldCountMismatch,", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        foreach (var (id, profile) in Service.Profiles)
            Assert.Equal(id == "1" ? "{}" : """{"a":"A","b":"B"}""", profile.GetRawText());
        Assert.Equal(6 - rejected.Length, Service.Profiles.Count);
    }

    [Fact]
    public void Columns_of_the_same_name_are_refused_or_numbered()
    {
        var path = Folder.Write("a.csv", "distinct_id,a,b,a,a_2,a\nx,1,2,3,4,5\n");
        Assert.StartsWith("InvalidHeader,", Assert.Single(Session.Run("Import-UserProfileCsv $path", new { path }).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Session.Run("Import-UserProfileCsv $path -DuplicateHeaderAction Rename -PropertyType @{ a_3 = 'Number' }").Succeeded();
        Assert.Equal("""{"a":"1","b":"2","a_3":3,"a_2":"4","a_4":"5"}""", Service.Profiles["x"].GetRawText());
    }

    [Fact]
    public void A_rejected_row_of_another_length_is_taken_when_it_is_tried_again_so()
    {
        var path = Folder.Write("a.csv", "distinct_id,a,b\n1,A\n2,A,B,C\n");
        Assert.Equal(2L, Session.Run("Import-UserProfileCsv $path -RejectPath $bad", new { path, bad = Folder.File("bad.csv") }).Value("Rejected"));
        Session.Run("Import-UserProfileCsv $bad -MismatchedFieldAction PadOrTruncate").Succeeded();
        Assert.Equal(("""{"a":"A"}""", """{"a":"A","b":"B"}"""), (Service.Profiles["1"].GetRawText(), Service.Profiles["2"].GetRawText()));
    }

    [Theory]
    [InlineData("Union", """{"tags":["a","b"],"plan":["pro"],"n":[7]}""")]
    [InlineData("Append", """{"tags":"a","plan":"pro","n":7}""", """{"tags":"b"}""")]
    [InlineData("Remove", """{"tags":"a","plan":"pro","n":7}""", """{"tags":"b"}""")]
    [InlineData("SetOnce", """{"tags":["a","b"],"plan":"pro","n":7}""")]
    public void Types_go_with_every_operation(string operation, params string[] json)
    {
        var path = Folder.Write("a.csv", "distinct_id,tags,plan,n\nx,a;b,pro,7\n");
        Session.Run($"Import-UserProfileCsv $path -Operation {operation} -PropertyType @{{ tags = 'List'; n = 'Number' }}", new { path }).Succeeded();
        Assert.Equal(json, Records().Select(record => record.EnumerateObject().Last().Value.GetRawText()));
    }

    [Theory]
    [InlineData("-PropertyType @{ v = 'Number' }", @"-PropertyType\b.*\bv\b.*\bNumber\b")]
    [InlineData("-Culture de-DE", @"-Culture\b.*\bde-DE\b")]
    [InlineData("-DateFormat 'dd.MM.yyyy'", "-DateFormat")]
    [InlineData("-TimeZone Europe/Vienna", "-TimeZone")]
    [InlineData("-ListSeparator ','", "-ListSeparator")]
    [InlineData("-EmptyCell Null", @"-EmptyCell\b.*\bSkip\b.*\bNull\b")]
    [InlineData("-Property v", @"-Property\b.*\bv\b")]
    [InlineData("-ExcludeProperty w*", "-ExcludeProperty")]
    [InlineData("-PropertyMap @{ v = 'w' }", @"-PropertyMap\b.*\bv\b.*\bw\b")]
    [InlineData("-UseReservedName", "-UseReservedName")]
    [InlineData("-ExpandName", "-ExpandName")]
    public void An_import_is_not_gone_on_with_under_other_columns(string parameters, string difference)
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,1\n");
        Session.Run("Import-UserProfileCsv $path -JournalPath $j", new { path, j = Folder.File("j") }).Succeeded();
        var error = Assert.Single(Session.Run($"Import-UserProfileCsv $path -JournalPath $j -Resume {parameters}").Errors);
        Assert.StartsWith("JournalMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches(difference, error.ToString());
    }

    [Fact]
    public void Groups_are_imported_with_the_same_columns()
    {
        var path = Folder.Write("a.csv", "group_id,seats,founded\nacme,7,2001-02-03\n");
        Session.Run("$server = Start-UserProfileServer").Succeeded();
        var result = Session.Run("Import-GroupProfileCsv $path -GroupKey company -PropertyType @{ seats = 'Number'; founded = 'Date' }; Get-GroupProfile acme -GroupKey company -DataGroupId $server.FindDataGroupId('company')", new { path }).Succeeded();
        Assert.Equal(1L, result.Output[0].Properties["Accepted"].Value);
        Assert.Equal((7L, "2001-02-03"), (result.Output[1].Properties["seats"].Value, result.Output[1].Properties["founded"].Value));
    }

    [Theory]
    [InlineData("Add")]
    [InlineData("Append")]
    public void Groups_do_not_know_every_operation(string operation)
    {
        var path = Folder.Write("a.csv", "group_id,seats\nacme,7\n");
        var result = Session.Run($"Import-GroupProfileCsv $path -GroupKey company -Operation {operation}", new { path });
        Assert.StartsWith("OperationNotForGroups,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal((2, 0), (result.Value("ExitCode"), Service.Requests));
    }

    private IEnumerable<JsonElement> Records() => Service.Bodies.SelectMany(body => JsonDocument.Parse(body).RootElement.EnumerateArray());

    /// <summary>Imports cells of one column; each becomes the JSON that is given, nothing when that is empty, and an error when it is null.</summary>
    private void Cells(string parameters, params (string Cell, string? Json)[] cells)
    {
        Service.Profiles.Clear();
        var path = Folder.Write("cells.csv", "distinct_id,v\n" + string.Concat(cells.Select((c, i) => $"r{i},\"{c.Cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n")));
        var result = Session.Run($"Import-UserProfileCsv $path {parameters}", new { path });
        Assert.Null(result.Terminating);
        var expected = cells.Select((c, i) => $"{i} {c.Cell}: {(c.Json is null ? "refused" : c.Json.Length == 0 ? "left out" : Delivery.CanonicalJson.Of(c.Json))}");
        var actual = cells.Select((c, i) => $"{i} {c.Cell}: {(!Service.Profiles.TryGetValue($"r{i}", out var set) ? "refused" : set.TryGetProperty("v", out var v) ? Delivery.CanonicalJson.Of(v) : "left out")}");
        Assert.Equal(expected, actual);
        Assert.Equal(cells.Count(c => c.Json is null), result.Errors.Count);
        Assert.All(result.Errors, e => Assert.StartsWith("UnsupportedValue,", e.FullyQualifiedErrorId, StringComparison.Ordinal));
    }
}
