namespace ProfilesModule.Sources.Columns;

/// <summary>The columns of a file do not go with what was said about them.</summary>
internal sealed class ColumnException : Exception
{
    internal ColumnException(string parameter, string name, IReadOnlyList<string> header)
        : base($"-{parameter} names '{name}', and there is no such column. The columns are {string.Join(", ", header.Take(20).Select(column => $"'{column}'"))}.") =>
        IsMissing = true;

    internal ColumnException(string property, IReadOnlyList<string> columns)
        : base($"The columns {string.Join(" and ", columns.Select(column => $"'{column}'"))} would both set the property '{property}'.")
    {
    }

    /// <summary>Whether a column that was named does not exist; else two columns would set the same property.</summary>
    public bool IsMissing { get; }
}
