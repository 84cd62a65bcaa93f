using System.Text;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Delivery.Sync;

/// <summary>What a file says of its runs and of single profiles.</summary>
internal sealed class SyncRecords(ISyncFile file)
{
    /// <summary>All runs, the latest last.</summary>
    public IEnumerable<(SyncScope Scope, SyncRun Run)> Runs() => file.Scopes
        .SelectMany(scope => file.ReadRuns(scope.Number).Select(run => (scope, run)))
        .OrderBy(run => run.run.Number);

    /// <summary>What is known of profiles, in the order of their identifiers.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public IEnumerable<SyncRecord> Find(IReadOnlyList<string> ids)
    {
        var runs = Runs().ToDictionary(run => run.Run.Number, run => run.Run);
        var found = file.Scopes.SelectMany(scope => Find(scope, ids, runs)).ToLookup(record => record.Id);
        return ids.Distinct(StringComparer.Ordinal).SelectMany(id => found[id]);
    }

    private List<SyncRecord> Find(SyncScope scope, IReadOnlyList<string> ids, Dictionary<long, SyncRun> runs)
    {
        var wanted = ids.Select(id => ProfileHash.Of(Encoding.UTF8.GetBytes(id))).ToHashSet();
        var last = new Dictionary<string, SyncRecord>(StringComparer.Ordinal);
        var names = file.Names;
        foreach (var block in file.ReadItems(scope.Number))
        {
            for (var items = block.Span; !items.IsEmpty;)
            {
                var item = SyncItem.Read(ref items);
                if (!wanted.Contains(ProfileHash.Of(item.Id)) || Encoding.UTF8.GetString(item.Id) is var id && !ids.Contains(id))
                    continue;
                var properties = names.TryGetValue(item.Knowledge.Names, out var json) ? JsonSerializer.Deserialize<string[]>(json)! : [];
                last[id] = new(id, scope, runs.GetValueOrDefault(item.Run), item.Knowledge, item.Hash) { Properties = properties };
            }
        }

        return [.. last.Values];
    }
}

/// <summary>What a state knows of a profile.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Scope">Where its updates go.</param>
/// <param name="Run">The run that found it out; null if it is not in the file.</param>
/// <param name="Knowledge">What became of its last update.</param>
/// <param name="Hash">The hash of the update, if the service has it.</param>
internal sealed record SyncRecord(string Id, SyncScope Scope, SyncRun? Run, SyncKnowledge Knowledge, UInt128 Hash)
{
    /// <summary>The names of the properties that it got with this state.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];
}
