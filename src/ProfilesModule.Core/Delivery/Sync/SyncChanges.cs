using System.Text;

namespace ProfilesModule.Delivery.Sync;

/// <summary>How the rows of a run differ from a state.</summary>
internal sealed class SyncChanges
{
    /// <summary>Rows of profiles that the state does not know.</summary>
    public SyncRows New { get; } = new();

    /// <summary>Rows that differ from what the service has.</summary>
    public SyncRows Changed { get; } = new();

    /// <summary>Rows that the service has.</summary>
    public SyncRows Unchanged { get; } = new();
}

/// <summary>Rows of one kind, with the first profiles as examples.</summary>
internal sealed class SyncRows
{
    /// <summary>How many examples there are.</summary>
    public const int MostExamples = 5;

    private readonly List<string> _examples = [];

    public long Count { get; private set; }

    public IReadOnlyList<string> Examples => _examples;

    public void Add(ReadOnlySpan<byte> id)
    {
        Count++;
        if (_examples.Count < MostExamples)
            _examples.Add(Encoding.UTF8.GetString(id));
    }
}

/// <summary>Profiles that a state knows and an input does not have.</summary>
/// <param name="Ids">Those that earlier runs have sent from the same sources, with the same parameters.</param>
/// <param name="Others">How many others there are.</param>
/// <param name="Known">How many profiles the state knows.</param>
internal sealed record SyncMissing(IReadOnlyList<string> Ids, long Others, long Known);
