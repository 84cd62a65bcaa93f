using System.Buffers;
using System.Text.Json;
using System.Text;
using ProfilesModule.Query;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Wire;

namespace ProfilesModule.Export;

/// <summary>
/// Writes profiles as a CSV file that an import takes back: the column <c>$distinct_id</c>, then one for each property.
/// Null and empty text are empty cells, which an import leaves out. Text that a spreadsheet would calculate is protected only in
/// a <see cref="ProtectedOutput"/>: other imports would take the protection for data.
/// </summary>
internal sealed class ProfileTable : IDisposable
{
    /// <summary>The column of the identifier, which no property can have for a name.</summary>
    internal const string Identifier = "$distinct_id";

    private readonly ICsvWriter _csv;
    private readonly IReadOnlyList<string> _properties;
    private readonly ProfileCell _cell = new();

    /// <summary>Starts a file with its header.</summary>
    public ProfileTable(ICsvWriter csv, IReadOnlyList<string> properties)
    {
        _csv = csv;
        _properties = properties;
        _csv.WriteField(Encoding.UTF8.GetBytes(Identifier));
        foreach (var property in properties)
            _csv.WriteField(Encoding.UTF8.GetBytes(property));
        _csv.EndRecord();
    }

    /// <summary>Whether a property can have a column: an import refuses one without a name, or with a name that is not Unicode.</summary>
    public static bool CanHold(string property) =>
        !string.IsNullOrWhiteSpace(property) && !property.Contains('\uFFFD', StringComparison.Ordinal) && property != Identifier;

    /// <summary>Writes a profile.</summary>
    public void Write(ProfileRecord profile)
    {
        _csv.WriteField(_cell.Of(profile.DistinctId));
        foreach (var property in _properties)
            _csv.WriteField(_cell.Of(profile.Properties[property]));
        _csv.EndRecord();
    }

    /// <summary>Hands everything to the stream.</summary>
    public void Flush() => _csv.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _cell.Dispose();
        _csv.Dispose();
    }
}

/// <summary>
/// The values of profiles as the cells of a CSV file: text as it is, numbers, Booleans, lists and objects as their JSON,
/// null as an empty cell. Holds one value at a time.
/// </summary>
internal sealed class ProfileCell : IDisposable
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _json;

    public ProfileCell() => _json = new(_text, EngageJson.Options);

    /// <summary>The text of a value, until the next is asked for.</summary>
    public ReadOnlySpan<byte> Of(object? value)
    {
        _text.ResetWrittenCount();
        switch (value)
        {
            case null:
                break;
            case string text:
                Encoding.UTF8.GetBytes(text, _text);
                break;
            default:
                _json.Reset();
                ProfileRecord.Values.Write(_json, value);
                _json.Flush();
                break;
        }

        return _text.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();
}

/// <summary>A CSV file for spreadsheets, in which cells that one would calculate or convert are protected.</summary>
/// <param name="csv">The file.</param>
internal sealed class ProtectedOutput(ICsvWriter csv) : ICsvWriter
{
    private readonly GrowingBuffer _cell = new(256);

    /// <inheritdoc/>
    public void WriteField(ReadOnlySpan<byte> value)
    {
        if (!CellProtection.NeedsProtection(value))
        {
            csv.WriteField(value);
            return;
        }

        _cell.Truncate(0);
        CellProtection.Protect(value, _cell);
        csv.WriteField(_cell.WrittenSpan);
    }

    /// <inheritdoc/>
    public void EndRecord() => csv.EndRecord();

    /// <inheritdoc/>
    public void Flush() => csv.Flush();

    /// <inheritdoc/>
    public void Dispose() => csv.Dispose();
}
