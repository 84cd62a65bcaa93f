using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Model;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Rows;

/// <summary>The parameters that say how CSV files become updates, which every command that reads such files has.</summary>
internal interface ICsvShape
{
    char Delimiter { get; }

    string? IdentifierColumn { get; }

    int SkipRows { get; }

    string[]? Header { get; }

    Encoding? Encoding { get; }

    QuoteMode QuoteMode { get; }

    IDictionary? PropertyType { get; }

    SwitchParameter InferType { get; }

    CultureInfo Culture { get; }

    string[] DateFormat { get; }

    TimeZoneInfo TimeZone { get; }

    string ListSeparator { get; }

    EmptyCell EmptyCell { get; }

    DuplicateHeaderAction DuplicateHeaderAction { get; }

    MismatchedFieldAction MismatchedFieldAction { get; }

    string[]? Property { get; }

    string[]? ExcludeProperty { get; }

    string[] HashProperty { get; }

    IDictionary? PropertyMap { get; }

    SwitchParameter UseReservedName { get; }

    SwitchParameter ExpandName { get; }

    Operation Operation { get; }

    /// <summary>Why the parameters do not go together; null when they do.</summary>
    ErrorRecord? Problem =>
        UnfitOption is { } option ? Errors.OptionNotForOperation(option, Operation)
        : IsDelimited ? null
        : Errors.InvalidDelimiter(Delimiter);

    // UTF-8 is read as it is, and then each row is looked at; what another encoding cannot read must not become question marks.
    CsvDialect Dialect => new()
    {
        Delimiter = Delimiter,
        Encoding = Encoding is null or UTF8Encoding ? null : EncodingNames.Strict(Encoding),
        Header = Header,
        SkipRows = SkipRows,
        QuoteMode = QuoteMode,
        DuplicateHeader = DuplicateHeaderAction,
    };

    private bool IsDelimited => char.IsAscii(Delimiter) && Delimiter is not ('"' or '\r' or '\n' or '\0');

    /// <summary>A parameter that makes no sense with the operation; null when there is none. Numbers and lists have no properties.</summary>
    private string? UnfitOption =>
        !EmptyCell.Fits(Operation) ? $"-EmptyCell {EmptyCell}"
        : ExpandName && Operation is not (Operation.Set or Operation.SetOnce) ? "-ExpandName"
        : null;
}
