using System.Collections.Specialized;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class ExportUserProfileCsvTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ExportUserProfileCsvTests()
    {
        _path = _folder.File("profiles.csv");
        _session.Run("$server = Start-UserProfileServer").Succeeded();
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_property_that_has_a_value_is_a_column_and_every_value_is_text_or_json()
    {
        Set("a", ("name", "Zoë \"Z\", B"), ("seats", 5), ("ratio", 0.25m), ("active", true), ("tags", new object[] { "x", 1 }), ("none", null), ("empty", ""));
        Set("b", ("address", new OrderedDictionary { ["city"] = "Bern\nCH" }), ("$email", "b@x.org"), ("big", 9007199254740993123L));
        Assert.Empty(Export("-Path $path").Succeeded().Output);
        Assert.Equal(
            "$distinct_id,$email,active,address,big,name,ratio,seats,tags\r\n"
            + "a,,true,,,\"Zoë \"\"Z\"\", B\",0.25,5,\"[\"\"x\"\",1]\"\r\n"
            + "b,b@x.org,,\"{\"\"city\"\":\"\"Bern\\nCH\"\"}\",9007199254740993123,,,,\r\n",
            Text());
        Assert.NotEqual(0xEF, File.ReadAllBytes(_path)[0]);
        OnlyTheFileIsThere();
    }

    [Fact]
    public void Pages_are_read_once_and_the_columns_of_the_last_profile_count()
    {
        _session.Run("1..2500 | ForEach-Object { @{ distinct_id = \"u$_\"; n = $_ } } | Set-UserProfile; Set-UserProfile last -Property @{ late = 1 }").Succeeded();
        var before = Requests();
        Export("-Path $path").Succeeded();
        Assert.Equal(3, Requests() - before);
        var lines = Text().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("$distinct_id,late,n", lines[0]);
        Assert.Equal(Enumerable.Range(1, 2500).Select(i => $"u{i},,{i}").Append("last,1,").Order(StringComparer.Ordinal), lines[1..].Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("-PropertyEquals @{ plan = 'pro' }", "a c")]
    [InlineData("-Where 'properties[\"seats\"] > 1'", "b c")]
    [InlineData("-Where 'properties[\"seats\"] > 1' -PropertyEquals @{ plan = 'pro' }", "c")]
    [InlineData("-CohortId 7", "b")]
    [InlineData("-Where 'false'", "")]
    public void Filters_choose_the_profiles(string parameters, string expected)
    {
        _session.Run("Start-UserProfileServer -Cohort @{ 7 = 'properties[\"plan\"] == \"free\"' } | Out-Null").Succeeded();
        Set("a", ("plan", "pro"), ("seats", 1));
        Set("b", ("plan", "free"), ("seats", 2));
        Set("c", ("plan", "pro"), ("seats", 3));
        Export("-Path $path " + parameters).Succeeded();
        var lines = Text().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("$distinct_id", lines[0], StringComparison.Ordinal);
        Assert.Equal(expected, string.Join(' ', lines[1..].Select(line => line.Split(',')[0]).Order()));
    }

    [Fact]
    public void Named_properties_are_the_columns_in_their_order_once_each()
    {
        Set("a", ("x", 1), ("y", 2), ("z", 3));
        var result = Export("-Path $path -Property z, missing, x, z, '$last_seen'").Succeeded();
        Assert.Equal("$distinct_id,z,missing,x\r\na,3,,1\r\n", Text());
        Assert.Contains("'$last_seen'", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_no_import_could_take_back_has_no_column_and_is_named()
    {
        Set("a", (" ", "blank"), ("ok", "1"));
        var result = Export("-Path $path").Succeeded();
        Assert.Equal("$distinct_id,ok\r\na,1\r\n", Text());
        Assert.Contains("' '", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_finds_the_identifier_although_a_property_has_one_of_its_names()
    {
        _session.Run("[ordered]@{ id = 'a'; distinct_id = 'old' } | Set-UserProfile -IdentifierProperty id").Succeeded();
        Export("-Path $path").Succeeded();
        _session.Run("Start-UserProfileServer | Out-Null; Import-UserProfileCsv $path", new { path = _path }).Succeeded();
        Assert.Equal("old", _session.Run("(Get-UserProfile a).Properties['distinct_id']").Succeeded().Single().ToString());
    }

    [Theory]
    [InlineData("utf8BOM", ",")]
    [InlineData("unicode", ";")]
    [InlineData("latin1", "`t")]
    public void Encodings_and_delimiters_go_both_ways(string encoding, string delimiter)
    {
        Set("a", ("city", "Zürich; \t,"));
        Export($"-Path $path -Encoding {encoding} -Delimiter \"{delimiter}\"").Succeeded();
        _session.Run($"Start-UserProfileServer | Out-Null; Import-UserProfileCsv $path -Encoding {encoding} -Delimiter \"{delimiter}\"", new { path = _path }).Succeeded();
        Assert.Equal("Zürich; \t,", _session.Run("(Get-UserProfile a).city").Succeeded().Single().ToString());
        Assert.Equal(encoding == "utf8BOM", File.ReadAllBytes(_path).AsSpan().StartsWith(Encoding.UTF8.Preamble));
    }

    [Fact]
    public void Text_that_the_encoding_has_no_form_for_leaves_the_file_as_it_was()
    {
        _folder.Write("profiles.csv", "before");
        Set("a", ("city", "東京"));
        Assert.Equal("FileNotWritable,ProfilesModule.Commands.ExportUserProfileCsvCommand", Export("-Path $path -Encoding latin1").TerminatingError.FullyQualifiedErrorId);
        Assert.Equal("before", Text());
        OnlyTheFileIsThere();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Property n")]
    public void A_file_that_cannot_be_finished_does_not_look_whole(string parameters)
    {
        _session.Run("Start-UserProfileServer -Fault @{ Kind = 'Status'; Status = 400; Endpoint = 'Query'; Every = 2 } | Out-Null; 1..1500 | ForEach-Object { @{ distinct_id = \"u$_\"; n = $_ } } | Set-UserProfile").Succeeded();
        Assert.Equal("QueryIncomplete,ProfilesModule.Commands.ExportUserProfileCsvCommand", Export("-Path $path " + parameters).TerminatingError.FullyQualifiedErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_path)!));
    }

    [Theory]
    [InlineData("-NoClobber")]
    [InlineData("-NoClobber -Force")]
    public void NoClobber_overwrites_nothing(string parameters)
    {
        _folder.Write("profiles.csv", "before");
        var error = Export("-Path $path " + parameters).TerminatingError;
        Assert.Equal(("FileExists,ProfilesModule.Commands.ExportUserProfileCsvCommand", _path), (error.FullyQualifiedErrorId, error.TargetObject));
        Assert.Equal("before", Text());
    }

    [Fact]
    public void A_read_only_file_is_overwritten_with_force_alone_and_stays_read_only()
    {
        _folder.Write("profiles.csv", "before");
        File.SetAttributes(_path, FileAttributes.ReadOnly);
        Assert.Equal("FileReadOnly,ProfilesModule.Commands.ExportUserProfileCsvCommand", Export("-Path $path").TerminatingError.FullyQualifiedErrorId);
        Assert.Equal("before", Text());
        Export("-Path $path -Force").Succeeded();
        Assert.Equal("$distinct_id\r\n", Text());
        Assert.True(File.GetAttributes(_path).HasFlag(FileAttributes.ReadOnly));
        File.SetAttributes(_path, FileAttributes.Normal);
    }

    [Fact]
    public void WhatIf_writes_and_reads_nothing()
    {
        Export("-Path $path -WhatIf").Succeeded();
        Assert.False(File.Exists(_path));
        Assert.Equal(0, Requests());
    }

    [Fact]
    public void PassThru_writes_the_file()
    {
        Set("a", ("n", 1));
        var file = Assert.IsType<FileInfo>(Assert.Single(Export("-Path $path -PassThru").Succeeded().Output).BaseObject);
        Assert.Equal((_path, new FileInfo(_path).Length), (file.FullName, file.Length));
    }

    [Fact]
    public void Wildcards_choose_the_one_file_there_is_and_mean_nothing_in_a_literal_path()
    {
        var bracketed = _folder.File("p[1].csv");
        Export("-LiteralPath $path", bracketed).Succeeded();
        Assert.True(File.Exists(bracketed));
        Export("-Path $path", _folder.File("p?1?.csv")).Succeeded();
        Export("-Path $path", _folder.File("p`[2`].csv")).Succeeded();
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(_path)!).Length);
    }

    [Theory]
    [InlineData("q*.csv", @"\bno\b")]
    [InlineData("p*.csv", @"\b2\b")]
    public void Wildcards_that_choose_no_file_or_several_say_which(string path, string expected)
    {
        _folder.Write("p1.csv", "");
        _folder.Write("p2.csv", "");
        var error = Export("-Path $path", _folder.File(path)).TerminatingError;
        Assert.Equal("PathAmbiguous,ProfilesModule.Commands.ExportUserProfileCsvCommand", error.FullyQualifiedErrorId);
        Assert.Matches($"'{Regex.Escape(_folder.File(path))}'.*{expected}", error.ToString());
        Assert.Contains("-LiteralPath", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Export-UserProfileCsv (Split-Folder $path)", "NotAFile")]
    [InlineData("Export-UserProfileCsv Env:\\x", "NotAFile")]
    [InlineData("Export-UserProfileCsv \"$path/none/x.csv\"", "PathNotFound")]
    [InlineData("Export-UserProfileCsv nodrive:\\x", "PathNotFound")]
    [InlineData("Export-UserProfileCsv $path -Delimiter '\"'", "InvalidDelimiter")]
    public void Paths_and_delimiters_that_do_not_serve_are_refused(string script, string expected)
    {
        var error = _session.Run("function Split-Folder($p) { [IO.Path]::GetDirectoryName($p) }; " + script, new { path = _path }).TerminatingError;
        Assert.Equal($"{expected},ProfilesModule.Commands.ExportUserProfileCsvCommand", error.FullyQualifiedErrorId);
        Assert.Equal(0, Requests());
    }

    [PermissionFact]
    [UnsupportedOSPlatform("windows")]
    public void Only_the_user_may_read_a_new_file()
    {
        Export("-Path $path").Succeeded();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [PermissionFact]
    [UnsupportedOSPlatform("windows")]
    public void Who_may_read_a_file_may_read_what_takes_its_place_and_a_link_goes_on_leading_to_it()
    {
        _folder.Write("real.csv", "before");
        File.SetUnixFileMode(_folder.File("real.csv"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(_path, _folder.File("real.csv"));
        Export("-Path $path").Succeeded();
        Assert.NotNull(File.ResolveLinkTarget(_path, false));
        Assert.Equal("$distinct_id\r\n", File.ReadAllText(_folder.File("real.csv")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(_folder.File("real.csv")));
    }

    [FullDiskFact]
    public void A_full_disk_ends_the_export()
    {
        Set("a", ("n", 1));
        Assert.Equal("FileNotWritable,ProfilesModule.Commands.ExportUserProfileCsvCommand", Export("-Path $path", FullDiskFactAttribute.Path).TerminatingError.FullyQualifiedErrorId);
        Assert.True(File.Exists(FullDiskFactAttribute.Path));
    }

    private void Set(string id, params (string Name, object? Value)[] properties)
    {
        var dictionary = new OrderedDictionary();
        foreach (var (name, value) in properties)
            dictionary[name] = value;
        _session.Run("Set-UserProfile $id -Property $properties", new { id, properties = dictionary }).Succeeded();
    }

    private ScriptResult Export(string parameters, string? path = null) => _session.Run("Export-UserProfileCsv " + parameters, new { path = path ?? _path });

    private long Requests() => (long)_session.Run("$server.RequestCount").Succeeded().Output[0].BaseObject;

    private string Text() => File.ReadAllText(_path);

    private void OnlyTheFileIsThere() => Assert.Equal([_path], Directory.GetFileSystemEntries(Path.GetDirectoryName(_path)!));
}
