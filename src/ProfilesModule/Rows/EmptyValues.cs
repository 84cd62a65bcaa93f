using System.Runtime.CompilerServices;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Rows;

/// <summary>Applies -EmptyCell to the empty values of pipeline rows.</summary>
/// <param name="action">The value of -EmptyCell.</param>
/// <param name="isGiven">Whether the user gave it.</param>
internal sealed class EmptyValues(EmptyCell action, bool isGiven)
{
    private const int MostNames = 5;

    /// <summary>
    /// What an empty value of a row does; null to send it as it is, because the service itself gave a profile that value.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public EmptyCell? Of(PipelineRow row) => row.IsProfile && !isGiven ? null : action;

    /// <summary>The properties of a row that were sent, with their values.</summary>
    public PropertyDictionary Sent(PipelineRow row)
    {
        var empty = Of(row);
        var properties = new PropertyDictionary(row.Fields.Count);
        for (var i = 0; i < row.Fields.Count; i++)
        {
            var (name, value) = row.Fields[i];
            var isReplaced = empty is not null && PipelineValues.Writer.IsEmpty(value);
            if (i != row.Identifier && !(isReplaced && empty is EmptyCell.Skip or EmptyCell.Unset))
                properties[name] = !isReplaced ? value : empty is EmptyCell.Empty ? "" : null;
        }

        return properties;
    }

    /// <summary>Warns about properties whose empty values were skipped, unless the user asked for that.</summary>
    public void Tell(IReadOnlyList<string> skipped, Action<string> warn)
    {
        if (skipped.Count > 0 && !isGiven)
        {
            warn($"Empty values of {Phrase.Names(skipped, MostNames)} were skipped, and the profiles keep their values. "
                + "To send them, use -EmptyCell Empty or Null. To remove the properties, use -EmptyCell Unset. "
                + "To skip empty values without this warning, use -EmptyCell Skip.");
        }
    }
}
