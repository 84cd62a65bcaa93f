using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Statistics;

/// <summary>
/// What the properties of an import hold, told by its updates as they would be sent, whatever its rows come from. Rows that are rejected do
/// not count. Its memory does not grow with the rows. For one thread at a time: it is read once all rows were.
/// </summary>
/// <param name="masksValues">Whether letters and digits are replaced in what it tells of values.</param>
internal sealed class ColumnStatistics(bool masksValues = false)
{
    /// <summary>How many values of one column are told apart; fewer where there are very many columns.</summary>
    public const int MaximumDistinct = 10_000;

    private const int MaximumColumns = Limits.MaximumProperties;

    private readonly List<ColumnCounter> _counters = [];
    private readonly ValueRoom _room = new();
    private readonly Member _properties = new();
    private ColumnCounter? _identifier;
    private byte[] _text = new byte[256];

    /// <summary>How many rows would be sent.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether there are more properties than are looked at.</summary>
    public bool HasMoreColumns { get; private set; }

    /// <summary>The columns in the order of the file, and then of their first values.</summary>
    public IReadOnlyList<ColumnSummary> Columns() => [.. _counters.Select(counter => counter.Summary(Rows))];

    /// <summary>Takes the columns of a file, which are told even if they have no value.</summary>
    public void Expect(IReadOnlyList<SourceColumn> columns)
    {
        foreach (var (name, path) in columns)
        {
            if (path.Count == 0)
            {
                _identifier ??= NewCounter(null, name);
                continue;
            }

            var member = _properties;
            foreach (var part in path)
                member = member.GetOrAdd(Encoding.UTF8.GetBytes(part));
            member.Counter ??= NewCounter(string.Join('.', path), name);
        }
    }

    /// <summary>Counts the values of a row.</summary>
    /// <param name="records">Its records, with commas between them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> records)
    {
        Rows++;
        while (!records.IsEmpty)
        {
            // What follows the record is left alone.
            var json = new Utf8JsonReader(records, isFinalBlock: false, new(new() { MaxDepth = int.MaxValue }));
            AddRecord(ref json, records);
            records = records[(int)json.BytesConsumed..].TrimStart((byte)',');
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRecord(ref Utf8JsonReader json, ReadOnlySpan<byte> records)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIdentifier = json.ValueTextEquals("$distinct_id"u8) || json.ValueTextEquals("$group_id"u8);
            json.Read();
            if (isIdentifier)
                AddValue(_identifier ??= NewCounter(null, null), ref json, records);
            else if (json.TokenType == JsonTokenType.StartObject)
                AddMembers(_properties, ref json, records);
            else
                json.TrySkip();
        }
    }

    /// <summary>Counts the values of an object: the properties, or the members of one of them that are columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddMembers(Member parent, ref Utf8JsonReader json, ReadOnlySpan<byte> records)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref json);
            var member = parent.Find(name) ?? (IsFull ? null : parent.GetOrAdd(name));
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject && member is { HasMembers: true })
                AddMembers(member, ref json, records);
            else
                AddValue(CounterOf(member, name), ref json, records);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddValue(ColumnCounter? counter, ref Utf8JsonReader json, ReadOnlySpan<byte> records)
    {
        var (type, start) = (json.TokenType, (int)json.TokenStartIndex);
        json.TrySkip();
        if (counter is null)
            return;
        switch (type)
        {
            case JsonTokenType.String when Text(ref json) is { IsEmpty: false } text:
                counter.Add(Rows, IsoDate.IsIn(text) ? ValueKind.Date : ValueKind.Text, text);
                break;
            case JsonTokenType.Number:
                counter.Add(Rows, ValueKind.Number, json.ValueSpan);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                counter.Add(Rows, ValueKind.Boolean, json.ValueSpan);
                break;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                var kind = type == JsonTokenType.StartArray ? ValueKind.List : ValueKind.Object;
                counter.Add(Rows, kind, records[start..(int)json.BytesConsumed]);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> Text(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
            return json.ValueSpan;
        if (_text.Length < json.ValueSpan.Length)
            _text = new byte[json.ValueSpan.Length];
        return _text.AsSpan(0, json.CopyString(_text));
    }

    private bool IsFull => _counters.Count >= MaximumColumns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ColumnCounter? CounterOf(Member? member, ReadOnlySpan<byte> name)
    {
        if (member is not null)
            return member.Counter ??= NewCounter(Encoding.UTF8.GetString(name), null);
        HasMoreColumns = true;
        return null;
    }

    private ColumnCounter? NewCounter(string? property, string? column)
    {
        if (IsFull)
        {
            HasMoreColumns = true;
            return null;
        }

        var counter = new ColumnCounter(property, column, _room, masksValues);
        _counters.Add(counter);
        return counter;
    }

    /// <summary>A property, or a member of one whose members are columns. Names are told apart by 64 bits.</summary>
    private sealed class Member
    {
        private Dictionary<ulong, Member>? _members;

        public ColumnCounter? Counter { get; set; }

        public bool HasMembers => _members is not null;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public Member? Find(ReadOnlySpan<byte> name) => _members?.GetValueOrDefault(ProfileHash.Of(name));

        public Member GetOrAdd(ReadOnlySpan<byte> name)
        {
            if (Find(name) is { } known)
                return known;
            var member = new Member();
            (_members ??= []).Add(ProfileHash.Of(name), member);
            return member;
        }
    }
}
