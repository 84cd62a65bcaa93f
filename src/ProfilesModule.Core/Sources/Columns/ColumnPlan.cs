using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Columns;

/// <summary>What the columns of one file become: properties, in their order, and one of them the identifier.</summary>
/// <param name="Header">The names of the columns in the file.</param>
/// <param name="Identifier">The index of the column that holds the distinct id; -1 when each row gets a random one.</param>
/// <param name="Columns">The columns that become properties.</param>
/// <param name="Options">How they do.</param>
internal sealed record ColumnPlan(
    IReadOnlyList<string> Header, int Identifier, IReadOnlyList<CsvColumn> Columns, ColumnOptions Options)
{
    /// <summary>The property that the hashed cells of a column make; null when they are not hashed.</summary>
    /// <param name="column">The index of the column.</param>
    internal string? Hashed(int column) =>
        Options.Hashed.Count > 0 && Options.PropertyOf(Header[column]) is var property && Options.Hashes(Header[column], property)
            ? property
            : null;

    /// <summary>Whether nothing of a column may be written anywhere.</summary>
    /// <param name="column">The index of the column.</param>
    internal bool IsExcluded(int column) => column != Identifier && Options.Excludes?.Invoke(Header[column]) == true;

    /// <summary>Whether a row with so many fields is taken.</summary>
    /// <param name="fields">How many it has.</param>
    internal bool Fits(int fields) => fields == Header.Count || (fields < Header.Count
        ? Options.MismatchedField is MismatchedFieldAction.PadWithNulls or MismatchedFieldAction.PadOrTruncate
        : Options.MismatchedField is MismatchedFieldAction.TruncateExtra or MismatchedFieldAction.PadOrTruncate);

    /// <summary>Makes a plan.</summary>
    /// <param name="header">The columns of the file.</param>
    /// <param name="identifier">The index of the one that holds the distinct id; -1 for random ones.</param>
    /// <param name="options">What the others become.</param>
    /// <exception cref="FailureException">A column that is named does not exist, or two of them would make the same property.</exception>
    public static ColumnPlan Create(IReadOnlyList<string> header, int identifier, ColumnOptions options)
    {
        var columns = new List<CsvColumn>();
        for (var i = 0; i < header.Count; i++)
        {
            if ((i == identifier && !options.KeepsIdentifier) || !options.Includes(header[i]))
                continue;
            var property = options.PropertyOf(header[i]);
            var type = TypeOf(header[i], property, options);
            var source = type is null ? TypeSource.Default : TypeSource.Declared;
            columns.Add(new(i, header[i], property, type?.Type ?? PropertyType.Text, source) { Decimals = type?.Decimals ?? 0 });
        }

        CheckNames(header, columns, options);
        CheckProperties(columns, options.ExpandsNames);
        return new(header, identifier, columns, options);
    }

    /// <summary>Holds the names of the properties to the rules, before a row is read.</summary>
    /// <param name="rules">Takes what is found.</param>
    /// <param name="path">The file.</param>
    /// <returns>Why the file cannot be imported as it is; null when it can.</returns>
    public Failure? Check(RowRules rules, string path)
    {
        rules.BeginInput(path);
        foreach (var member in PropertyTree.Of(Columns, Options.ExpandsNames).Members)
            member.Rules.CheckName(rules, member.Column >= 0 && Options.Mapped(Columns[member.Column].Header) is not null);
        return rules.Failure;
    }

    // The names of columns can differ only in case, and one can be the property of another.
    private static ColumnType? TypeOf(string column, string property, ColumnOptions options) =>
        options.Types.TryGetValue(column, out var exact)
            ? exact
            : RowOptions.Find(options.Types, column) ?? RowOptions.Find(options.Types, property);

    // A misspelled name must not go unnoticed.
    private static void CheckNames(IReadOnlyList<string> header, List<CsvColumn> columns, ColumnOptions options)
    {
        foreach (var (name, parameter) in options.Named)
        {
            var mayBeProperty = parameter == "HashProperty";
            if (!header.Any(column => RowOptions.Same(column, name)
                || (mayBeProperty && RowOptions.Same(options.PropertyOf(column), name))))
                throw new FailureException(Failures.ColumnNotFound(parameter, name, header));
        }

        foreach (var name in options.Types.Keys)
        {
            if (!header.Any(column => RowOptions.Same(column, name)) && !columns.Any(column => RowOptions.Same(column.Property, name)))
                throw new FailureException(Failures.ColumnNotFound("PropertyType", name, header));
        }
    }

    private static void CheckProperties(List<CsvColumn> columns, bool expandsNames)
    {
        if (columns.GroupBy(c => c.Property, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FailureException(Failures.PropertyAmbiguous(twice.Key, [.. twice.Select(c => c.Header)]));
        if (!expandsNames)
            return;
        foreach (var column in columns)
        {
            var path = PropertyTree.Path(column.Property);
            if (columns.FirstOrDefault(other => PropertyTree.Path(other.Property) is var longer && longer.Length > path.Length && longer.Take(path.Length).SequenceEqual(path)) is { } inside)
                throw new FailureException(Failures.PropertyAmbiguous(column.Property, [column.Header, inside.Header]));
        }
    }
}
