using System.Text;
using ProfilesModule.Rules;
using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// A reject file of JSON: an object a line, with three more members. What was not an object is the text <c>_text</c> of one.
/// </summary>
internal sealed class JsonRejectFormat : RejectFormat
{
    /// <inheritdoc/>
    public override bool HoldsRows(string path) => !PrivateFile.IsDevice(path) && new FileInfo(path) is { Exists: true, Length: > 0 };

    internal override void WriteHeader(GrowingBuffer file)
    {
        // An object says itself what its members are.
    }

    internal override void WriteRow(GrowingBuffer file, ReadOnlySpan<byte> rawRow, long line, string error, string errorId)
    {
        if (errorId is nameof(ErrorId.MalformedJson) or nameof(ErrorId.InvalidEncoding))
            file.Write(Encoding.UTF8.GetBytes($"{{\"{RejectFields.Text}\":\"{EngageJson.Encode(Encoding.UTF8.GetString(rawRow))}\","));
        else
            WriteMembers(file, rawRow);
        var text = EngageJson.Encode(error.ReplaceLineEndings(" "));
        file.Write(Encoding.UTF8.GetBytes($"\"{RejectFields.Line}\":{line},\"{RejectFields.Error}\":\"{text}{EndOf(errorId)}"));
    }

    private protected override string EndOf(string errorId) => $"\",\"{RejectFields.ErrorId}\":\"{errorId}\"}}\n";

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
