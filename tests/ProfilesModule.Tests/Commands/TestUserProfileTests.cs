using System.Data;
using System.Management.Automation;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class TestUserProfileTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_clean_file_needs_no_connection_and_has_a_summary_only()
    {
        var path = _folder.Write("a.csv", "distinct_id,$email\n1,a@b.io\n2,\n");
        var test = _session.Run("Test-UserProfile $path", new { path }).Succeeded().Single();
        Assert.Equal((2L, 2L, 0L, 0), ((long)test.Read, (long)test.Valid, (long)test.Rejected, (int)test.ExitCode));
        Assert.Empty((System.Collections.IEnumerable)test.Findings);
        Assert.Equal([path], (IEnumerable<string>)test.Path);
    }

    [Fact]
    public void A_finding_counts_its_rows_and_names_the_first()
    {
        var path = _folder.Write("a.csv", "distinct_id,$phone\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"{i},{(i % 2 == 0 ? "+41446681800" : "0446681800")}\n")));
        var result = _session.Run("Test-UserProfile $path", new { path }).Succeeded();
        dynamic finding = result.Output[0];
        Assert.Equal("PhoneWithoutCountryCode", finding.Rule);
        Assert.Equal("Warning", finding.Severity.ToString());
        Assert.Equal(("$phone", 10L, path), ((string)finding.Property, (long)finding.Count, (string)finding.Path));
        Assert.Equal([2, 4, 6, 8, 10], (IEnumerable<long>)finding.Lines);
        Assert.Equal("0446681800", finding.Sample);
        Assert.Contains("+41", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal(2, result.Output.Count);
        dynamic test = result.Output[1];
        Assert.Equal((20L, 20L, 0), ((long)test.Read, (long)test.Valid, (int)test.ExitCode));
    }

    [Fact]
    public void Every_defect_of_a_row_is_found_and_the_row_is_refused_once()
    {
        var path = _folder.Write("a.csv", "distinct_id,age,$email,score\nnull,forty,nobody,high\n");
        var result = _session.Run("Test-UserProfile $path -PropertyType @{ age = 'Number'; score = 'Number' }", new { path }).Succeeded();
        Assert.Equal(["PlaceholderIdentifier distinct_id (1)", "UnsupportedValue age (1)", "InvalidEmail $email (1)", "UnsupportedValue score (1)"], result.Output.SkipLast(1).Select(o => o.ToString()));
        dynamic test = result.Output[^1];
        Assert.Equal((0L, 1L, 1), ((long)test.Valid, (long)test.Rejected, (int)test.ExitCode));
    }

    [Fact]
    public void Samples_can_be_masked_and_are_cut()
    {
        var path = _folder.Write("a.csv", $"distinct_id,$email,note\n1,Ann.Müller2 at mail,{new string('ß', 300)}\n");
        var masked = _session.Run("Test-UserProfile $path -MaskValue", new { path }).Succeeded();
        Assert.Equal(["xxx.xxxxxx9 xx xxxx", new string('x', 60) + "…"], masked.Output.SkipLast(1).Select(o => o.Properties["Sample"].Value));
        var plain = _session.Run("Test-UserProfile $path", new { path }).Succeeded();
        Assert.Equal(["Ann.Müller2 at mail", new string('ß', 60) + "…"], plain.Output.SkipLast(1).Select(o => o.Properties["Sample"].Value));
        Assert.DoesNotContain(masked.AllText(), text => text.Contains("Ann", StringComparison.Ordinal));
    }

    [Fact]
    public void Strict_refuses_what_otherwise_warns()
    {
        var path = _folder.Write("a.csv", "distinct_id,$email\n1,nobody\n2,a@b.io\n");
        dynamic test = _session.Run("(Test-UserProfile $path -Strict)[-1]", new { path }).Succeeded().Single();
        Assert.Equal((1L, 1L, 1), ((long)test.Valid, (long)test.Rejected, (int)test.ExitCode));
        Assert.False((bool)Assert.Single(_session.Run("Test-UserProfile $path -Strict -Quiet", new { path }).Succeeded().Output).BaseObject);
        Assert.True((bool)Assert.Single(_session.Run("Test-UserProfile $path -Quiet", new { path }).Succeeded().Output).BaseObject);
    }

    [Fact]
    public void A_column_that_cannot_be_is_found_with_the_rows()
    {
        var path = _folder.Write("a.csv", "distinct_id,bucket\n1,x\nnull,y\n");
        var result = _session.Run("Test-UserProfile $path", new { path }).Succeeded();
        Assert.Equal(["ForbiddenName bucket (1)", "PlaceholderIdentifier distinct_id (1)"], result.Output.SkipLast(1).Select(o => o.ToString()));
        Assert.Equal(1, result.Output[^1].Properties["ExitCode"].Value);
    }

    [Fact]
    public void Several_files_are_told_apart_and_one_that_is_not_there_is_an_error()
    {
        _folder.Write("a.csv", "distinct_id,$email\n1,nobody\n");
        _folder.Write("b.csv", "distinct_id,$email\n1,x\n2,y\n");
        var result = _session.Run("Test-UserProfile $all, $none", new { all = _folder.File("?.csv"), none = _folder.File("none.csv") });
        Assert.Equal("PathNotFound,ProfilesModule.Commands.TestUserProfileCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Equal(["a.csv 1", "b.csv 2"], result.Output.SkipLast(1).Select(o => $"{Path.GetFileName((string)o.Properties["Path"].Value)} {o.Properties["Count"].Value}").Order());
        dynamic test = result.Output[^1];
        Assert.Equal((3L, 2), ((long)test.Read, (int)test.ExitCode));
    }

    [Theory]
    [InlineData("Test-UserProfile $path -Delimiter '\"'", "InvalidDelimiter")]
    [InlineData("Test-UserProfile $path -IdentifierColumn other", "IdentifierColumnNotFound")]
    [InlineData("Test-UserProfile $path -RandomIdentifier -Unique", "RandomIdentifierUnfit")]
    [InlineData("Test-UserProfile $path -RandomIdentifier -IdentifierColumn plan", "RandomIdentifierUnfit")]
    [InlineData("Test-UserProfile $path -Operation Union -EmptyCell Null", "OptionNotForOperation")]
    [InlineData("Test-UserProfile $path -Operation Add -ExpandName", "OptionNotForOperation")]
    [InlineData("Test-UserProfile $path -PropertyMap @{ other = 'x' }", "ColumnNotFound")]
    [InlineData("Test-UserProfile $path -PropertyType @{ plan = 'Colour' }", "InvalidPropertyType")]
    public void Parameters_that_do_not_go_with_the_file_are_errors(string script, string errorId)
    {
        var result = _session.Run(script, new { path = _folder.Write("a.csv", "distinct_id,plan\n1,x\n") });
        var error = result.Terminating is null ? Assert.Single(result.Errors) : result.TerminatingError;
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ distinct_id = 'null'; a = 1 }", "PlaceholderIdentifier distinct_id")]
    [InlineData("@{ distinct_id = 0; a = 1 }", "PlaceholderIdentifier distinct_id")]
    [InlineData("@{ distinct_id = @(1, 2) }", "InvalidIdentifier distinct_id")]
    [InlineData("@{ a = 1 }", "MissingIdentifier")]
    [InlineData("[pscustomobject]@{ distinct_id = 1; '$email' = 'nobody' }", "InvalidEmail $email")]
    [InlineData("@{ distinct_id = 1; '$email' = 5 }", "InvalidEmail $email")]
    [InlineData("@{ distinct_id = 1; '$phone' = 41446681800 }", "PhoneWithoutCountryCode $phone")]
    [InlineData("@{ distinct_id = 1; '$created' = [datetime]::UtcNow }", "")]
    [InlineData("@{ distinct_id = 1; '$created' = $null }", "")]
    [InlineData("@{ distinct_id = 1; email = 'a@b.io' }", "UnreservedName email")]
    [InlineData("@{ distinct_id = 1; '$bucket' = 1 }", "ForbiddenName $bucket")]
    [InlineData("@{ distinct_id = 1; note = 'ü' * 127 }", "")]
    [InlineData("@{ distinct_id = 1; note = '\"' * 255 }", "")]
    [InlineData("@{ distinct_id = 1; tags = @('a', 'System.Object[]') }", "LostValue tags")]
    [InlineData("@{ distinct_id = 1; note = '\"' * 256 }", "TextTooLong note")]
    [InlineData("@{ distinct_id = 1; tags = @('a', ('x' * 256)) }", "TextTooLong tags")]
    [InlineData("@{ distinct_id = 1; tags = @('x' * 200) * 2000 }", "ListTooLarge tags")]
    [InlineData("@{ distinct_id = 1; o = @{ a = @{ b = @{ c = @{} } } } }", "NestedTooDeep o")]
    [InlineData("@{ distinct_id = 1; o = @{ a = @{ b = @{ c = 1 } } } }", "")]
    [InlineData("$h = @{ distinct_id = 1 }; 1..2001 | ForEach-Object { $h[\"p$_\"] = 1 }; $h", "TooManyProperties")]
    [InlineData("$h = @{ distinct_id = 1 }; 1..2000 | ForEach-Object { $h[\"p$_\"] = 1 }; $h", "")]
    [InlineData("@{ distinct_id = 1; v = [double]::NaN }", "UnsupportedValue v")]
    [InlineData("5", "UnsupportedObject")]
    public void Objects_are_held_to_the_same_rules(string row, string expected)
    {
        var result = _session.Run($"& {{ {row} }} | Test-UserProfile").Succeeded();
        Assert.Equal(expected, string.Join("; ", result.Output.SkipLast(1).Select(f => $"{f.Properties["Rule"].Value} {f.Properties["Property"].Value}".Trim())));
        Assert.Equal(1L, result.Output[^1].Properties["Read"].Value);
    }

    [Theory]
    [InlineData("-TimeZone Europe/Zurich", "UnsupportedValue d")]
    [InlineData("", "")]
    public void Dates_of_objects_are_tested_as_those_of_a_zone(string parameters, string expected) =>
        Assert.Equal(expected, Found($"[pscustomobject]@{{ distinct_id = 'u'; d = [datetime]'2026-03-29T02:30:00' }} | Test-UserProfile {parameters}"));

    [Fact]
    public void Profiles_of_groups_are_found_among_those_of_users()
    {
        const string Groups = "$server = Start-UserProfileServer; @{ group_id = 'g'; a = 1 } | Set-GroupProfile -GroupKey company; $groups = Get-GroupProfile -DataGroupId $server.FindDataGroupId('company')";
        _session.Run(Groups).Succeeded();
        Assert.Equal("ProfileOfOtherKind", Found("$groups | Test-UserProfile"));
        Assert.Equal("", Found("$groups | Test-UserProfile -IdentifierProperty a"));
    }

    [Fact]
    public void Rows_of_a_database_are_tested_by_number()
    {
        using var table = new DataTable();
        table.Columns.Add("id", typeof(string));
        table.Columns.Add("$country_code", typeof(string));
        table.Rows.Add("1", "CH");
        table.Rows.Add("2", "Austria");
        var result = _session.Run("$table.Rows | Test-UserProfile -IdentifierProperty id", new { table }).Succeeded();
        dynamic finding = result.Output[0];
        Assert.Equal("InvalidCountryCode", finding.Rule);
        Assert.Equal([2], (IEnumerable<long>)finding.Lines);
        Assert.Null(finding.Path);
    }

    [Theory]
    [InlineData("distinct_id,v\n1,7\n2,8\n3,9\n", "", "", 3)]
    [InlineData("plan,$email\nAnn,a@b.io\nBob,\n", "", "MissingIdentifier $email (1)", 2)]
    [InlineData("plan\npro\n", "-RandomIdentifier", "", 1)]
    [InlineData("distinct_id,$email\n1,nobody\n1,a@b.io\n", "-Unique", "", 2)]
    [InlineData("distinct_id,a\n1\n", "-MismatchedFieldAction PadWithNulls", "", 1)]
    [InlineData("distinct_id,a,a\n1,2,3\n", "-DuplicateHeaderAction Rename", "", 1)]
    [InlineData("distinct_id,$email\n1,a@b.io\n", "-HashProperty '$email'", "", 1)]
    public void A_file_is_read_as_the_import_reads_it(string text, string parameters, string findings, long read)
    {
        var result = _session.Run($"Test-UserProfile $path {parameters}", new { path = _folder.Write("a.csv", text) }).Succeeded();
        Assert.Equal(findings, string.Join(' ', result.Output.SkipLast(1)));
        Assert.Equal(read, result.Output[^1].Properties["Read"].Value);
    }

    [Fact]
    public void A_cell_that_breaks_an_inferred_type_is_found()
    {
        var path = _folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, 1500).Select(i => $"{i},{(i == 1400 ? "many" : i)}\n")));
        var result = _session.Run("Test-UserProfile $path -InferType", new { path }).Succeeded();
        Assert.Equal("UnsupportedValue v (1)", result.Output[0].ToString());
        Assert.Contains("read as Number: 'v'", Assert.Single(result.Information), StringComparison.Ordinal);
    }

    [Fact]
    public void What_shapes_updates_of_an_import_is_a_parameter_of_the_test_too()
    {
        string[] delivery =
        [
            "Connection", "JournalPath", "Resume", "RejectPath", "LogPath", "StatePath", "Partition", "PartitionCount", "Full", "MaxStateAge", "RemoveMissingProperty", "RemoveMissing",
            "MaxRemovePercent", "BackupPath", "MaxFailure", "MaxParseErrors", "MaxUpdatesPerSecond", "BatchSize", "MaxConcurrency", "RetryAmbiguous",
            "TimeoutSec", "MaximumRetryCount", "RetryIntervalSec", "IgnoreTime", "SkipSuperseded",
        ];
        string[] Parameters(string name) => [.. ((CmdletInfo)Assert.Single(_session.Run("Get-Command $name", new { name }).Output).BaseObject).Parameters.Keys];
        Assert.Subset(Parameters("Test-UserProfile").ToHashSet(), Parameters("Import-UserProfileCsv").Except(delivery).ToHashSet());
    }

    private string Found(string script) =>
        string.Join("; ", _session.Run(script).Succeeded().Output.SkipLast(1).Select(f => $"{f.Properties["Rule"].Value} {f.Properties["Property"].Value}".Trim()));
}
