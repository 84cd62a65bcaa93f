using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.RegularExpressions;

namespace ProfilesModule;

/// <summary>
/// Restores values that came from another process: from a job, from remoting or from Import-Clixml. The engine restores the usual types
/// itself. Of other objects it makes copies that have their properties and their text, whose type names begin with Deserialized.
/// </summary>
internal static partial class DeserializedValue
{
    /// <summary>What the names of the types of copies begin with.</summary>
    public const string Prefix = "Deserialized.";

    private const string CustomObject = "System.Management.Automation.PSCustomObject";

    /// <summary>The name of the type that a copy was made of; null if the object is not a copy.</summary>
    public static string? TypeOf(PSObject value) =>
        EngineView.TypeNames(value) is [var name, ..] && name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;

    /// <summary>Whether it is the copy of DBNull.</summary>
    public static bool IsNull(PSObject value) => TypeOf(value) == typeof(DBNull).FullName;

    /// <summary>The value that a copy was made of.</summary>
    /// <exception cref="NotSupportedException">It cannot be restored.</exception>
    public static object? Of(PSObject copy, object plain, string type)
    {
        // The engine wraps some lists twice.
        while (plain is PSObject inner)
            plain = inner.BaseObject;
        var bases = EngineView.TypeNames(copy);
        return plain switch
        {
            _ when bases.Contains(Prefix + typeof(Enum).FullName) => Property(copy, "Value").ToString(),
            PSCustomObject when bases.Contains(Prefix + CustomObject) => PipelineValues.Properties(copy),
            PSCustomObject => Scalar(copy, type),
            IDictionary dictionary => dictionary,
            IEnumerable when !Lists().IsMatch(type) => throw NotRestored(type),
            _ => plain,
        };
    }

    private static object? Scalar(PSObject copy, string type) => type switch
    {
        "System.DBNull" => null,
        "System.DateTimeOffset" => new DateTimeOffset((DateTime)Property(copy, "UtcDateTime")),
        "System.DateOnly" => DateOnly.FromDayNumber((int)Property(copy, "DayNumber")),
        "System.TimeOnly" => new TimeOnly((long)Property(copy, "Ticks")),
        "System.Numerics.BigInteger" => BigInteger.Parse(copy.ToString(), CultureInfo.InvariantCulture),
        "System.Int128" => Int128.Parse(copy.ToString(), CultureInfo.InvariantCulture),
        "System.UInt128" => UInt128.Parse(copy.ToString(), CultureInfo.InvariantCulture),
        "System.Half" => Half.Parse(copy.ToString(), CultureInfo.InvariantCulture),
        "System.Management.Automation.SwitchParameter" => Property(copy, "IsPresent"),
        "System.Text.StringBuilder" or "System.Net.Mail.MailAddress" or "System.Security.Principal.NTAccount"
            or "System.Security.Principal.SecurityIdentifier" => copy.ToString(),
        _ when EngineView.TypeNames(copy).Contains(Prefix + "System.Net.IPAddress") => copy.ToString(),
        _ => throw NotRestored(type),
    };

    private static object Property(PSObject copy, string name) => copy.Properties[name]?.Value ?? throw NotRestored(TypeOf(copy)!);

    private static NotSupportedException NotRestored(string type) => new(
        $"it is a copy of an object of type {type} from another process (a job, remoting or Import-Clixml), which has only its text; "
        + "convert it there to text, a number, a date, a list or a dictionary");

    // Lists whose elements are all that they hold. Of other collections the engine may have kept less, such as names without values.
    [GeneratedRegex("""
        ^ (?: .* \[ ,* \]
          | System\.Collections\. (?: ArrayList | Queue | Stack | Specialized\.StringCollection )
          | System\.Collections\. (?: Hashtable | SortedList | Specialized\.OrderedDictionary ) \+ .*
          | System\.Collections\.Generic\. (?: List | LinkedList | HashSet | SortedSet | Queue | Stack ) ` .*
          | System\.Collections\.ObjectModel\. \w* Collection ` .*
          | System\.Collections\.(?: Concurrent | Immutable | Frozen )\. \w* (?: Bag | Queue | Stack | List | Array | Set ) ` .*
          | System\.Collections\.Generic\. \w+ ` \d \+ (?: Key | Value ) Collection .*
          | System\.Linq\.Enumerable .*
          | System\.ArraySegment ` .*
          | ProfilesModule\.PropertyList
          ) \z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Lists();
}
