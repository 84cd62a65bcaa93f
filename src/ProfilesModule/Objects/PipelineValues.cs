using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;
using ProfilesModule.Wire;

namespace ProfilesModule;

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
