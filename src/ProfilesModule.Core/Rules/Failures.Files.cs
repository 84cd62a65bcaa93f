namespace ProfilesModule.Rules;

internal static partial class Failures
{
    private const string DiskRemedy = "Check that the disk has space and that the folder is writable";

    public static readonly Failure StandardInputNotAvailable = new(
        ErrorId.StandardInputNotAvailable,
        "Standard input cannot be read here: it is a terminal, or PowerShell reads it itself (commands, $input, a job).",
        "Run pwsh -File or pwsh -Command with the rows as its standard input, and without $input in the script, or specify a file.",
        "-");

    public static readonly Failure NoFile = new(
        ErrorId.PathNotFound,
        "No file came through the pipeline, so nothing was imported.",
        "Check the command before this one, or specify the file with -Path.");

    public static Failure PathNotFound(Exception exception, string path) => new(
        ErrorId.PathNotFound,
        exception.Message,
        path.StartsWith("@{", StringComparison.Ordinal)
            ? "The object of the pipeline has no property Path, FullName or PSPath. Pipe files, for example from Get-Item, or their paths."
            : "Check the path and its folder. For a name that contains brackets, use -LiteralPath if the command has it.",
        path,
        exception);

    public static Failure NotAFile(string path) =>
        new(ErrorId.NotAFile, $"The path '{path}' is not a file.", "Specify the path of a file.",
        path);

    public static Failure PathAmbiguous(string path, int files) => new(
        ErrorId.PathAmbiguous,
        $"The path '{path}' has wildcards and matches {(files == 0 ? "no existing file" : Phrase.Count(files, "file"))}; it must match "
            + "exactly one.",
        "Specify the path of one file. If the name itself contains brackets, use -LiteralPath if the command has it, or write a "
            + "backtick before each bracket.",
        path);

    public static Failure FileExists(string path) =>
        new(ErrorId.FileExists, $"The file '{path}' already exists.", "Specify another path, or omit -NoClobber.",
        path);

    public static Failure FileReadOnly(string path) =>
        new(ErrorId.FileReadOnly, $"The file '{path}' is read-only.", "Specify another path, or use -Force if the command has it.",
        path);

    public static Failure FileNotWritable(Exception exception, string path) => new(
        ErrorId.FileNotWritable,
        $"The file '{path}' cannot be written: {exception.Message}",
        exception is System.Text.EncoderFallbackException ? "Use -Encoding utf8, which can encode any text." : $"{DiskRemedy}.",
        path,
        exception);

    public static Failure BackupFailed(Exception exception, string path) => new(
        ErrorId.BackupFailed,
        $"The backup '{path}' cannot be written, so nothing more is removed: {exception.Message}",
        $"{DiskRemedy}, then remove the remaining profiles.",
        path,
        exception);

    public static Failure BackupNotFinished(Exception exception, string path, string lines) => new(
        ErrorId.BackupNotFinished,
        $"The backup '{path}' could not be completed: {exception.Message.TrimEnd('.')}. The removed profiles are in '{lines}'.",
        $"Keep '{lines}': it contains every profile as a line of JSON, which Import-UserProfileJson restores.",
        lines,
        exception);

    public static Failure BackupExists(string path) => new(
        ErrorId.BackupExists,
        $"The file '{path}' already exists. It may be the only copy of profiles that were removed earlier, so it is not overwritten.",
        "Specify another -BackupPath, or move the file away. -Force only suppresses the confirmation prompt.",
        path);

    public static Failure BackupFormatUnknown(string path) => new(
        ErrorId.BackupFormatUnknown,
        $"A backup is a CSV file or lines of JSON; '{path}' has the extension of a JSON document.",
        "Use the extension .jsonl or .ndjson for lines of JSON, or .csv.",
        path);

    public static Failure BackupLeftBehind(string lines) => new(
        ErrorId.BackupLeftBehind,
        $"A backup to this path was interrupted; '{lines}' may be the only copy of the profiles that were removed then.",
        "Move the file away, or specify another -BackupPath.",
        lines);

    public static Failure FileNotReadable(Exception exception, string path) => new(
        ErrorId.FileNotReadable,
        $"The file '{path}' cannot be read: {exception.Message}",
        "Check that the file is complete, that every quote in it is closed, that it is readable, and that -Delimiter and -Encoding "
            + "match the file.",
        path,
        exception);

    public static Failure JsonNotReadable(Exception exception, string path) => new(
        ErrorId.FileNotReadable,
        $"The file '{path}' cannot be read: {exception.Message.TrimEnd('.')}.",
        "Check that the file is complete, that it is readable, and that it is JSON in UTF-8: a list of objects, or one object per line.",
        path,
        exception);

    public static Failure RootNotFound(string problem, IReadOnlyList<string> lists, string path) => new(
        ErrorId.RootNotFound,
        $"The file '{path}' does not have its objects where they are looked for: {problem}."
            + (lists.Count > 0 ? $" It has {(lists.Count == 1 ? "a list" : "lists")} of objects: {Phrase.Names(lists)}." : ""),
        lists switch
        {
            [] => "Omit -Root, or name the list that holds the profiles.",
            [var only] => $"If its elements are the profiles, specify -Root {Phrase.Argument(only)}.",
            _ => "Name the list that holds the profiles with -Root.",
        },
        path)
    {
        Parameter = new("Root"),
    };

    public static Failure WrongFileFormat(string path, string problem, string remedy) =>
        new(ErrorId.WrongFileFormat, $"The file '{path}' cannot be read: {problem}.", remedy,
        path);

    public static Failure FileChanged(string path) => new(
        ErrorId.FileChanged,
        $"The file '{path}' was changed during the import, so some of its rows may be missing.",
        "Import the file again when nothing is writing to it.",
        path);

    public static Failure ReadOnlyOnce(string path, string option)
    {
        var reason = option == "-JournalPath"
            ? "a resumed import reads its input from the start"
            : "the input must be read before it is imported";
        return new(
            ErrorId.ReadOnlyOnce,
            $"The input '{path}' can be read only once, so it cannot be used with {option}: {reason}.",
            $"Write the input to a file and import that, or omit {option}.",
            path);
    }

    public static Failure JournalUnfinished(string path, long rows) => new(
        ErrorId.JournalUnfinished,
        $"The journal '{path}' belongs to an unfinished import: {Phrase.Count(rows, "row has", "rows have")} an outcome.",
        "Continue it with -Resume, or delete the journal to import everything again.",
        path);

    public static Failure JournalMismatch(Exception exception, string path) => new(
        ErrorId.JournalMismatch,
        $"The journal '{path}' cannot be used: {exception.Message}.",
        "Repeat the import as it was started, or use another journal for this one.",
        path,
        exception);

    public static Failure JournalInUse(Exception exception, string path, TimeSpan waited) => new(
        ErrorId.JournalInUse,
        $"The journal '{path}' is in use: {exception.Message}, and still was after {Phrase.Duration(waited)}.",
        "Start the import again when the other one has ended.",
        path,
        exception)
    {
        IsTemporary = true,
    };

    public static Failure RejectFileMismatch(Exception exception, string path) => new(
        ErrorId.RejectFileMismatch,
        $"The reject file '{path}' is not the one that the journal describes: {exception.Message}.",
        "Restore the reject file, or delete it and the journal to import everything again.",
        path,
        exception);

    public static Failure PathUsedTwice(string path) => new(
        ErrorId.PathUsedTwice,
        $"The file '{path}' is used twice: the input and the files that the command writes must be different.",
        "Specify another file with -JournalPath, -RejectPath, -LogPath, -StatePath or -ReportPath.",
        path);

    public static Failure RejectColumnsDiffer(string path) => new(
        ErrorId.RejectColumnsDiffer,
        $"The file '{path}' has different columns, or different inferred types, than the file before it, so their rejected rows cannot "
            + "share a reject file.",
        "Import the file on its own, with its own -RejectPath. If its types differ, specify them with -PropertyType.",
        path);

    public static Failure ColumnsDiffer(string path, IReadOnlyList<string> header) => new(
        ErrorId.ColumnsDiffer,
        $"The file '{path}' has none of the columns of the files before it. Its first row is {Phrase.Names(header)}.",
        "If only the first file has a header row, use -HeaderInFirstFileOnly. Otherwise correct the header, or import the file on its own.",
        path);

    public static Failure DataRowColumns(string path, IReadOnlyList<string> columns) => new(
        ErrorId.DataRowColumns,
        $"The columns {Phrase.Names(columns)} of the file '{path}' are not those of a table: Export-Csv adds them to the rows of a "
            + "DataTable.",
        $"Omit them with -ExcludeProperty {string.Join(", ", columns)}.",
        path);

    public static Failure IdentifierColumnNotFound(string path, string? column, IReadOnlyList<string> header)
    {
        var otherDelimiter = header is [var only] ? ";\t|,".FirstOrDefault(only.Contains) : default;
        var lack = column is null ? "no column with a recognized name for the distinct id" : $"no column '{column}'";
        return new(
            ErrorId.IdentifierColumnNotFound,
            $"The file '{path}' has {lack}. Its columns are {string.Join(", ", header.Take(20).Select(name => $"'{name}'"))}.",
            otherDelimiter != default
                ? "The header is a single column, so the file may have another delimiter: try -Delimiter "
                    + $"{(otherDelimiter == '\t' ? "\"`t\"" : $"'{otherDelimiter}'")}."
                : "Specify the column that holds the distinct id with -IdentifierColumn, by its name or its position.",
            path)
        {
            Parameter = new("IdentifierColumn"),
        };
    }

    public static Failure IdentifierColumnAmbiguous(string path, IReadOnlyList<string> columns) => new(
        ErrorId.IdentifierColumnAmbiguous,
        $"Several columns of the file '{path}' can hold the distinct id: {string.Join(", ", columns.Select(name => $"'{name}'"))}.",
        "Specify the right one with -IdentifierColumn.",
        path);

    public static Failure IdentifierColumnUnclear(string path, string column, string other) => new(
        ErrorId.IdentifierColumnAmbiguous,
        $"The file '{path}' has no column with a recognized name for the distinct id. '{column}' can identify its users, but '{other}' "
            + "looks like an identifier too.",
        $"Specify one of them: -IdentifierColumn {Phrase.Quoted(other)} or -IdentifierColumn {Phrase.Quoted(column)}.",
        path);

    public static Failure ColumnNotFound(string parameter, string name, IReadOnlyList<string> header) => new(
        ErrorId.ColumnNotFound,
        $"-{parameter} names '{name}', but the file has no such column. Its columns are {Phrase.Names(header)}.",
        "Correct the name, or remove it.")
    {
        Parameter = new(parameter, name),
    };

    public static Failure PropertyAmbiguous(string property, IReadOnlyList<string> columns) => new(
        ErrorId.PropertyAmbiguous,
        $"The columns {string.Join(" and ", columns.Select(column => $"'{column}'"))} would both set the property '{property}'.",
        "Exclude one of them with -ExcludeProperty, or name its property with -PropertyMap.");

    public static Failure InvalidHeader(string path, string problem) => new(
        ErrorId.InvalidHeader,
        $"The header of the file '{path}' cannot be used: {problem}.",
        "Correct the first row of the file; if it is not a header, name the columns with -Header. -DuplicateHeaderAction Rename accepts "
            + "repeated names.",
        path);

    public static Failure TypeForHeader(string path, string type) => InvalidHeader(
        path,
        $"its first line is '{type}', the type that Export-Csv of Windows PowerShell writes before the header") with
    {
        Remedy = "Skip the line with -SkipRows 1, or export the file with -NoTypeInformation.",
    };

    /// <summary>Columns of which no row of the file can be sent.</summary>
    public static Failure ColumnRefused(Failure failure, string path) =>
        failure with { Message = $"The file '{path}' cannot be imported: {failure.Message}", Target = path };
}
