using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources.Json;

/// <summary>What the objects of a JSON file become.</summary>
internal sealed record JsonOptions : RowOptions
{
    /// <summary>Adds to options that CSV files have too.</summary>
    public JsonOptions(RowOptions shared)
        : base(shared)
    {
    }

    /// <summary>The name of the member that holds the identifier; null for the usual ones.</summary>
    public string? IdentifierProperty { get; init; }

    /// <summary>The names that lead to the list of objects, with dots between them; null for objects at the top of the file.</summary>
    public string? Root { get; init; }

    /// <summary>The usual ones.</summary>
    public required IReadOnlyList<string> IdentifierNames { get; init; }

    /// <summary>What a member without a value, null or an empty text, does to its property; null to send it as it is.</summary>
    public EmptyCell? Empty { get; init; }

    /// <summary>Where in a file the objects are.</summary>
    internal JsonRoot FileRoot => new(Root, IsIdentifier);

    /// <summary>Whether something of an object may have to be hidden.</summary>
    internal bool Hides => Excludes is not null || Hashed.Count > 0;

    private bool IsIdentifier(string name) => IdentifierProperty is { } given
        ? string.Equals(name, given, StringComparison.OrdinalIgnoreCase)
        : IdentifierName.Rank(name, IdentifierNames) != IdentifierName.None || SegmentCall.IsOfPayload(name);
}

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

        JsonFile OpenFile() =>
            input is null ? JsonFile.Open(path, options.FileRoot, zstandard) : JsonFile.Open(input(), options.FileRoot, zstandard);
    }

    /// <inheritdoc/>
    public override Failure NotReadable(Exception exception, string path) => exception is JsonRootException root
        ? Failures.RootNotFound(root.Message, root.Lists, path)
        : Failures.JsonNotReadable(exception, path);

    /// <summary>The object as a dictionary, which keeps names that differ only in case.</summary>
    public override object Show(InputFile file, ReadOnlyMemory<byte> row) => JsonFile.Parse(row.Span);

    /// <inheritdoc/>
    public override bool IsShownAsText(Failure failure) =>
        failure.Id is ErrorId.MalformedJson or ErrorId.InvalidEncoding or ErrorId.DuplicateProperty;

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
