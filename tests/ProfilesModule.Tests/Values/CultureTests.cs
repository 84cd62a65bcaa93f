using System.Data;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>Names, numbers and dates mean the same whatever the culture of the session is.</summary>
public sealed class CultureTests : ConnectedTests
{
    public static TheoryData<string> Cultures => ["en-US", "de-DE", "tr-TR", "ar-SA", "th-TH"];

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Columns_are_left_out_by_their_names(string culture)
    {
        var file = Folder.Write("users.csv", "user_id,$email,INTERNAL_NOTE,internal_score,plan\n1,iris@example.com,secret,7,pro\n");
        foreach (var (arguments, json) in new[]
        {
            ("-ExcludeProperty '*internal*', '$EMAIL'", """{"plan":"pro"}"""),
            ("-ExcludeProperty internal_note, INTERNAL_SCORE", """{"$email":"iris@example.com","plan":"pro"}"""),
            ("-Property INTERNAL_*, PLAN", """{"INTERNAL_NOTE":"secret","internal_score":"7","plan":"pro"}"""),
            ("-HashProperty INTERNAL_note -Property plan", """{"plan":"pro"}"""),
            ("-PropertyMap @{ internal_NOTE = 'n' } -Property internal_note", """{"n":"secret"}"""),
        })
        {
            InCulture(culture, $"$null = Import-UserProfileCsv $file -IdentifierColumn USER_ID {arguments}", new { file });
            Assert.Equal(json, Service.Profiles["1"].GetRawText());
        }
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Values_are_written_and_read_alike(string culture)
    {
        var file = Folder.Write("users.csv", "user_id,n,b,d,t,i\n1,1.5,TRUE,2026-01-31,2026-01-31T12:00:00+02:00,12\n");
        InCulture(culture, "$null = Import-UserProfileCsv $file -IdentifierColumn user_id -PropertyType @{ N = 'number'; b = 'BOOLEAN'; D = 'date'; t = 'Date' } -InferType", new { file });
        Assert.Equal("""{"n":1.5,"b":true,"d":"2026-01-31","t":"2026-01-31T10:00:00","i":12}""", Service.Profiles["1"].GetRawText());
        InCulture(culture, "[pscustomobject]@{ DISTINCT_ID = 12; n = 1.5; d = [datetime]'2026-01-31T12:00:00Z'; half = [Half]0.5; big = -12345678901234567890n; day = [DateOnly]::new(2026, 1, 31); time = [TimeOnly]::new(13, 5); k = @{ 1.5d = 1 } } | Set-UserProfile");
        Assert.Equal(
            """{"n":1.5,"d":"2026-01-31T12:00:00","half":0.5,"big":-12345678901234567890,"day":"2026-01-31","time":"13:05:00","k":{"1.5":1}}""",
            Service.Profiles["12"].GetRawText());
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Filters_have_the_same_numbers(string culture)
    {
        InCulture(culture, "Get-UserProfile -PropertyEquals @{ n = 1.5; i = -3 } -ErrorAction Ignore -MaximumRetryCount 0 -Connection (Connect-UserProfileService -Token t -ProjectId 1 -ServiceAccount ([pscredential]::new('u', (ConvertTo-SecureString s -AsPlainText -Force))) -Endpoint $endpoint -PassThru)", new { endpoint = Service.Endpoint }, succeeds: false);
        var where = Uri.UnescapeDataString(Service.Bodies.Last().Replace('+', ' '));
        Assert.Contains("== 1.5", where, StringComparison.Ordinal);
        Assert.Contains("== -3", where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("date", "", "2026-01-31")]
    [InlineData("date", "-TimeZone Europe/Vienna", "2026-01-31")]
    [InlineData("timestamp", "", "2026-01-31T00:00:00")]
    [InlineData("timestamp", "-TimeZone Europe/Vienna", "2026-01-30T23:00:00")]
    public void A_date_of_a_reader_is_what_its_schema_says(string type, string arguments, string expected)
    {
        var record = RecordProxy.Of(("DistinctId", "text", "x"), ("d", type, new DateTime(2026, 1, 31, 0, 0, 0, DateTimeKind.Unspecified)));
        Session.Run($"$record | Set-UserProfile {arguments}", new { record }).Succeeded();
        Assert.Equal(expected, Service.Profiles["x"].GetProperty("d").GetString());
    }

    [Fact]
    public void A_column_of_a_table_without_times_has_dates_in_every_zone()
    {
        using var table = new DataTable();
        table.Columns.Add("DistinctId");
        table.Columns.Add("born", typeof(DateTime));
        table.Columns.Add("seen", typeof(DateTime));
        table.Rows.Add("a", new DateTime(1990, 1, 31), new DateTime(2026, 1, 31));
        table.Rows.Add("b", DBNull.Value, new DateTime(2026, 1, 31, 13, 0, 0));
        Session.Run("$rows | Set-UserProfile -TimeZone Europe/Vienna -EmptyCell Skip", new { rows = table.Rows }).Succeeded();
        Assert.Equal("""{"born":"1990-01-31","seen":"2026-01-30T23:00:00"}""", Service.Profiles["a"].GetRawText());
        Assert.Equal("""{"seen":"2026-01-31T12:00:00"}""", Service.Profiles["b"].GetRawText());
    }

    [Theory]
    [InlineData("de-DE", "1.2.2026", "2026-02-01")]
    [InlineData("de-DE", "1. Februar 2026", "2026-02-01")]
    [InlineData("de-DE", "01.02.26", "2026-02-01")]
    [InlineData("de-DE", "01.02.2026 00:00", "2026-02-01T00:00:00")]
    [InlineData("de-DE", "Sonntag, 1. Februar 2026 12:30", "2026-02-01T12:30:00")]
    [InlineData("en-US", "2/1/2026 3:05 PM", "2026-02-01T15:05:00")]
    [InlineData("en-US", "Feb 1, 2026", "2026-02-01")]
    [InlineData("th-TH", "1/2/2569", "2026-02-01")]
    [InlineData("fa-IR", "1404/11/12", "2026-02-01")]
    [InlineData("th-TH", "2026-02-01", "2026-02-01")]
    [InlineData("fa-IR", "2026-02-01T12:00:00Z", "2026-02-01T12:00:00")]
    [InlineData("ar-SA", "2026-02-01", "2026-02-01")]
    [InlineData("de-DE", "1.2", null)]
    [InlineData("de-DE", "1.2. 12:26", null)]
    [InlineData("de-DE", "Januar 2026", null)]
    [InlineData("de-DE", "1. Februar", null)]
    [InlineData("en-US", "3/4", null)]
    [InlineData("en-US", "3/4 3 PM", null)]
    [InlineData("en-US", "12:30", null)]
    [InlineData("en-US", "Monday", null)]
    [InlineData("th-TH", "1/2/2026", null)]
    [InlineData("fa-IR", "2026/01/31", null)]
    [InlineData("", "0001-01-01T00:00:00+02:00", null)]
    [InlineData("", "9999-12-31T23:00:00-02:00", null)]
    public void A_date_of_a_culture_is_whole_or_refused(string culture, string text, string? expected)
    {
        var file = Folder.Write("d.csv", $"DistinctId\td\nx\t{text}\n");
        Session.Run($"$null = Import-UserProfileCsv $file -Delimiter \"`t\" -PropertyType @{{ d = 'Date' }} -Culture '{culture}' -ErrorAction Ignore", new { file });
        Assert.Equal(expected, Service.Profiles.TryGetValue("x", out var profile) ? profile.GetProperty("d").GetString() : null);
    }

    [Theory]
    [InlineData("-DateFormat dd.MM")]
    [InlineData("-DateFormat yyyy-MM-dd, 'MMMM yyyy'")]
    [InlineData("-DateFormat y -Culture de-DE")]
    [InlineData("-DateFormat \"dddd 'd' MM yyyy\"")]
    public void A_format_without_a_whole_date_is_refused(string arguments)
    {
        var result = Session.Run($"Import-UserProfileCsv $file -PropertyType @{{ d = 'Date' }} {arguments}", new { file = Folder.Write("d.csv", "DistinctId,d\nx,1\n") });
        Assert.StartsWith("InvalidDateFormat", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[datetime]::MinValue", "-TimeZone Europe/Vienna")]
    [InlineData("[datetime]::MaxValue", "-TimeZone America/New_York")]
    public void A_time_that_utc_does_not_have_is_refused(string value, string arguments)
    {
        var result = Session.Run($"[pscustomobject]@{{ DistinctId = 'x'; d = {value} }} | Set-UserProfile {arguments}");
        Assert.StartsWith("UnsupportedValue", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Theory]
    [InlineData("[datetime]::MinValue")]
    [InlineData("[DateOnly]::MinValue")]
    [InlineData("[DateTimeOffset]::MinValue")]
    [InlineData("'0001-01-01T00:00:00'")]
    [InlineData("@{ a = '0001-01-01' }")]
    public void The_first_date_of_all_is_warned_about(string value)
    {
        Assert.Contains("0001-01-01", Assert.Single(Session.Run($"[pscustomobject]@{{ DistinctId = 'x'; d = {value} }} | Set-UserProfile").Succeeded().Warnings), StringComparison.Ordinal);
        var file = Folder.Write("d.csv", "DistinctId,d\nx,0001-01-01\n");
        Assert.Contains("0001-01-01", Assert.Single(Session.Run("$null = Import-UserProfileCsv $file -PropertyType @{ d = 'Date' }", new { file }).Succeeded().Warnings), StringComparison.Ordinal);
    }

    private void InCulture(string culture, string script, object? variables = null, bool succeeds = true)
    {
        var result = Session.Run($"[cultureinfo]::CurrentCulture = '{culture}'; [cultureinfo]::CurrentUICulture = '{culture}'; try {{ {script} }} finally {{ [cultureinfo]::CurrentCulture = 'en-US'; [cultureinfo]::CurrentUICulture = 'en-US' }}", variables);
        if (succeeds)
            result.Succeeded();
    }

    [Theory]
    [InlineData("th-TH", "31.01.2026", "-DateFormat dd.MM.yyyy", null)]
    [InlineData("th-TH", "31.01.2569", "-DateFormat dd.MM.yyyy", "2026-01-31")]
    [InlineData("th-TH", "2026-01-31 10:00:00", "-DateFormat 'yyyy-MM-dd HH:mm:ss'", "2026-01-31T10:00:00")]
    [InlineData("fa-IR", "31.01.2026", "-DateFormat dd.MM.yyyy", null)]
    [InlineData("zh-CN", "2026年1月", "", null)]
    [InlineData("zh-CN", "2026年1月15日", "", "2026-01-15")]
    [InlineData("ja-JP", "2026年1月", "", null)]
    [InlineData("ko-KR", "2026년 1월", "", null)]
    [InlineData("ko-KR", "2026년 1월 15일", "", "2026-01-15")]
    [InlineData("", "0001-01-01T00:00:00", "-TimeZone America/New_York", "0001-01-01T05:00:00")]
    [InlineData("", "0001-01-01T00:00:00", "-TimeZone Europe/Vienna", null)]
    [InlineData("", "9999-12-31T10:00:00+00:00", "", "9999-12-31T10:00:00")]
    [InlineData("", "9999-12-31T23:00:00-02:00", "", null)]
    public void A_date_of_a_file_is_the_one_that_was_written_or_none(string culture, string cell, string parameters, string? sent)
    {
        var file = Folder.Write("dates.csv", $"distinct_id,d\n1,{cell}\n");
        var result = Session.Run($"Import-UserProfileCsv $file -PropertyType @{{ d = 'Date' }} -Culture '{culture}' {parameters}", new { file });
        if (sent is null)
            Assert.StartsWith("UnsupportedValue", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        else
            Assert.Equal(sent, Service.Profiles["1"].GetProperty("d").GetString());
        Assert.Equal(sent is null ? 1 : 0, result.Output.Single().Properties["ExitCode"].Value);
    }
}
