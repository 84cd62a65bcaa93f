using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Sync;

/// <summary>
/// The sets of names of properties that updates have, each once and with a number, because most rows of an input have the same. The
/// empty set is number 0. Rows are looked at on one thread, and another writes the file.
/// </summary>
internal sealed class NameSets
{
    // As in ProfileHash: names are hashed in their order, since rows of one input have them in one.
    private const ulong Multiplier = 0xC6A4A7935BD1E995;

    private readonly List<string[]> _sets = [];
    private readonly Dictionary<ulong, int> _numbers = [];
    private readonly Dictionary<(int, int), string[]> _missing = [];
    private readonly Dictionary<(int, int), int> _unions = [];
    private readonly GrowingBuffer _json = new(256);
    private int _written;

    /// <param name="names">The sets of the file, as JSON, by their numbers.</param>
    public NameSets(IReadOnlyDictionary<int, string> names)
    {
        Add([], 0);
        for (var number = 1; names.TryGetValue(number, out var json); number++)
            Add(JsonSerializer.Deserialize<string[]>(json)!);
        _written = _sets.Count;
    }

    /// <summary>The hash of a set: that of the names before, and one more name.</summary>
    /// <param name="before">The hash of the names before; 0 for none.</param>
    /// <param name="name">The <see cref="ProfileHash"/> of the name as JSON has it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong before, ulong name) => (before ^ name ^ 1) * Multiplier;

    /// <summary>The number of the set of the names of an object's members.</summary>
    /// <param name="json">The object, as our writer writes it: without blanks.</param>
    /// <param name="hash">The hash of the names, if whoever wrote the object knows it; else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int NumberOf(ReadOnlySpan<byte> json, ulong hash = 0)
    {
        if (hash == 0)
            hash = HashOf(json);
        return _numbers.TryGetValue(hash, out var number) ? number : Add(NamesIn(json), hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong HashOf(ReadOnlySpan<byte> json)
    {
        var hash = 0UL;
        for (var at = 1; json[at] == '"'; at += json[at] == ',' ? 1 : 0)
        {
            var end = BehindString(json, at);
            hash = Hash(hash, ProfileHash.Of(json[(at + 1)..(end - 1)]));
            at = BehindValue(json, end + 1);
        }

        return hash;
    }

    /// <summary>The names of one set that another does not have.</summary>
    public string[] Missing(int then, int now)
    {
        if (then == now || then == 0)
            return [];
        if (!_missing.TryGetValue((then, now), out var missing))
            _missing[(then, now)] = missing = [.. _sets[then].Except(_sets[now], StringComparer.Ordinal)];
        return missing;
    }

    /// <summary>The number of the set of all names of two sets.</summary>
    public int Union(int then, int now)
    {
        if (Missing(then, now) is not { Length: > 0 } missing)
            return now;
        if (!_unions.TryGetValue((then, now), out var union))
            _unions[(then, now)] = union = With(now, missing);
        return union;
    }

    /// <summary>The number of the set of all names of one and some more.</summary>
    public int With(int set, IEnumerable<string> more) => NumberOf([.. _sets[set], .. more]);

    private int NumberOf(IReadOnlyList<string> names)
    {
        _json.Truncate(0);
        using (var writer = new Utf8JsonWriter(_json, EngageJson.Options))
        {
            writer.WriteStartObject();
            foreach (var name in names)
                writer.WriteNull(name);
            writer.WriteEndObject();
        }

        return NumberOf(_json.WrittenSpan);
    }

    /// <summary>The sets that the file does not have yet, as JSON.</summary>
    public IReadOnlyList<(int Number, string Json)> TakeNew()
    {
        lock (_sets)
        {
            var numbers = Enumerable.Range(_written, _sets.Count - _written);
            (int, string)[] names = [.. numbers.Select(number => (number, JsonSerializer.Serialize(_sets[number])))];
            _written = _sets.Count;
            return names;
        }
    }

    private static string[] NamesIn(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                names.Add(reader.GetString()!);
        }

        return [.. names];
    }

    private int Add(string[] names) => Add(names, names.Aggregate(
        0UL, (hash, name) => Hash(hash, ProfileHash.Of(EngageJson.Encode(name).EncodedUtf8Bytes))));

    private int Add(string[] names, ulong hash)
    {
        lock (_sets)
            _sets.Add(names);
        return _numbers[hash] = _sets.Count - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int BehindString(ReadOnlySpan<byte> json, int quote)
    {
        for (var at = quote + 1; ; at += 2)
        {
            at += json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (json[at] == '"')
                return at + 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int BehindValue(ReadOnlySpan<byte> json, int at)
    {
        if (json[at] == '"')
            return BehindString(json, at);
        if (json[at] is not ((byte)'{' or (byte)'['))
            return at + json[at..].IndexOfAny((byte)',', (byte)'}');
        for (var depth = 0; ;)
        {
            switch (json[at])
            {
                case (byte)'"':
                    at = BehindString(json, at);
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    break;
            }

            at++;
            if (depth == 0)
                return at;
        }
    }
}
