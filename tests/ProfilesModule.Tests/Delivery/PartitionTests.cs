using System.Globalization;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Tests.Databases;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Commands that take a part of their rows.</summary>
public sealed class PartitionTests : ConnectedTests
{
    // Letters that JSON and CSV escape, blanks at the ends, numbers, and what is not ASCII.
    private static readonly Gen<string> Id = Gen.Frequency(
        (3, Gen.Int[1, 1_000_000_000].Select(number => number.ToString(CultureInfo.InvariantCulture))),
        (2, Gen.OneOfConst("ann@example.com", "Zoë 🙂", "a,b", "say \"hi\"", "back\\slash", " blanks ", "東京", "6f9619ff-8b86-d011-b42d-00cf4fc964ff")),
        (3, Gen.String[Gen.OneOfConst("abcäöß東,;\"'\\ -._".ToCharArray()), 2, 12].Select(text => "x" + text)));

    [Fact]
    public void A_row_is_in_the_same_partition_wherever_it_comes_from() => Gen.Select(Id.Array[1, 40].Select(ids => ids.Distinct().ToArray()), Gen.Int[2, 5]).Sample(
        (ids, count) =>
        {
            var lines = ids.Select((id, i) => $"{Quoted(id)},{i}");
            Folder.Write("a.csv", $"distinct_id,v\n{string.Join('\n', lines)}\n");
            Folder.Write("a.json", string.Concat(ids.Select((id, i) => JsonOf(id, i) + "\n")));
            var all = new List<string>();
            for (var number = 0; number < count; number++)
            {
                var partition = $"-Partition {number} -PartitionCount {count}";
                var expected = Sent($"Import-UserProfileCsv $folder/a.csv {partition}");
                Assert.Equal(expected, Sent($"Import-UserProfileJson $folder/a.json {partition}"));
                Assert.Equal(expected, Sent($"Import-Csv $folder/a.csv | Set-UserProfile {partition}"));
                Assert.Equal(expected, Sent($"Get-Content $folder/a.json | ConvertFrom-Json | Set-UserProfile {partition}"));
                Assert.Equal(expected, Sent($"Import-UserProfileQuery $query -Provider Sqlite -ConnectionString 'Data Source=:memory:' {partition}", Query(ids)));
                all.AddRange(expected);
            }

            Assert.Equal(ids.Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
        },
        iter: 12,
        threads: 1);

    [Theory]
    [InlineData("Import-UserProfileCsv $folder/a.txt", "distinct_id,v\n1,a\n,no id\n2,b,too many\n\n3,c\n4,d\n5\n6,f\nnull,x\n")]
    [InlineData("Import-UserProfileJson $folder/a.txt", "{\"distinct_id\":1}\n{\"v\":2}\nnot json\n{\"distinct_id\":\" \"}\n[1]\n{\"distinct_id\":2,\"v\":{\"$oid\":1}}\n{\"distinct_id\":3}\n{\"distinct_id\":[4]}\n{\"distinct_id\":5,\"distinct_id\":6}\n")]
    public void Counts_of_tasks_add_up_and_a_bad_row_is_told_of_once(string import, string text)
    {
        Folder.Write("a.txt", text);
        var whole = Session.Run(import, new { folder = Folder.Path });
        var parts = Enumerable.Range(0, 3).Select(number => Session.Run($"{import} -Partition {number} -PartitionCount 3")).ToArray();
        foreach (var count in (string[])["Read", "Accepted", "Rejected", "Skipped", "Unsent"])
            Assert.Equal((long)whole.Value(count)!, parts.Sum(part => (long)part.Value(count)!));
        Assert.Equal(Messages([whole]), Messages(parts));
        Assert.All(parts, part => Assert.Equal((long)whole.Value("Read")!, (long)part.Value("Read")! + (long)part.Value("OtherPartitions")!));
        Assert.Equal([0, 1, 2], parts.Select(part => part.Value("Partition")));
    }

    [Fact]
    public void A_bad_object_of_the_pipeline_is_told_of_once()
    {
        const string Send = "@{ distinct_id = 1; v = 1 }, @{ v = 2 }, @{ distinct_id = '' }, @{ distinct_id = 3; v = [object]::new() }, @{ distinct_id = @(1, 2) }, @{ distinct_id = 'null' } | Set-UserProfile";
        var whole = Session.Run(Send);
        var parts = Enumerable.Range(0, 3).Select(number => Session.Run($"{Send} -Partition {number} -PartitionCount 3")).ToArray();
        Assert.Equal(5, whole.Errors.Count);
        Assert.Equal(Messages([whole]), Messages(parts));
        Assert.Equal(2, Service.Applied["1"]);
    }

    [Fact]
    public void A_hashed_identifier_is_in_the_partition_of_its_hash()
    {
        Write(50);
        var ids = Enumerable.Range(0, 4).SelectMany(number => Sent($"Import-UserProfileCsv $folder/a.csv -HashProperty distinct_id -Partition {number} -PartitionCount 4")).ToArray();
        Assert.Equal(50, ids.Distinct().Count());
        Assert.Equal(50, ids.Length);
        var again = Enumerable.Range(0, 4).Select(number => Sent($"Import-Csv $folder/a.csv | Select-Object @{{ n = 'id'; e = {{ $_.distinct_id }} }} | Set-UserProfile -IdentifierProperty id -Partition {number} -PartitionCount 4").Length);
        Assert.Equal(50, again.Sum());
    }

    [Fact]
    public void Rows_with_random_identifiers_are_dealt_out()
    {
        Folder.Write("a.csv", "v\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i}\n")));
        var values = Enumerable.Range(0, 3).SelectMany(number =>
        {
            Service.Clear();
            Session.Run($"Import-UserProfileCsv $folder/a.csv -RandomIdentifier -Partition {number} -PartitionCount 3", new { folder = Folder.Path }).Succeeded();
            return Service.Updates().Select(update => update.Properties).ToArray();
        });
        Assert.Equal(20, values.Distinct().Count());
    }

    [Fact]
    public void Only_the_last_row_of_an_identifier_is_sent_in_its_partition()
    {
        Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"u{i % 20},{i}\n")));
        var values = Enumerable.Range(0, 3).SelectMany(number =>
        {
            Service.Clear();
            Session.Run($"Import-UserProfileCsv $folder/a.csv -Unique -Partition {number} -PartitionCount 3", new { folder = Folder.Path }).Succeeded();
            return Service.Updates().Select(update => update.Properties).ToArray();
        });
        Assert.Equal(Enumerable.Range(40, 20).Select(i => $$"""{"v":"{{i}}"}""").Order(), values.Order());
    }

    [Fact]
    public void Each_task_has_files_of_its_own()
    {
        Write(40);
        for (var number = 0; number < 2; number++)
        {
            var result = Session.Run(
                $"Import-UserProfileCsv $folder/a.csv -Partition {number} -PartitionCount 2 -JournalPath '{Folder.Path}/{{partition}}.journal' -RejectPath '{Folder.Path}/{{partition}}.csv' -LogPath '{Folder.Path}/{{partition}}.log'",
                new { folder = Folder.Path }).Succeeded();
            var lines = File.ReadAllLines(Folder.File($"{number}.log")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
            Assert.Equal(("start", number, 2), Event(lines[0]));
            Assert.Equal(("end", number, 2), Event(lines[^1]));
            Assert.Equal(result.Value("OtherPartitions"), lines[^1].GetProperty("otherPartitions").GetInt64());
            Assert.True(File.Exists(Folder.File($"{number}.journal")) && File.Exists(Folder.File($"{number}.csv")));
        }

        static (string?, int, int) Event(JsonElement line) =>
            (line.GetProperty("event").GetString(), line.GetProperty("partition").GetInt32(), line.GetProperty("partitionCount").GetInt32());
    }

    [Theory]
    [InlineData("-Partition 1 -PartitionCount 2", "{partition}.journal", "-Partition was 0 and is 1")]
    [InlineData("-Partition 0 -PartitionCount 3", "{partition}.journal", "-PartitionCount was 2 and is 3")]
    [InlineData("", "0.journal", "-Partition was 0 and is not specified, -PartitionCount was 2 and is not specified")]
    public void The_journal_of_another_partition_is_refused(string partition, string path, string difference)
    {
        Write(40);
        Session.Run($"Import-UserProfileCsv $folder/a.csv -Partition 0 -PartitionCount 2 -JournalPath '{Folder.Path}/{{partition}}.journal'", new { folder = Folder.Path }).Succeeded();
        File.Copy(Folder.File("0.journal"), Folder.File("1.journal"));
        var result = Session.Run($"Import-UserProfileCsv $folder/a.csv -Resume {partition} -JournalPath '{Folder.Path}/{path}'");
        Assert.Contains(difference, Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_was_broken_off_resumes_its_partition()
    {
        Write(3000);
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number == 3 ? (401, "{}") : null);
        var run = $"Import-UserProfileCsv $folder/a.csv -Resume -Partition 2 -PartitionCount 3 -BatchSize 100 -MaxConcurrency 1 -JournalPath '{Folder.Path}/{{partition}}.journal'";
        var broken = Session.Run(run, new { folder = Folder.Path });
        Assert.Equal(2, broken.Value("ExitCode"));
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var resumed = Session.Run(run).Succeeded();
        Assert.Equal(3000L, (long)resumed.Value("Read")! + (long)resumed.Value("OtherPartitions")!);
        Assert.Equal((long)resumed.Value("Read")!, resumed.Value("Accepted"));
        Assert.Equal(200L, resumed.Value("Resumed"));
        Assert.Equal((long)resumed.Value("Read")!, Service.Applied.Count);
        Assert.All(Service.Applied, a => Assert.Equal(1, a.Value));
    }

    [Fact]
    public void What_would_be_sent_is_counted_for_the_partition()
    {
        Write(40);
        var result = Session.Run("Import-UserProfileCsv $folder/a.csv -Partition 1 -PartitionCount 2 -WhatIf", new { folder = Folder.Path }).Succeeded();
        Assert.Equal(40L, (long)result.Value("Skipped")! + (long)result.Value("OtherPartitions")!);
        Assert.InRange((long)result.Value("Skipped")!, 1, 39);
    }

    [Fact]
    public void A_query_can_choose_the_rows_itself()
    {
        const string Query = "with recursive n(id) as (select 1 union all select id + 1 from n where id < 30) select id as distinct_id, id as v from n where id % @partitionCount = @partition";
        var ids = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            var sent = Sent($"Import-UserProfileQuery $query -Provider Sqlite -ConnectionString 'Data Source=:memory:' -Parameter @{{ partition = 0; partitionCount = 1 }} -Partition {number} -PartitionCount 3", Query);
            Assert.All(sent, id => Assert.Equal(number, int.Parse(id, CultureInfo.InvariantCulture) % 3));
            ids.AddRange(sent);
        }

        Assert.Equal(30, ids.Count);
        Assert.Equal(30, Sent("Import-UserProfileQuery $query -Provider Sqlite -ConnectionString 'Data Source=:memory:' -Parameter @{ partition = 0; partitionCount = 1 }", Query).Length);
    }

    private static string[] Messages(IEnumerable<ScriptResult> results) => [.. results.SelectMany(result => result.Errors).Select(error => error.ToString()).Order()];

    private static string JsonOf(string id, int value) =>
        long.TryParse(id, out _) ? $$"""{"distinct_id":{{id}},"v":{{value}}}""" : $$"""{"distinct_id":{{JsonSerializer.Serialize(id)}},"v":{{value}}}""";

    private static string Query(IEnumerable<string> ids) => string.Join(" union all ", ids.Select((id, i) =>
        $"select {(long.TryParse(id, out _) ? id : $"'{id.Replace("'", "''", StringComparison.Ordinal)}'")} as distinct_id, {i} as v"));

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void Write(int rows) =>
        Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"user{i},{i}\n")));

    /// <summary>The identifiers that a script sends, in their order in each kind of input.</summary>
    private string[] Sent(string script, string query = "")
    {
        Service.Clear();
        Session.Run(script, new { folder = Folder.Path, query }).Succeeded();
        return [.. Service.Updates().Select(update => update.Id)];
    }
}
