using System.Management.Automation;
using System.Text.Json.Nodes;
using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>The part of its rows that a command takes, as its parameters say.</summary>
internal static class PartitionUse
{
    /// <summary>The partition of a command; null where it takes all rows.</summary>
    /// <param name="command">The command.</param>
    /// <param name="partition">-Partition; null where it was not specified.</param>
    /// <param name="count">-PartitionCount; 0 where it was not specified.</param>
    /// <exception cref="FailureException">They do not say which partition it is.</exception>
    public static Partition? Of(PSCmdlet command, string? partition, int count)
    {
        var choice = PartitionChoice.Of(partition, count == 0 ? null : count, Environment.GetEnvironmentVariable);
        if (choice is { Source: { } source, Partition: var found })
            command.WriteDetail($"The partition is {found.Number} of {found.Count}, as the variable {source} says.");
        return choice?.Partition;
    }

    /// <summary>The values of parameters with those of the partition, if there is one: another partition is another import.</summary>
    public static IReadOnlyDictionary<string, JsonNode?> With(
        this IReadOnlyDictionary<string, JsonNode?> values, Partition? partition) => partition is null ? values
        : new Dictionary<string, JsonNode?>(values)
        {
            [nameof(ImportCommand.Partition)] = partition.Number,
            [nameof(ImportCommand.PartitionCount)] = partition.Count,
        };
}
