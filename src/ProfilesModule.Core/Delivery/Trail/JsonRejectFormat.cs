using System.Text;
using ProfilesModule.Rules;
using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

/// <summary>A reject file of JSON: an object a line, with three members more. What was no object is the text <c>_text</c> of one.</summary>
internal sealed class JsonRejectFormat : RejectFormat
{
    /// <summary>The name of the member that holds what was no object.</summary>
    internal const string Text = "_text";

    /// <inheritdoc/>
    public override bool HoldsRows(string path) => !OwnFile.IsDevice(path) && new FileInfo(path) is { Exists: true, Length: > 0 };

    internal override void WriteHeader(GrowingBuffer file)
    {
        // An object says itself what its members are.
    }

    internal override void WriteRow(GrowingBuffer file, ReadOnlySpan<byte> rawRow, long line, string error, string errorId)
    {
        if (errorId is nameof(ErrorId.MalformedJson) or nameof(ErrorId.InvalidEncoding))
            file.Write([.. "{\""u8, .. Encoding.UTF8.GetBytes(Text), .. "\":\""u8, .. EngageJson.Encode(Encoding.UTF8.GetString(rawRow)).EncodedUtf8Bytes, .. "\","u8]);
        else
            WriteMembers(file, rawRow);
        file.Write(Encoding.UTF8.GetBytes($"\"{RejectFile.Columns[0]}\":{line},\"{RejectFile.Columns[1]}\":\"{EngageJson.Encode(error.ReplaceLineEndings(" "))}{EndOf(errorId)}"));
    }

    private protected override string EndOf(string errorId) => $"\",\"{RejectFile.Columns[2]}\":\"{errorId}\"}}\n";

    internal override byte[] Encoded(string ascii) => Encoding.UTF8.GetBytes(ascii);

    /// <summary>Writes an object up to its end, on one line: between its values line breaks mean nothing, and in them are none.</summary>
    private static void WriteMembers(GrowingBuffer file, ReadOnlySpan<byte> rawRow)
    {
        var members = rawRow[..rawRow.LastIndexOf((byte)'}')].TrimEnd(" \t\r\n"u8);
        for (var rest = members; !rest.IsEmpty;)
        {
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            file.Write(end < 0 ? rest : rest[..end]);
            if (end >= 0)
                file.Write((byte)' ');
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        if (members is not [(byte)'{'])
            file.Write((byte)',');
    }
}
