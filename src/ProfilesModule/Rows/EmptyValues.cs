using System.Runtime.CompilerServices;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Rows;

/// <summary>What empty values of rows of the pipeline do, in the commands that take such rows.</summary>
/// <param name="action">What -EmptyCell says.</param>
/// <param name="isGiven">Whether the user gave it.</param>
internal sealed class EmptyValues(EmptyCell action, bool isGiven)
{
    private const int MostNames = 5;

    /// <summary>What an empty value of a row does; null when it is sent as it is: what a profile has of the service is its value.</summary>
    /// <param name="row">The row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public EmptyCell? Of(PipelineRow row) => row.IsProfile && !isGiven ? null : action;

    /// <summary>The properties of a row that were sent, with their values.</summary>
    /// <param name="row">The row.</param>
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

    /// <summary>Tells which properties had empty values that were skipped, unless the user asked for it.</summary>
    /// <param name="skipped">The properties.</param>
    /// <param name="warn">Hears of it.</param>
    public void Tell(IReadOnlyList<string> skipped, Action<string> warn)
    {
        if (skipped.Count > 0 && !isGiven)
            warn($"Empty values of {Errors.Names(skipped, MostNames)} were skipped; the profiles keep what they have there. To send them, use -EmptyCell Empty or Null; to remove what is there, -EmptyCell Unset; to skip them without this warning, -EmptyCell Skip.");
    }
}
