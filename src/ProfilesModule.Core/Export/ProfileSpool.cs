using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Json;
using ProfilesModule.Query;
using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Export;

/// <summary>
/// Profiles on disk, one line of JSON each: what a table of all their properties is made from, since its columns are known only
/// after the last profile. (A second query would use more of the 60 queries an hour, and might find other properties.) A line is
/// <c>$distinct_id</c> and every property as the service returned it, so that a file that was left behind can be piped to
/// Set-UserProfile. Only the user may read the file.
/// </summary>
internal sealed class ProfileSpool : IDisposable
{
    private readonly bool _isDevice;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private long _flushed;
    private long _flushedCount;

    /// <summary>Starts a spool.</summary>
    public ProfileSpool(string path)
    {
        _isDevice = PrivateFile.IsDevice(path);
        _file = _isDevice ? PrivateFile.OpenDevice(path) : PrivateFile.CreateNew(path);
        _json = new(_line, EngageJson.Options);
    }

    /// <summary>How many profiles it holds.</summary>
    public long Count { get; private set; }

    /// <summary>The properties that a table has columns for, in the order of their characters' codes: those that some profile has a value for.</summary>
    public IReadOnlyList<string> Columns => [.. _names.Where(ProfileTable.CanHold)];

    /// <summary>The properties with values that no table can have a column for.</summary>
    public IReadOnlyList<string> NotColumns => [.. _names.Where(name => !ProfileTable.CanHold(name))];

    /// <summary>Adds a profile.</summary>
    public void Add(ProfileRecord profile)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString(ProfileTable.Identifier, profile.DistinctId);
        profile.WriteProperties(_json);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        _file.Write(_line.WrittenSpan);
        foreach (DictionaryEntry property in profile.Properties)
        {
            if (property is { Key: string name and not ProfileTable.Identifier, Value: not (null or "") })
                _names.Add(name);
        }

        Count++;
    }

    /// <summary>Writes everything to disk.</summary>
    public void Flush()
    {
        _file.Flush(flushToDisk: true);
        (_flushed, _flushedCount) = (_isDevice ? 0 : _file.Length, Count);
    }

    /// <summary>Forgets what was added since the last <see cref="Flush"/>, after a failure.</summary>
    public void CutToFlushed()
    {
        if (!_isDevice)
            _file.SetLength(_flushed);
        Count = _flushedCount;
    }

    /// <summary>Reads the profiles again, in their order.</summary>
    public IEnumerable<ProfileRecord> Read()
    {
        _file.Position = 0;
        var names = new MemberNames();
        using var lines = new StreamReader(_file, Encoding.UTF8, leaveOpen: true);
        while (lines.ReadLine() is { } line)
            yield return Parse(Encoding.UTF8.GetBytes(line), names);
    }

    /// <summary>Closes the file, which stays.</summary>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private static ProfileRecord Parse(byte[] line, MemberNames names)
    {
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 256 });
        json.Read();
        var properties = JsonValues.Object(ref json, names);
        var distinctId = (string)properties[ProfileTable.Identifier]!;
        properties.Remove(ProfileTable.Identifier);
        return new(distinctId, properties);
    }
}
