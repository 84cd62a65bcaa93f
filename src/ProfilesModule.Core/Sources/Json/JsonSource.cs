using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Json;

/// <summary>Opens JSON files: an object a line, or one list of objects.</summary>
internal sealed class JsonSource(JsonOptions options) : RowSource
{
    private bool _warnedOfLeftOut;

    /// <inheritdoc/>
    public override SourceFile Open(string path, Func<Stream>? input) =>
        new JsonSourceFile(() => input is null ? JsonFile.Open(path) : JsonFile.Open(input()), new(path, this), options) { LeftOut = WarnOfLeftOut };

    /// <inheritdoc/>
    public override Failure NotReadable(Exception exception, string path) => Failures.JsonNotReadable(exception, path);

    /// <summary>The object as a dictionary, which keeps names that differ only in case.</summary>
    public override object Show(InputFile file, ReadOnlyMemory<byte> row) => JsonFile.Parse(row.Span);

    /// <inheritdoc/>
    public override bool IsShownAsText(Failure failure) => failure.Id is ErrorId.MalformedJson or ErrorId.InvalidEncoding or ErrorId.DuplicateProperty;

    private void WarnOfLeftOut(IReadOnlyList<string> names)
    {
        if (!_warnedOfLeftOut)
            Warn(ProfileFields.Warning(names, "-IdentifierProperty"));
        _warnedOfLeftOut = true;
    }
}
