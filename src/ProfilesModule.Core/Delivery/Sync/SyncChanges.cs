using System.Text;

namespace ProfilesModule.Delivery.Sync;

/// <summary>How the rows of a run differ from a state, with the first profiles as examples.</summary>
internal sealed class SyncChanges
{
    /// <summary>How many examples there are of each.</summary>
    public const int MostExamples = 5;

    private readonly List<string> _newExamples = [];
    private readonly List<string> _changedExamples = [];

    /// <summary>Rows of profiles that the state does not know.</summary>
    public long New { get; private set; }

    /// <summary>Rows that differ from what the service has.</summary>
    public long Changed { get; private set; }

    /// <summary>Profiles that the state does not know.</summary>
    public IReadOnlyList<string> NewExamples => _newExamples;

    /// <summary>Profiles of which a row differs.</summary>
    public IReadOnlyList<string> ChangedExamples => _changedExamples;

    public void Add(bool isKnown, ReadOnlySpan<byte> id)
    {
        if (isKnown)
            Changed++;
        else
            New++;
        var examples = isKnown ? _changedExamples : _newExamples;
        if (examples.Count < MostExamples)
            examples.Add(Encoding.UTF8.GetString(id));
    }
}

/// <summary>Profiles that a state knows and an input does not have.</summary>
/// <param name="Ids">Those that earlier runs have sent from the same sources, with the same parameters.</param>
/// <param name="Others">How many others there are.</param>
/// <param name="Known">How many profiles the state knows.</param>
internal sealed record SyncMissing(IReadOnlyList<string> Ids, long Others, long Known);
