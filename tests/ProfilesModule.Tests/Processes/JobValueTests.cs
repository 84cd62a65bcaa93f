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
