namespace ProfilesModule.Rules;

/// <summary>What went wrong, and what the user can do.</summary>
/// <param name="Id">The cause.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What the user can do.</param>
/// <param name="Target">What it is about: the user's own record, a path or an argument; null for nothing.</param>
/// <param name="Cause">The exception behind it; null for none.</param>
/// <param name="Property">Of a row: the property or column to blame; null when the whole row is.</param>
internal sealed record Failure(
    ErrorId Id, string Message, string Remedy, object? Target = null, Exception? Cause = null, string? Property = null)
{
    /// <summary>Whether the same may succeed later, without a change.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>The parameter that led to it, with the part of its value that did; null for none.</summary>
    public ParameterValue? Parameter { get; init; }

    /// <summary>The same of a row: where it is, and what stands for it.</summary>
    public Failure At(string position, object? target) => this with { Message = $"{position}: {Message}", Target = target };

    /// <summary>Whether the row of a file could not be parsed: which of its fields is which cannot be known.</summary>
    public bool IsParseError =>
        Id is ErrorId.FieldCountMismatch or ErrorId.MalformedQuotes or ErrorId.RowBehindQuote or ErrorId.RejectRowDamaged
            or ErrorId.InvalidEncoding or ErrorId.MalformedJson;
}

/// <summary>A parameter that led to a failure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The element or the key of its value that did; null for all of it.</param>
internal readonly record struct ParameterValue(string Name, string? Value = null);

/// <summary>
/// A file, or a whole command, cannot go on. A row that is refused costs no other, so it is a returned <see cref="Failure"/>;
/// a row of the pipeline that cannot be read throws only as far as PipelineRow.Read.
/// </summary>
internal sealed class FailureException(Failure failure) : Exception(failure.Message, failure.Cause)
{
    public Failure Failure { get; } = failure;
}
