using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>Rows that jobs and Import-Clixml return.</summary>
public sealed class JobValueTests : PwshTest
{
    [Fact]
    public void A_row_from_another_process_is_the_row_that_it_was()
    {
        var script = Script("""
            $null = Start-UserProfileServer
            $row = [pscustomobject]@{ DistinctId = 'x'; none = [DBNull]::Value; dto = [DateTimeOffset]'2026-01-31T12:00:00+02:00'; day = [DateOnly]'2026-01-31'
                time = [TimeOnly]'12:34:56'; big = [bigint]::Parse('12345678901234567890123'); half = [Half]1.5; plan = [DayOfWeek]::Monday; list = 1, 2; inner = [pscustomobject]@{ a = 1 } }
            function Show { $p = (Get-UserProfile x).Properties; $p.ToString(); Remove-UserProfile x -Force }
            $row | Set-UserProfile -EmptyCell Skip; Show
            $row | Export-Clixml row.xml; Import-Clixml row.xml | Set-UserProfile -EmptyCell Skip; Show
            Start-Job { $using:row } | Receive-Job -Wait | Set-UserProfile -EmptyCell Skip; Show
            """);
        var result = Run("-NoProfile", "-File", script);
        Assert.Equal("", result.Errors);
        var rows = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row => Assert.Equal(
            """{"dto":"2026-01-31T10:00:00","day":"2026-01-31","time":"12:34:56","big":12345678901234567890123,"half":1.5,"plan":"Monday","list":[1,2],"inner":{"a":1}}""", row.Trim()));
    }

    [Fact]
    public void Any_value_from_a_job_or_a_file_is_sent_or_rejected_as_it_was()
    {
        var seed = Random.Shared.Next(1_000_000);
        var script = Script("""
            $null = Start-UserProfileServer
            $null = Get-Random -SetSeed SEED
            function Scalar {
                switch (Get-Random -Maximum 20) {
                    0 { $null } 1 { [DBNull]::Value } 2 { 'text' } 3 { $true } 4 { Get-Random } 5 { [ulong]::MaxValue } 6 { 1.50d } 7 { 0.1 } 8 { [Half]1.5 }
                    9 { [bigint]::Parse('12345678901234567890123') } 10 { [DateTimeOffset]'2026-01-31T12:00:00+02:00' } 11 { [DateOnly]'2026-01-31' }
                    12 { [TimeOnly]'12:34:56' } 13 { [timespan]'01:02:03' } 14 { [guid]'12345678-1234-1234-1234-123456789012' } 15 { [uri]'https://example.com/a%20b' }
                    16 { [DayOfWeek]::Monday } 17 { [System.Numerics.Complex]::new(1, 2) } 18 { [System.Text.StringBuilder]::new('built') } 19 { , [byte[]](1, 2) }
                }
            }
            function Graph($depth) {
                $kind = if ($depth -eq 0) { 0 } else { Get-Random -Maximum 7 }
                switch ($kind) {
                    3 { , @((Graph ($depth - 1)), (Graph ($depth - 1))) }
                    4 { , [System.Collections.ArrayList]@((Graph ($depth - 1)), 2) }
                    5 { [ordered]@{ a = Graph ($depth - 1); b = Graph ($depth - 1) } }
                    6 { [pscustomobject]@{ a = Graph ($depth - 1); b = Graph ($depth - 1) } }
                    default { Scalar }
                }
            }
            function Show($value) {
                Set-UserProfile x -Property @{ v = $value } -WarningAction Ignore -ErrorAction SilentlyContinue -ErrorVariable failed
                if ($failed) { return $failed[0].FullyQualifiedErrorId }
                (Get-UserProfile x).Properties.ToString()
                Remove-UserProfile x -Force
            }
            $holders = foreach ($i in 1..80) { [pscustomobject]@{ v = Graph 3 } }
            $holders | Export-Clixml values.xml -Depth 6
            $files = Import-Clixml values.xml
            $jobs = @(Start-Job { $using:holders } | Receive-Job -Wait)
            for ($i = 0; $i -lt $holders.Count; $i++) {
                $live = Show $holders[$i].v; $file = Show $files[$i].v; $job = Show $jobs[$i].v
                if ($live -cne $file -or $live -cne $job) { "$live became $file and $job" }
            }
            "$($holders.Count) values"
            """.Replace("SEED", $"{seed}", StringComparison.Ordinal));
        var result = Run("-NoProfile", "-File", script);
        Assert.True(result.Output.Trim() == "80 values" && result.Errors == "", $"Seed {seed}: {result.Output}{result.Errors}");
    }

    [Fact]
    public void A_data_row_from_a_job_brings_its_columns_and_one_warning()
    {
        var script = Script("""
            $null = Start-UserProfileServer
            Start-Job {
                $t = [System.Data.DataTable]::new(); $null = $t.Columns.Add('DistinctId'); $null = $t.Columns.Add('n', [int]); $null = $t.Columns.Add('gone')
                $null = $t.Rows.Add('a', 1, [DBNull]::Value); $null = $t.Rows.Add('b', 2, [DBNull]::Value); $t.Rows
            } | Receive-Job -Wait | Set-UserProfile -EmptyCell Skip -WarningVariable w -WarningAction SilentlyContinue
            "$($w.Count) $($w -like '*NULL became empty text*' | Measure-Object | ForEach-Object Count)"
            Get-UserProfile | Sort-Object DistinctId | ForEach-Object { $_.Properties.ToString() }
            """);
        var result = Run("-NoProfile", "-File", script);
        Assert.Equal("", result.Errors);
        Assert.Equal(["1 1", "{\"n\":1}", "{\"n\":2}"], result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));
    }
}
