using System.Management.Automation;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class ImportUserProfileCsvTests : ConnectedTests
{
    [Fact]
    public void Every_column_but_the_identifier_becomes_a_text_property_and_empty_cells_are_left_out()
    {
        var path = Folder.Write("a.csv", "distinct_id,zip,name,note\n1,02139,\"O\"\"Neil, \nAnn\",\n2,007,Žižka 😀,x\n");
        var result = Session.Run("Import-UserProfileCsv $path", new { path }).Succeeded();
        Assert.Equal("""{"zip":"02139","name":"O\"Neil, \nAnn"}""", Service.Profiles["1"].GetRawText());
        Assert.Equal("007 Žižka 😀 x", string.Join(' ', Service.Profiles["2"].EnumerateObject().Select(p => p.Value.GetString())));
        Account(result, read: 2, accepted: 2);
        Assert.Equal(0, result.Value("ExitCode"));
    }

    [Theory]
    [InlineData("-IdentifierColumn User", "User;plan\nx;pro\n", "-Delimiter ';'")]
    [InlineData("-IdentifierColumn user", " User \tplan\nx\tpro\n", "-Delimiter `t")]
    [InlineData("", "$distinct_id,plan\nx,pro\n", "")]
    [InlineData("-IdentifierColumn id", "x,pro\n", "-Header id,plan")]
    [InlineData("", "distinct_id,plan\r\nx,pro", "")]
    [InlineData("", "DistinctId,plan\nx,pro\n", "")]
    [InlineData("", " Distinct_ID ,plan\nx,pro\n", "")]
    [InlineData("", "\uFEFFdistinct_id,plan\r\n\r\nx,pro\r\n", "")]
    public void Files_of_many_dialects_are_read(string identifier, string text, string dialect)
    {
        var path = Folder.Write("a.csv", text);
        Session.Run($"Import-UserProfileCsv $path {identifier} {dialect}", new { path }).Succeeded();
        Assert.Equal("""{"plan":"pro"}""", Service.Profiles["x"].GetRawText());
    }

    [Theory]
    [InlineData("latin1", "iso-8859-1")]
    [InlineData("1252", "windows-1252")]
    [InlineData("unicode", "utf-16")]
    [InlineData("windows-1250", "windows-1250")]
    public void Files_of_other_encodings_are_read_when_it_is_named(string name, string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var path = Folder.Write("a.csv", "distinct_id,city\nx,Dürnstein\n", Encoding.GetEncoding(encoding));
        Session.Run("Import-UserProfileCsv $path -Encoding $name", new { path, name }).Succeeded();
        Assert.Equal("Dürnstein", Service.Profiles["x"].GetProperty("city").GetString());
    }

    [Fact]
    public void A_row_that_is_not_utf8_is_refused_and_names_the_remedy()
    {
        var path = Folder.Write("a.csv", "distinct_id,city\nx,Wien\ny,Dürnstein\n", Encoding.Latin1);
        var result = Session.Run("Import-UserProfileCsv $path", new { path });
        Rejected(result, "InvalidEncoding", @"^a\.csv, line 3: .*UTF-8");
        Assert.Contains("-Encoding", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Account(result, read: 2, accepted: 1, rejected: 1);
    }

    [Theory]
    [InlineData("2,b,c\n", "FieldCountMismatch", @"^a\.csv, line 3: .*\b3\b.*\b2\b")]
    [InlineData("2\n", "FieldCountMismatch", @"^a\.csv, line 3: .*\b1\b.*\b2\b")]
    [InlineData(",b\n", "MissingIdentifier", @"^a\.csv, line 3: .*'distinct_id'")]
    [InlineData("  ,b\n", "MissingIdentifier", @"^a\.csv, line 3: .*'distinct_id'")]
    [InlineData("2,b\"c\n", "MalformedQuotes", @"^a\.csv, line 3: .*inside a field")]
    [InlineData("2,\"b\"c\n", "MalformedQuotes", @"^a\.csv, line 3: .*closing quote")]
    public void A_bad_row_is_an_error_that_names_its_line_and_costs_no_other(string row, string errorId, string message)
    {
        var path = Folder.Write("a.csv", $"distinct_id,v\n1,a\n{row}3,c\n");
        var result = Session.Run("Import-UserProfileCsv $path -ErrorVariable failed", new { path });
        Rejected(result, errorId, message);
        Assert.Equal(["1", "3"], Service.Profiles.Keys.Order());
        Account(result, read: 3, accepted: 2, rejected: 1);
        Assert.Equal(1, result.Value("ExitCode"));
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_an_error_where_it_was_opened()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,a\n2,\"b\n3,c\n");
        var result = Session.Run("Import-UserProfileCsv $path", new { path });
        Assert.Equal(["MalformedQuotes", "RowBehindQuote"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Matches(@"^a\.csv, line 3: .*not closed", result.Errors[0].Exception.Message);
        Assert.Matches(@"^a\.csv, line 4: .*line 3", result.Errors[1].Exception.Message);
        Account(result, read: 3, accepted: 1, rejected: 2);
    }

    [Fact]
    public void One_bad_row_of_ten_thousand_is_rejected_by_its_line_and_the_others_arrive()
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(
            records.Any(r => r.GetProperty("$distinct_id").ValueEquals("user-4711")) ? (400, """{"error":"poison record","status":0}""") : null);
        var path = Folder.Write("users.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, 10_000).Select(i => $"user-{i},{i}\n")));
        var result = Session.Run("Import-UserProfileCsv $path", new { path });
        Rejected(result, "UpdateRejected", "users.csv, line 4712: the service rejected the update: poison record");
        var row = (PSObject)result.Errors[0].TargetObject;
        Assert.Equal(("user-4711", "4711"), (row.Properties["distinct_id"].Value, row.Properties["v"].Value));
        Assert.Equal(9_999, Service.Applied.Count);
        Assert.All(Service.Applied.Values, times => Assert.Equal(1, times));
        Account(result, read: 10_000, accepted: 9_999, rejected: 1);
    }

    [Fact]
    public void The_last_row_of_a_profile_wins_however_the_replies_come()
    {
        var path = Folder.File("a.csv");
        using (var file = new StreamWriter(path))
        {
            file.WriteLine("distinct_id,v");
            for (var i = 1; i <= 50_000; i++)
                file.WriteLine(i % 50 == 0 ? $"hot,{i}" : $"user-{i},{i}");
        }

        for (var round = 0; round < 20; round++)
        {
            var random = new Random(round);
            Service.Profiles.Clear();
            Service.Answer = async (_, _) =>
            {
                int delay;
                lock (random)
                    delay = random.Next(6);
                await Task.Delay(delay);
                return null;
            };
            Session.Run("Import-UserProfileCsv $path -MaxConcurrency 8 -BatchSize 2000", new { path }).Succeeded();
            Assert.Equal("50000", Service.Profiles["hot"].GetProperty("v").GetString());
        }
    }

    [Fact]
    public void What_the_service_refused_can_be_piped_back_as_it_stood_in_the_file()
    {
        var path = Folder.Write("a.csv", "id;city\n1;Bern\n2;\"Basel; Stadt\"\n", Encoding.Latin1);
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((400, """{"error":"no","status":0}"""));
        Session.Run("Import-UserProfileCsv $path -Delimiter ';' -Encoding latin1 -IdentifierColumn id -ErrorVariable failed -ErrorAction SilentlyContinue", new { path });
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Session.Run("$failed.TargetObject | Set-UserProfile -IdentifierProperty id").Succeeded();
        Assert.Equal("Basel; Stadt", Service.Profiles["2"].GetProperty("city").GetString());
    }

    [Theory]
    [InlineData(401, "ServiceUnauthorized")]
    [InlineData(404, "ServiceNotFound")]
    public void A_run_that_ends_early_says_why_and_still_accounts_for_every_row(int status, string errorId)
    {
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 2 ? (status, """{"error":"no","status":"error"}""") : null);
        var path = Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i},{i}\n")));
        var result = Session.Run("Import-UserProfileCsv $path -BatchSize 100 -MaxConcurrency 1", new { path });
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(200L, result.Value("Accepted"));
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal((long)result.Value("Read")!, (long)result.Value("Accepted")! + (long)result.Value("Unsent")!);
    }

    [Theory]
    [InlineData("user;plan\nx;pro\n", "IdentifierColumnNotFound", "-Delimiter ';'")]
    [InlineData("user,plan\nx,pro\n", "IdentifierColumnNotFound", "-IdentifierColumn")]
    [InlineData("distinct_id,$distinct_id\nx,y\n", "IdentifierColumnAmbiguous", "-IdentifierColumn")]
    [InlineData("user\tplan\nx\tpro\n", "IdentifierColumnNotFound", "-Delimiter \"`t\"")]
    [InlineData("distinct_id,a,a\nx,1,2\n", "InvalidHeader", "-Header")]
    [InlineData(",\nx,1\n", "InvalidHeader", "-Header")]
    [InlineData("", "InvalidHeader", "-Header")]
    public void A_file_whose_header_does_not_serve_is_refused_with_the_remedy(string text, string errorId, string remedy)
    {
        var path = Folder.Write("a.csv", text);
        var result = Session.Run("Import-UserProfileCsv $path", new { path });
        var error = Assert.Single(result.Errors);
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(remedy, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(0, Service.Requests);
    }

    [Fact]
    public void A_missing_file_is_an_error_and_the_others_are_imported_in_the_same_run()
    {
        var (first, second) = (Folder.Write("a[1].csv", "distinct_id,v\n1,a\n"), Folder.Write("b.csv", "distinct_id,v\n2,b\n"));
        var missing = Folder.File("missing.csv");
        var result = Session.Run("Import-UserProfileCsv -LiteralPath $first, $missing, $second", new { first, missing, second });
        Assert.StartsWith("PathNotFound,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Account(result, read: 2, accepted: 2);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(["1", "2"], Service.Profiles.Keys.Order());
    }

    [Theory]
    [InlineData("Import-UserProfileCsv z*.csv", "PathNotFound")]
    [InlineData("Import-UserProfileCsv $bracketed", "PathNotFound")]
    [InlineData("Import-UserProfileCsv Env:/PATH", "NotAFile")]
    [InlineData("Import-UserProfileCsv -LiteralPath $folder", "NotAFile")]
    [InlineData("Import-UserProfileCsv $good -Delimiter ä", "InvalidDelimiter")]
    [InlineData("Import-UserProfileCsv $good -Delimiter ([char]0)", "InvalidDelimiter")]
    [InlineData("Disconnect-UserProfileService; Import-UserProfileCsv $good", "NotConnected")]
    public void Whatever_keeps_an_import_from_its_file_reaches_the_job_as_an_exit_code(string script, string errorId)
    {
        var good = Folder.Write("good.csv", "distinct_id,v\n1,a\n");
        var result = Session.Run(script, new { good, bracketed = Folder.Write("[c].csv", "distinct_id\n1\n"), folder = Path.GetDirectoryName(good) });
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(0, Service.Requests);
    }

    [Fact]
    public void A_file_that_breaks_off_costs_no_row_before_it_and_no_other_file()
    {
        var rows = string.Concat(Enumerable.Range(1, 250).Select(i => $"{i},{i}\n"));
        var (broken, good) = (Folder.Write("a.csv", $"distinct_id,v\n{rows}x,\"{new string('x', 17 << 20)}"), Folder.Write("b.csv", "distinct_id,v\nz,1\n"));
        Service.Answer = async (_, _) =>
        {
            await Task.Delay(50);
            return null;
        };
        var result = Session.Run("Import-UserProfileCsv $broken, $good -BatchSize 100", new { broken, good });
        Assert.StartsWith("FileNotReadable,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Account(result, read: 251, accepted: 251);
        Assert.Equal((251, 2), (Service.Applied.Count, result.Value("ExitCode")));
    }

    [Fact]
    public void A_header_that_is_no_text_of_the_encoding_is_refused()
    {
        var path = Folder.Write("a.csv", "distinct_id,prénom\n1,x\n", Encoding.Latin1);
        var result = Session.Run("Import-UserProfileCsv $path", new { path });
        Assert.StartsWith("InvalidHeader,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Encoding", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_is_not_in_order_is_given_back_as_text_and_cannot_be_sent_by_mistake()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,too,many\n");
        var result = Session.Run("Import-UserProfileCsv $path -ErrorVariable failed", new { path });
        var target = (PSObject)result.Errors[0].TargetObject;
        Assert.Equal((path, 2L, "1,too,many"), (target.Properties["Path"].Value, target.Properties["Line"].Value, target.Properties["Text"].Value));
        Assert.StartsWith("MissingIdentifier,", Assert.Single(Session.Run("$failed.TargetObject | Set-UserProfile").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf8", 1, 1)]
    [InlineData("ascii", 0, 2)]
    public void What_the_encoding_cannot_read_is_never_sent(string encoding, long accepted, int exitCode)
    {
        var path = Folder.Write("a.csv", "distinct_id,city\nx,Wien\ny,Dürnstein\n", Encoding.Latin1);
        var result = Session.Run("Import-UserProfileCsv $path -Encoding $encoding", new { path, encoding });
        Assert.Single(result.Errors);
        Assert.Equal((accepted, exitCode), (result.Value("Accepted"), result.Value("ExitCode")));
        Assert.DoesNotContain("y", Service.Profiles.Keys);
    }

    [Theory]
    [InlineData("Add", "5", """{"n":5}""")]
    [InlineData("Add", "-12.50", """{"n":-12.50}""")]
    [InlineData("Union", "5", """{"n":["5"]}""")]
    [InlineData("SetOnce", "5", """{"n":"5"}""")]
    public void An_operation_says_what_the_columns_mean(string operation, string cell, string value)
    {
        var path = Folder.Write("a.csv", $"distinct_id,n\nx,{cell}\n");
        Session.Run("Import-UserProfileCsv $path -Operation $operation -IgnoreTime", new { path, operation }).Succeeded();
        Assert.Contains($"\"$ignore_time\":true,\"${(operation == "SetOnce" ? "set_once" : operation.ToLowerInvariant())}\":{value}}}", Assert.Single(Service.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_is_no_number_cannot_be_added()
    {
        var path = Folder.Write("a.csv", "distinct_id,n\nx,5\ny,1e\nz,6\n");
        var result = Session.Run("Import-UserProfileCsv $path -Operation Add", new { path });
        Rejected(result, "UnsupportedValue", @"^a\.csv, line 3: .*'n'.*number");
        Account(result, read: 3, accepted: 2, rejected: 1);
    }

    [Fact]
    public void Wildcards_and_the_pipeline_name_files_too()
    {
        Folder.Write("a.csv", "distinct_id,v\n1,a\n");
        Folder.Write("b.csv", "distinct_id,v\n2,b\n");
        Account(Session.Run("Import-UserProfileCsv $path", new { path = Folder.File("*.csv") }).Succeeded(), read: 2, accepted: 2);
        Account(Session.Run("$files | Import-UserProfileCsv", new { files = new[] { new FileInfo(Folder.File("a.csv")) } }).Succeeded(), read: 1, accepted: 1);
    }

    [Theory]
    [InlineData("Import-UserProfileCsv -LiteralPath $bracketed", "1")]
    [InlineData("Import-UserProfileCsv ([wildcardpattern]::Escape($bracketed))", "1")]
    [InlineData("Import-UserProfileCsv ($folder + '/[cd].csv')", "2 3")]
    [InlineData("Import-UserProfileCsv ($folder + '/?.csv')", "2 3")]
    [InlineData("Import-UserProfileCsv ('FileSystem::' + $folder + '/c.csv'), ($folder + '/d.csv')", "2 3")]
    [InlineData("Import-UserProfileCsv -LiteralPath ('Microsoft.PowerShell.Core\\FileSystem::' + $bracketed)", "1")]
    [InlineData("$null = $ExecutionContext.SessionState.Path.SetLocation($folder); Import-UserProfileCsv ./c.csv", "2")]
    [InlineData("$null = $ExecutionContext.SessionState.Path.SetLocation($folder); Import-UserProfileCsv -LiteralPath '[c].csv'", "1")]
    [InlineData("[pscustomobject]@{ PSPath = 'Microsoft.PowerShell.Core\\FileSystem::' + $bracketed }, [pscustomobject]@{ PSPath = $folder + '/d.csv' } | Import-UserProfileCsv", "1 3")]
    [InlineData("[pscustomobject]@{ Path = $folder + '/*.csv' } | Import-UserProfileCsv", "1 2 3")]
    public void Files_are_named_as_everywhere_in_PowerShell(string script, string imported)
    {
        var bracketed = Folder.Write("[c].csv", "distinct_id,v\n1,a\n");
        Folder.Write("c.csv", "distinct_id,v\n2,a\n");
        Folder.Write("d.csv", "distinct_id,v\n3,a\n");
        var result = Session.Run(script, new { bracketed, folder = Path.GetDirectoryName(bracketed) }).Succeeded();
        Assert.Equal(0, result.Value("ExitCode"));
        Assert.Equal(imported, string.Join(' ', Service.Profiles.Keys.Order()));
    }

    [Fact]
    public void WhatIf_counts_what_would_be_sent_and_sends_nothing()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,a\n,b\n3,c\n");
        var result = Session.Run("Import-UserProfileCsv $path -WhatIf", new { path });
        Rejected(result, "MissingIdentifier", @"^a\.csv, line 3: .*'distinct_id'");
        Account(result, read: 3, rejected: 1, skipped: 2);
        Assert.Equal(0, Service.Requests);
    }

    [Theory]
    [InlineData("Import-UserProfileCsv '{0}' -Delimiter ';' -IdentifierColumn u", "user_id 'user name'")]
    [InlineData("Import-UserProfileCsv -LiteralPath '{0}' -Delimiter ';' -IdentifierColumn 'user n", "'user name'")]
    [InlineData("Import-UserProfileCsv '{0}' -Encoding utf8B", "utf8BOM")]
    public void Arguments_are_completed_from_the_file_and_offline(string line, string completions)
    {
        var path = Folder.Write("a.csv", "user_id;user name;other\n");
        var script = "[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText";
        var result = Session.Run(script, new { line = line.Replace("{0}", path, StringComparison.Ordinal) }).Succeeded();
        Assert.Equal(completions, string.Join(' ', result.Output));
    }

    [Fact]
    public void An_import_shows_progress_and_ends_it()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,a\n");
        var progress = Session.Run("Import-UserProfileCsv $path", new { path }).Progress;
        Assert.Equal(ProgressRecordType.Completed, progress[^1].RecordType);
        Assert.Contains(progress, p => p.RecordType == ProgressRecordType.Processing && p.Activity == "Import-UserProfileCsv");
    }

    [Fact]
    public void ErrorAction_Stop_ends_the_import_at_the_first_bad_row()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"{(i == 150 ? "" : i)},{i}\n")));
        var result = Session.Run("Import-UserProfileCsv $path -BatchSize 100 -ErrorAction Stop", new { path });
        Assert.StartsWith("MissingIdentifier,", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorAction_Stop_hears_what_is_in_flight_and_accounts_for_it()
    {
        Service.Answer = async (_, _) =>
        {
            await Task.Delay(200);
            return null;
        };
        // Two batches wait, a third is about to be sent and a fourth is full: the last row is read once the second is under way.
        var path = Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, 550).Select(i => $"{(i == 550 ? "" : i)},{i}\n")));
        var result = Session.Run("Import-UserProfileCsv $path -BatchSize 100 -MaxConcurrency 1 -ErrorAction Stop", new { path });
        Assert.StartsWith("MissingIdentifier,", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Account(result, read: 550, accepted: 200, rejected: 1, unsent: 349);
        Assert.Equal(2, result.Value("ExitCode"));
    }

    private static void Rejected(ScriptResult result, string errorId, string message)
    {
        var error = Assert.Single(result.Errors);
        Assert.Equal(errorId + ",ProfilesModule.Commands.ImportUserProfileCsvCommand", error.FullyQualifiedErrorId);
        Assert.Matches(message, error.ToString());
    }

    private static void Account(ScriptResult result, long read, long accepted = 0, long rejected = 0, long skipped = 0, long unsent = 0) => Assert.Equal(
        (read, accepted, rejected, skipped, 0L, unsent),
        ((long)result.Value("Read")!, (long)result.Value("Accepted")!, (long)result.Value("Rejected")!, (long)result.Value("Skipped")!, (long)result.Value("Unknown")!, (long)result.Value("Unsent")!));
}
