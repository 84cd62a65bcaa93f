using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Json;

/// <summary>Opens JSON files: an object a line, or one list of objects.</summary>
/// <param name="options">How they become updates.</param>
/// <param name="zstandard">Decompresses Zstandard; null where it is not read.</param>
internal sealed class JsonSource(JsonOptions options, Func<Stream, Stream>? zstandard = null) : RowSource
{
    private bool _warnedOfLeftOut;

    /// <inheritdoc/>
    public override SourceFile Open(string path, Func<Stream>? input)
    {
        var operation = JsonRequests.OperationOf(OpenFile, options, path);
        return new JsonSourceFile(OpenFile, new(path, this), options, operation) { LeftOut = WarnOfLeftOut };

        JsonFile OpenFile() => input is null ? JsonFile.Open(path, options.FileRoot, zstandard) : JsonFile.Open(input(), options.FileRoot, zstandard);
    }

    /// <inheritdoc/>
    public override Failure NotReadable(Exception exception, string path) => exception is JsonRootException root
        ? Failures.RootNotFound(root.Message, root.Lists, path)
        : Failures.JsonNotReadable(exception, path);

    /// <summary>The object as a dictionary, which keeps names that differ only in case.</summary>
    public override object Show(InputFile file, ReadOnlyMemory<byte> row) => JsonFile.Parse(row.Span);

    /// <inheritdoc/>
    public override bool IsShownAsText(Failure failure) => failure.Id is ErrorId.MalformedJson or ErrorId.InvalidEncoding or ErrorId.DuplicateProperty;

    private void WarnOfLeftOut(IReadOnlyList<string> names)
    {
        if (!_warnedOfLeftOut)
        {
            Warn(names[0] is ['$', ..]
                ? $"Omitted fields of the requests that an import does not send: {Phrase.Names(names)}. "
                    + "To send $ignore_time, specify -IgnoreTime."
                : ProfileFields.Warning(names, "-IdentifierProperty"));
        }

        _warnedOfLeftOut = true;
    }
}
