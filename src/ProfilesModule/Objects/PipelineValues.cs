using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>Unwraps the values of PowerShell objects.</summary>
internal static class PipelineValues
{
    public static ValueWriter Writer { get; } = WriterIn(TimeZoneInfo.Utc);

    /// <summary>Writes dates of unspecified kind as times in a time zone.</summary>
    public static ValueWriter WriterIn(TimeZoneInfo zone) => new(Unwrap) { IsEmptyOther = IsEmpty, TimeZone = zone };

    /// <summary>The value behind a <see cref="PSObject"/>; a custom object becomes a dictionary of its properties.</summary>
    /// <exception cref="NotSupportedException">It is the copy of an object of another process, which cannot be sent.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static object? Unwrap(object value)
    {
        if (value is not PSObject wrapped)
            return Unwrapped(value);
        return wrapped.BaseObject switch
        {
            _ when wrapped == AutomationNull.Value => null,
            string text => text,
            var plain when DeserializedValue.TypeOf(wrapped) is { } type => DeserializedValue.Of(wrapped, plain, type),
            PSCustomObject => Properties(wrapped),
            IDictionary dictionary => WithMembers(wrapped, dictionary),
            var plain => Unwrapped(plain),
        };
    }

    /// <summary>
    /// The value behind an object; the object itself if it is a copy that cannot be sent, which whoever writes it will say.
    /// </summary>
    public static object? UnwrapIfPossible(object value)
    {
        try
        {
            return Unwrap(value);
        }
        catch (NotSupportedException)
        {
            return value;
        }
    }

    /// <summary>The properties of a custom object.</summary>
    public static OrderedDictionary Properties(PSObject custom)
    {
        var properties = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var property in custom.Properties)
            properties[property.Name] = property.Value;
        return properties;
    }

    private static object Unwrapped(object value) => value switch
    {
        ServiceProfile profile => profile.Properties,
        SwitchParameter flag => flag.IsPresent,
        _ => value,
    };

    private static bool IsEmpty(object value) => value is PSObject wrapped
        ? wrapped == AutomationNull.Value || wrapped.BaseObject is "" or DBNull || DeserializedValue.IsNull(wrapped)
            || ValueWriter.IsEmptyJson(wrapped.BaseObject)
        : ValueWriter.IsEmptyJson(value);

    // What Add-Member gave a hashtable is no entry of it.
    private static IDictionary WithMembers(PSObject wrapped, IDictionary dictionary)
    {
        if (!EngineView.HasOwnMembers(wrapped))
            return dictionary;
        var all = new OrderedDictionary(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in dictionary)
            all.Add(entry.Key, entry.Value);
        foreach (var member in wrapped.Properties.Where(member => member is PSNoteProperty))
        {
            if (all.Contains(member.Name))
                throw new DuplicateMemberException(member.Name);
            all.Add(member.Name, member.Value);
        }

        return all;
    }
}
