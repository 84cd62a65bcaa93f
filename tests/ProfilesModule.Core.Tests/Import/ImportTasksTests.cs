using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Import.Tasks;

namespace ProfilesModule.Core.Tests.Import;

/// <summary>The account of tasks, from logs as their runs leave them.</summary>
public sealed class ImportTasksTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_task_counts_once_however_logs_are_interleaved_copied_and_cut() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int).Sample((count, seed) =>
        {
            var random = new Random(seed);
            var tasks = Enumerable.Range(0, count).Select(partition => new ModelTask(partition, count, random)).ToArray();
            var tasksFound = tasks.Where(task => task.Runs.Count > 0).ToArray();
            var runs = tasksFound.SelectMany(task => task.Runs).ToArray();
            random.Shuffle(runs);
            var logs = runs.Chunk(random.Next(1, 4)).Select(some => Interleave(some, random)).ToList();
            logs.AddRange(logs.Where(_ => random.Next(2) == 0).Select(log => log[..random.Next(log.Count + 1)]).ToArray());

            var found = Read(logs.OrderBy(_ => random.Next()));
            Assert.Equal(tasksFound.Sum(task => task.Read), found.Tasks.Sum(task => task.Account.Read));
            Assert.Equal(tasksFound.Sum(task => task.Accepted), found.Tasks.Sum(task => task.Account.Accepted));
            Assert.Equal(tasksFound.Sum(task => task.Rejected), found.Tasks.Sum(task => task.Account.Rejected));
            Assert.Equal(tasksFound.Sum(task => task.Requests), found.Tasks.Sum(task => task.Account.Requests));
            Assert.Equal(tasksFound.Select(task => task.Name), found.Tasks.Select(task => task.Name));
            Assert.Equal(tasksFound.Select(task => task.ExitCode), found.Tasks.Select(task => task.ExitCode));
            Assert.Equal(tasksFound.Select(task => task.Runs.Count), found.Tasks.Select(task => task.Runs));
            if (tasksFound.Length == 0)
                return;
            Assert.Equal(tasks.Except(tasksFound).Select(task => task.Name), found.Missing);
            Assert.Equal(count, found.Expected);
            int[] order = [0, 1, 75, 2];
            var codes = tasks.Select(task => task.Runs.Count == 0 ? 75 : task.ExitCode);
            Assert.Equal(codes.MaxBy(code => Array.IndexOf(order, code)), found.ExitCode);
        });

    [Fact]
    public void An_earlier_import_of_the_same_input_does_not_count()
    {
        var yesterday = Run("a", Noon, "\"source\":\"/users.csv\"", End(10, 0));
        var today = Run("b", Noon.AddDays(1), "\"source\":\"/users.csv\"", End(12, 0));
        var task = Assert.Single(Read([[.. yesterday, .. today]]).Tasks);
        Assert.Equal((12L, 1, "/users.csv"), (task.Account.Read, task.Runs, task.Name));
        Assert.True(task.Duration < TimeSpan.FromHours(1));
    }

    [Fact]
    public void Of_two_numbers_of_partitions_the_later_counts()
    {
        var eight = Run("a", Noon, "\"source\":\"/u\",\"partition\":7,\"partitionCount\":8", End(10, 0));
        var four = Run("b", Noon.AddHours(1), "\"source\":\"/u\",\"partition\":3,\"partitionCount\":4", End(20, 0));
        var found = Read([four, eight]);
        Assert.Equal((20L, 4, 75), (found.Tasks.Sum(task => task.Account.Read), found.Expected, found.ExitCode));
        Assert.Equal(("/u", 4, 8), Assert.Single(found.Divided));
        Assert.Equal(["0", "1", "2"], found.Missing);
    }

    [Fact]
    public void A_task_that_failed_before_it_read_anything_is_the_one_of_its_log()
    {
        var killed = Run("a", Noon, "\"source\":\"/u\"");
        var failed = Run("b", Noon.AddHours(1), "\"mayStartAgain\":true", End(0, 2));
        var task = Assert.Single(Read([[.. killed, .. failed]]).Tasks);
        Assert.Equal((2, 2, TaskOutcome.Failed), (task.Runs, task.ExitCode, task.Outcome));
    }

    [Theory]
    [InlineData("-", 2)]
    [InlineData("/users.csv", 1)]
    public void Standard_input_is_another_in_each_log(string source, int tasks) => Assert.Equal(tasks, Read(
    [
        Run("a", Noon, $"\"source\":\"{source}\"", End(1, 0)),
        Run("b", Noon, $"\"source\":\"{source}\"", End(1, 0)),
    ]).Tasks.Count);

    [Fact]
    public void What_is_not_a_line_of_a_log_costs_no_other()
    {
        string[] damaged =
        [
            "{\"event\":\"end\",\"run\":\"a\",\"n\":2,\"read\":5,\"accepted\":4,\"exitCode\":0}", "{\"event\":\"end\",\"run\":", "[]", "null", "{}",
            "{\"n\":9223372036854775808}", new string('x', 200_000), "\0\u0001", "{\"event\":\"start\",\"run\":\"b\",\"n\":1,\"partition\":3,\"partitionCount\":3}",
        ];
        var run = Run("a", Noon, "\"source\":\"/u\"", End(10, 0));
        var (lines, records) = ReadLines([run[0], "", .. damaged, run[^1]]);
        Assert.Equal((2, damaged.Length, 3L, false), (records, lines.Damaged, lines.FirstDamaged, lines.IsForeign));
        (lines, records) = ReadLines(damaged);
        Assert.Equal((0, damaged.Length, 1L, true), (records, lines.Damaged, lines.FirstDamaged, lines.IsForeign));
    }

    [Fact]
    public void Memory_does_not_grow_with_a_file_without_lines()
    {
        var before = GC.GetTotalAllocatedBytes();
        var lines = new LogLines(new Zeros(1 << 30));
        Assert.Empty(lines.Read());
        Assert.True(lines.IsForeign);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100 << 20);
    }

    [Fact]
    public void A_line_that_is_being_written_does_not_count()
    {
        var run = Run("a", Noon, "\"source\":\"/u\"", End(10, 0));
        foreach (var length in Enumerable.Range(0, run[1].Length))
        {
            var lines = new LogLines(new MemoryStream(Encoding.UTF8.GetBytes($"{run[0]}\n{run[1][..length]}")));
            Assert.Single(lines.Read());
            Assert.Equal(0, lines.Damaged);
        }
    }

    private static ImportTasks Read(IEnumerable<IReadOnlyList<string>> logs)
    {
        var (tasks, number) = (new ImportTasks(), 0);
        foreach (var log in logs)
        {
            var name = $"{++number}.log";
            foreach (var record in new LogLines(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', log)))).Read())
                tasks.Add(name, record);
        }

        tasks.Find();
        return tasks;
    }

    private static (LogLines Lines, int Records) ReadLines(string[] text)
    {
        var lines = new LogLines(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(text.Select(line => line + "\n")))));
        return (lines, lines.Read().Count());
    }

    private static List<string> Interleave(IReadOnlyList<string>[] runs, Random random)
    {
        var (log, next) = (new List<string>(), new int[runs.Length]);
        while (Enumerable.Range(0, runs.Length).Where(i => next[i] < runs[i].Count).ToArray() is { Length: > 0 } left)
        {
            var run = left[random.Next(left.Length)];
            log.Add(runs[run][next[run]++]);
        }

        return log;
    }

    private static string End(long read, int exitCode) => $"\"event\":\"end\",\"read\":{read},\"accepted\":{read},\"exitCode\":{exitCode}";

    private static List<string> Run(string id, DateTimeOffset started, string start, params string[] lines) =>
    [
        .. lines.Prepend($"\"event\":\"start\",\"endpoint\":\"http://x/\",{start}").Select((line, i) =>
            $"{{\"time\":\"{started.AddSeconds(i):O}\",\"run\":\"{id}\",\"n\":{i + 1},{line}}}"),
    ];

    /// <summary>A task that is started again until it is complete, or nobody starts it again, with what its account must be.</summary>
    private sealed class ModelTask
    {
        public ModelTask(int partition, int count, Random random)
        {
            Name = partition.ToString(CultureInfo.InvariantCulture);
            var time = Noon.AddSeconds(random.Next(100));
            for (var more = random.Next(4); more > 0; more--)
            {
                var start = $"\"source\":\"/users.csv\",\"partition\":{partition},\"partitionCount\":{count},\"mayStartAgain\":true,"
                    + $"\"read\":{Read},\"accepted\":{Accepted},\"rejected\":{Rejected}";
                var requests = Enumerable.Range(0, random.Next(5)).Select(_ => (Rows: random.Next(1, 300), IsAccepted: random.Next(3) > 0)).ToList();
                var lines = requests.Select(request =>
                    $"\"event\":\"request\",\"rows\":{request.Rows},\"outcome\":\"{(request.IsAccepted ? "Accepted" : "NotApplied")}\"").ToList();
                Accepted += requests.Where(request => request.IsAccepted).Sum(request => request.Rows);
                Read = Accepted + Rejected;
                ExitCode = new[] { 0, 1, 2, 75, -1 }[random.Next(5)];
                if (ExitCode < 0)
                {
                    // Killed: what was rejected is not known.
                    ExitCode = 75;
                    Requests += requests.Count;
                }
                else
                {
                    Rejected += ExitCode == 1 ? random.Next(1, 9) : 0;
                    Read = Accepted + Rejected;
                    var sent = requests.Count + random.Next(3);
                    Requests += sent;
                    lines.Add($"\"event\":\"end\",\"read\":{Read},\"accepted\":{Accepted},\"rejected\":{Rejected},\"requests\":{sent},\"exitCode\":{ExitCode}");
                }

                Runs.Add(Run(JsonEncodedText.Encode($"{partition}/{Runs.Count}").ToString(), time, start, [.. lines]));
                time = time.AddMinutes(1);
                if (ExitCode is 0 or 1)
                    break;
            }
        }

        public string Name { get; }

        public List<List<string>> Runs { get; } = [];

        public long Read { get; private set; }

        public long Accepted { get; private set; }

        public long Rejected { get; private set; }

        public long Requests { get; private set; }

        public int ExitCode { get; private set; }
    }

    /// <summary>A file of nothing but zeros.</summary>
    private sealed class Zeros(long length) : MemoryStream
    {
        private long _left = length;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            buffer.AsSpan(offset, read).Clear();
            _left -= read;
            return read;
        }
    }
}
