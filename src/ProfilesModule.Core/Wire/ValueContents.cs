using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfilesModule.Wire;

/// <summary>
/// What a value of .NET contains: the members of an object, or the elements of a list. A type is one of them because it is known to
/// be, never because it can be enumerated: what that would leave out is lost without a word.
/// </summary>
internal static class ValueContents
{
    private const string JsonDotNet = "Newtonsoft.Json.Linq.";

    private static readonly ConcurrentDictionary<Type, Kind> Kinds = new();

    private delegate IEnumerable<KeyValuePair<string, object?>> MembersReader(object value);

    /// <summary>The members of an object, in order; null if the value is not an object. Names can occur twice.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? Members(object value) => value switch
    {
        IDictionary dictionary => Entries(dictionary),
        JsonElement { ValueKind: JsonValueKind.Object } element => element.EnumerateObject().Select(
            member => KeyValuePair.Create(member.Name, (object?)member.Value)),
        NameValueCollection collection => Values(collection),
        _ => KindOf(value).Members?.Invoke(value),
    };

    /// <summary>The elements of a list; null if the value is not a list.</summary>
    public static IEnumerable? Elements(object value) => value switch
    {
        string or byte[] => null,
        JsonElement { ValueKind: JsonValueKind.Array } element => element.EnumerateArray(),
        _ => KindOf(value).IsList ? (IEnumerable)value : null,
    };

    /// <summary>
    /// What stands for a value where another type wraps it: JSON of .NET as its element, and the scalars of Json.NET as theirs.
    /// </summary>
    /// <exception cref="NotSupportedException">It cannot be read, such as JSON whose document was disposed of.</exception>
    public static object? Unwrapped(object value)
    {
        try
        {
            return value switch
            {
                JsonDocument document => document.RootElement,
                JsonNode node => Parsed(node.ToJsonString()),
                JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
                _ when KindOf(value).Scalar is { } scalar => scalar.GetValue(value),
                _ => value,
            };
        }
        catch (Exception e) when (e is ArgumentException or ObjectDisposedException)
        {
            throw new NotSupportedException($"it is JSON that cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A scalar of JSON as a value of .NET; other values as they are.</summary>
    public static object? Scalar(object? value)
    {
        value = value is null ? null : Unwrapped(value);
        if (value is not JsonElement { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) } element)
            return value;
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(element.GetRawText()));
        json.Read();
        return JsonValues.Read(ref json);
    }

    private static JsonElement Parsed(string json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = int.MaxValue });
        return document.RootElement.Clone();
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
            yield return new(Name(entry.Key), entry.Value);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Values(NameValueCollection collection) =>
        Enumerable.Range(0, collection.Count).Select(i => new KeyValuePair<string, object?>(
            collection.GetKey(i) ?? "", collection.GetValues(i) is [var only] ? only : collection.GetValues(i)));

    private static IEnumerable<KeyValuePair<string, object?>> Pairs<TKey, TValue>(object pairs) =>
        ((IEnumerable<KeyValuePair<TKey, TValue>>)pairs).Select(pair => KeyValuePair.Create(Name(pair.Key), (object?)pair.Value));

    private static string Name(object? key) => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";

    private static Kind KindOf(object value) => Kinds.GetOrAdd(value.GetType(), NewKind);

    private static Kind NewKind(Type type)
    {
        // Core has no reference to Json.NET. Its properties, constructors and raw texts are lists too, but not as values.
        if (type.FullName?.StartsWith(JsonDotNet, StringComparison.Ordinal) == true)
        {
            return type.Name switch
            {
                "JValue" => new(null, type.GetProperty("Value"), false),
                "JObject" => new(ReaderOf(type), null, false),
                "JArray" => new(null, null, true),
                _ => default,
            };
        }

        var items = Items(type);
        if (typeof(IList).IsAssignableFrom(type) || type == typeof(Queue) || type == typeof(Stack) || IsOfDictionary(type))
            return new(null, null, true);
        if (items.Any(IsPair))
            return new(ReaderOf(type), null, false);

        // A group has a key beside its elements.
        var isGroup = type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IGrouping<,>));
        return new(null, null, items.Length > 0 && !isGroup && !typeof(NameObjectCollectionBase).IsAssignableFrom(type));
    }

    // The keys or the values of one.
    private static bool IsOfDictionary(Type type) =>
        typeof(ICollection).IsAssignableFrom(type) && typeof(IDictionary).IsAssignableFrom(type.DeclaringType);

    private static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static Type[] Items(Type type) => [.. type.GetInterfaces()
        .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        .Select(i => i.GenericTypeArguments[0])];

    private static MembersReader ReaderOf(Type type) =>
        typeof(ValueContents).GetMethod(nameof(Pairs), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(Items(type).First(IsPair).GenericTypeArguments).CreateDelegate<MembersReader>();

    /// <summary>What the values of a type contain.</summary>
    private readonly record struct Kind(MembersReader? Members, PropertyInfo? Scalar, bool IsList);
}
