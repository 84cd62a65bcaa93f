using System.Globalization;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Storage;

namespace ProfilesModule.Import;

/// <summary>The partition that a command takes, as its parameters or the engine that started it say.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Source">The variable of the engine that says so; null where the parameters do.</param>
internal sealed record PartitionChoice(Partition Partition, string? Source)
{
    /// <summary>What stands for the number of the partition in paths.</summary>
    public const string Placeholder = "{partition}";

    /// <summary>The value of the parameter that leaves the choice to the engine.</summary>
    public const string Auto = "Auto";

    /// <summary>The partition of the parameters of a command; null where it takes all rows.</summary>
    /// <param name="partition">-Partition; null where it was not specified.</param>
    /// <param name="count">-PartitionCount; null where it was not specified.</param>
    /// <param name="variable">The value of a variable of the environment; null for none.</param>
    /// <exception cref="FailureException">They do not say which partition it is.</exception>
    public static PartitionChoice? Of(string? partition, int? count, Func<string, string?> variable)
    {
        if (partition is null)
            return count is null ? null : throw new FailureException(Failures.PartitionNeeded("-PartitionCount"));
        if (partition.Equals(Auto, StringComparison.OrdinalIgnoreCase))
            return OfEngine(count, variable);
        if (!int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new FailureException(Failures.InvalidPartition(partition));
        return new(Checked(number, count ?? throw new FailureException(Failures.PartitionCountNeeded(partition))), null);
    }

    /// <summary>A path in which the number stands for its placeholder.</summary>
    /// <param name="path">The path; null for none.</param>
    /// <param name="parameter">The parameter that has it.</param>
    /// <param name="partition">The partition; null where the command takes all rows.</param>
    /// <exception cref="FailureException">Another task would use the same path.</exception>
    public static string? PathFor(string? path, string parameter, Partition? partition)
    {
        if (path?.Contains(Placeholder, StringComparison.Ordinal) == true)
        {
            return partition is null
                ? throw new FailureException(Failures.PartitionNeeded($"{Placeholder} in {parameter}"))
                : path.Replace(Placeholder, partition.Number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        return path is null || partition is not { Count: > 1 } || PrivateFile.IsDevice(path)
            ? path
            : throw new FailureException(Failures.PartitionPathShared(parameter, path));
    }

    private static PartitionChoice OfEngine(int? count, Func<string, string?> variable)
    {
        var found = Engine.All.Where(engine => variable(engine.Index) is { Length: > 0 }).ToArray();
        if (found is not [var engine])
            throw new FailureException(Failures.NoPartitionOfEngine([.. (found.Length > 0 ? found : Engine.All).Select(e => e.Index)], found.Length));
        var told = Number(engine.Count);
        if (told is not null && count is not null && told != count)
            throw new FailureException(Failures.PartitionCountDiffers(engine.Count!, told.Value, count.Value, engine.Index));
        var all = told ?? count ?? throw new FailureException(Failures.PartitionCountNeeded($"{Auto} with {engine.Index}"));
        var (first, step) = (Number(engine.First) ?? engine.DefaultFirst(variable), Math.Max(1, Number(engine.Step) ?? 1));
        var (index, last) = (Number(engine.Index)!.Value - first, Number(engine.Last));
        if (index % step != 0 || (last is not null && last - first != (all - 1) * (long)step))
            throw new FailureException(Failures.IrregularPartitions(engine.Index));
        return new(Checked(index / step, all), engine.Index);

        int? Number(string? name) => name is null || variable(name) is not { Length: > 0 } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FailureException(Failures.InvalidPartitionVariable(name, text));
    }

    private static Partition Checked(int number, int count) => number >= 0 && number < count
        ? new(number, count)
        : throw new FailureException(Failures.PartitionOutOfRange(number, count));

    /// <summary>An engine that numbers its tasks in variables of the environment.</summary>
    /// <param name="Index">The number of the task.</param>
    /// <param name="Count">How many tasks there are; null where the engine does not say.</param>
    private sealed record Engine(string Index, string? Count)
    {
        public static readonly Engine[] All =
        [
            new("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT")
            {
                First = "SLURM_ARRAY_TASK_MIN",
                Last = "SLURM_ARRAY_TASK_MAX",
                Step = "SLURM_ARRAY_TASK_STEP",
            },
            new("JOB_COMPLETION_INDEX", null),
            new("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),

            // GitLab counts from 1, others that have the same variables from 0.
            new("CI_NODE_INDEX", "CI_NODE_TOTAL") { DefaultFirst = variable => variable("GITLAB_CI") is { Length: > 0 } ? 1 : 0 },
        ];

        /// <summary>The number of the first task.</summary>
        public string? First { get; init; }

        /// <summary>The number of the last task.</summary>
        public string? Last { get; init; }

        /// <summary>The distance between the numbers.</summary>
        public string? Step { get; init; }

        /// <summary>The number of the first task, where no variable has it.</summary>
        public Func<Func<string, string?>, int> DefaultFirst { get; init; } = _ => 0;
    }
}
