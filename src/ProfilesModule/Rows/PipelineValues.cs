using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Rows;

/// <summary>Unwraps the values of PowerShell objects.</summary>
internal static class PipelineValues
{
    public static ValueWriter Writer { get; } = new(Unwrap) { WrapsEmpty = WrapsEmpty };

    /// <summary>Writes dates of unspecified kind as times in a time zone.</summary>
    public static ValueWriter WriterIn(TimeZoneInfo zone) => new(Unwrap) { WrapsEmpty = WrapsEmpty, TimeZone = zone };

    /// <summary>The value behind a <see cref="PSObject"/>; a custom object becomes a dictionary of its properties.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static object? Unwrap(object value)
    {
        if (value is not PSObject wrapped)
            return value is ServiceProfile profile ? profile.Properties : value;
        return wrapped.BaseObject switch
        {
            _ when wrapped == AutomationNull.Value => null,
            PSCustomObject => Properties(wrapped),
            ServiceProfile profile => profile.Properties,
            SwitchParameter flag => flag.IsPresent,
            var plain => plain,
        };
    }

    private static bool WrapsEmpty(object value) =>
        value is PSObject wrapped && (wrapped == AutomationNull.Value || wrapped.BaseObject is "" or DBNull);

    private static OrderedDictionary Properties(PSObject custom)
    {
        var properties = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var property in custom.Properties)
            properties[property.Name] = property.Value;
        return properties;
    }
}

/// <summary>Applies -EmptyCell to the empty values of pipeline rows.</summary>
/// <param name="action">The value of -EmptyCell.</param>
/// <param name="isGiven">Whether the user gave it.</param>
internal sealed class EmptyValues(EmptyCell action, bool isGiven)
{
    private const int MostNames = 5;

    /// <summary>What an empty value of a row does; null to send it as it is, because the service itself gave a profile that value.</summary>
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
