using System.Globalization;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Query;

/// <summary>Which profiles a query asks for, and how much of them.</summary>
/// <remarks>Source: official query description, /engage.</remarks>
internal sealed record ProfileFilter
{
    /// <summary>The ids, at most <see cref="ProfileQuery.MaximumIds"/>; null for all profiles.</summary>
    public IReadOnlyCollection<string>? DistinctIds { get; init; }

    /// <summary>An expression of the service's language that is true for the profiles; null for all.</summary>
    public string? Where { get; init; }

    /// <summary>The names of the properties to return; null for all.</summary>
    public IReadOnlyCollection<string>? OutputProperties { get; init; }

    /// <summary>The cohort that the users are in; null for all.</summary>
    public long? CohortId { get; init; }

    /// <summary>Whether users of the cohort that have no profile are returned too.</summary>
    public bool IncludeAllUsers { get; init; }

    /// <summary>The group type whose profiles are meant, as text: 19 digits would not survive a number; null for user profiles.</summary>
    public string? DataGroupId { get; init; }

    /// <summary>An expression that is true where properties have these values; a null value stands for a property that is not set.</summary>
    /// <exception cref="NotSupportedException">A value is of another kind.</exception>
    public static string WhereEqual(IEnumerable<KeyValuePair<string, object?>> values) =>
        string.Join(" and ", values.Select(v => v.Value is null ? $"not defined({Property(v.Key)})" : $"{Property(v.Key)} == {Literal(v.Key, v.Value)}"));

    internal IEnumerable<KeyValuePair<string, string>> Form()
    {
        if (DistinctIds is not null)
            yield return new("distinct_ids", JsonSerializer.Serialize(DistinctIds));
        if (Where is not null)
            yield return new("where", Where);
        if (OutputProperties is not null)
            yield return new("output_properties", JsonSerializer.Serialize(OutputProperties));
        if (CohortId is { } cohort)
        {
            yield return new("filter_by_cohort", $"{{\"id\":{cohort.ToString(CultureInfo.InvariantCulture)}}}");
            yield return new("include_all_users", IncludeAllUsers ? "true" : "false");
        }

        if (DataGroupId is not null)
            yield return new("data_group_id", DataGroupId);
    }

    private static string Property(string name) => $"properties[{Quoted(name)}]";

    private static string Quoted(string text) => $"\"{EngageJson.Encode(text)}\"";

    private static string Literal(string name, object value) => value switch
    {
        string text => Quoted(text),
        bool flag => flag ? "true" : "false",
        double or float when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)) =>
            throw new NotSupportedException($"The property '{name}' is compared with "
                + $"{Convert.ToString(value, CultureInfo.InvariantCulture)}, which is not a number."),
        byte or sbyte or short or ushort or int or uint or long or ulong or decimal or double or float or System.Numerics.BigInteger
            => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => throw new NotSupportedException($"The property '{name}' is compared with a value of type {value.GetType().Name}; only text, numbers and Booleans can be compared."),
    };
}
