using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Database;

/// <summary>A column of a query, and how its values are written as JSON.</summary>
internal sealed class DatabaseColumn
{
    private readonly int _index;
    private readonly JsonEncodedText _encoded;
    private readonly Action<Utf8JsonWriter, object>? _write;

    private DatabaseColumn(string name, int index, Action<Utf8JsonWriter, object>? write) =>
        (Name, _index, _encoded, _write) = (name, index, EngageJson.Encode(name), write);

    public string Name { get; }

    /// <summary>The column of a reader.</summary>
    /// <param name="rows">The reader.</param>
    /// <param name="index">Its index.</param>
    /// <param name="isText">Whether its values are texts, as PostgreSQL writes them.</param>
    /// <param name="isUtc">Whether the session shows in UTC what MySQL stores in UTC.</param>
    /// <param name="values">Writes any other value.</param>
    /// <exception cref="FailureException">Its type cannot be sent.</exception>
    public static DatabaseColumn Of(DbDataReader rows, int index, bool isText, bool isUtc, ValueWriter values)
    {
        var (name, type) = (rows.GetName(index), WithoutFacets(rows.GetDataTypeName(index)));
        if (isText)
            return new(name, index, PostgresText.WriterOf(type, values) ?? throw Refused(name, type));
        if (rows.GetFieldType(index) == typeof(byte[]) && !IsUntyped(rows, index))
            throw Refused(name, type);
        return new(name, index, type switch
        {
            "json" => (json, value) => WriteJson(json, (string)value),
            "date" => (json, value) => values.Write(json, value is DateTime date ? DateOnly.FromDateTime(date) : value),
            "timestamp" when isUtc => (json, value) => values.Write(
                json, value is DateTime time ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : value),
            "time" => (json, value) => values.Write(json, value is TimeSpan time ? TimeText(time) : value),
            _ => values.Write,
        });
    }

    /// <summary>A column whose values are not read; each is null.</summary>
    public static DatabaseColumn WithoutValues(string name, int index) => new(name, index, null);

    /// <summary>Writes the name and the value of the current row.</summary>
    /// <returns>Where the value is in what was written, and how long it is.</returns>
    /// <exception cref="NotSupportedException">The value cannot be sent; the message says why.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (int Start, int Length) Write(DbDataReader rows, Utf8JsonWriter json)
    {
        var value = _write is null ? null : ValueOf(rows);
        json.WritePropertyName(_encoded);
        var start = Written(json);
        if (value is null or DBNull)
            json.WriteNullValue();
        else
            _write!(json, value);
        return (start, Written(json) - start);
    }

    /// <summary>The same of a value that cannot be sent, for the reject file.</summary>
    public void WriteAsText(DbDataReader rows, Utf8JsonWriter json)
    {
        string? text = null;
        try
        {
            var value = ValueOf(rows);
            if (value is not byte[])
                text = Convert.ToString(value, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException or ArgumentException)
        {
            // There is no text of it either.
        }

        json.WritePropertyName(_encoded);
        json.WriteStringValue(EngageJson.IsText(text) ? text : null);
    }

    /// <summary>Writes a value of JSON without the line breaks that it may have.</summary>
    public static void WriteJson(Utf8JsonWriter json, string text)
    {
        using var document = JsonDocument.Parse(text, new() { MaxDepth = Json.JsonFile.MaximumDepth });
        document.RootElement.WriteTo(json);
    }

    private static int Written(Utf8JsonWriter json) => (int)json.BytesCommitted + json.BytesPending;

    private object? ValueOf(DbDataReader rows)
    {
        try
        {
            return rows.GetValue(_index);
        }
        catch (Exception e) when (e is OverflowException or FormatException && ExactNumber(rows, _index) is { } exact)
        {
            // A decimal of .NET has 28 digits; the type of the driver has all.
            return exact;
        }
    }

    private static JsonElement? ExactNumber(DbDataReader rows, int index)
    {
        var text = rows.GetType().GetMethod("GetMySqlDecimal", [typeof(int)])?.Invoke(rows, [index])?.ToString()
            ?? rows.GetProviderSpecificValue(index)?.ToString();
        return text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
    }

    // SQLite calls an expression a blob where its first value is null.
    private static bool IsUntyped(DbDataReader rows, int index) =>
        rows.GetType().Name == "SqliteDataReader" && rows.GetColumnSchema()[index].BaseTableName is null;

    // A time of MySQL can be longer than a day, or negative.
    private static string TimeText(TimeSpan time)
    {
        var sign = time < TimeSpan.Zero ? "-" : "";
        var fraction = time.Ticks % TimeSpan.TicksPerSecond == 0
            ? ""
            : time.Duration().ToString("\\.FFFFFF", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture, $"{sign}{Math.Abs((long)time.TotalHours):00}:{time.Duration():mm\\:ss}{fraction}");
    }

    // As in numeric(10,2), character varying(20) and timestamp(3) with time zone.
    private static string WithoutFacets(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        return (open < 0 || close < open ? type : type[..open].TrimEnd() + type[(close + 1)..]).ToLowerInvariant();
    }

    private static FailureException Refused(string name, string type) => new(Failures.UnsendableColumnType(name, type));
}
