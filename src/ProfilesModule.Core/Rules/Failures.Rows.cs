using System.Globalization;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>
/// Every text of an error, in one place: what is wrong, and what the user can do. What <see cref="RuleTable"/> says of a rule is there.
/// </summary>
internal static partial class Failures
{
    private const string NameIdentifierProperty = "Specify the property that holds the identifier with -IdentifierProperty.";

    public static readonly Failure UpdateTooLarge = Of(RuleTable.Of(ErrorId.UpdateTooLarge));

    public static readonly Failure RepeatedHeader = Of(RuleTable.Of(ErrorId.RepeatedHeader));

    public static readonly Failure ReportLine = Of(RuleTable.Of(ErrorId.ReportLine));

    public static readonly Failure TooManyProperties = Of(RuleTable.Of(ErrorId.TooManyProperties));

    public static readonly Failure RowWasBehindQuote = Of(RuleTable.Of(ErrorId.RowBehindQuote));

    public static readonly Failure NotUtf8Row = Of(ErrorId.InvalidEncoding, "The row is not UTF-8.");

    public static readonly Failure NotUtf8Value = new(ErrorId.InvalidEncoding, "The value is not UTF-8.", "Write the file as UTF-8.");

    public static readonly Failure WasNotUtf8 = NotUtf8Value with { Message = "In its file, the value was not UTF-8." };

    public static readonly Failure WasMalformedJson = MalformedJson("In its file, the value was not a JSON object.");

    public static readonly Failure DamagedRejectRow = Of(RuleTable.Of(ErrorId.RejectRowDamaged)) with
    {
        Message = "The row does not end in _line, _error and _errorId, as every row of a reject file must. It may be cut off, or "
            + "another program may have moved its fields.",
    };

    public static readonly Failure SeveralOperations = new(
        ErrorId.UnsupportedObject,
        "The request has several operations.",
        "Write a request for each operation, and import the requests of each operation as a file of their own.");

    public static readonly Failure RemovingRequest = new(
        ErrorId.UnsupportedObject,
        "The request has $delete, which removes the profile.",
        "Remove these profiles: pipe their lines to ConvertFrom-Json, and its output to Remove-UserProfile. "
            + "Import the other requests as a file of their own.");

    public static readonly Failure UnsettingRequest = new(
        ErrorId.UnsupportedObject,
        "The request has $unset, which removes properties.",
        "Remove the properties with Set-UserProfile -Unset, and import the other requests as a file of their own.");

    public static readonly Failure OtherToken = new(
        ErrorId.UnsupportedObject,
        "The request has another token than the requests before it.",
        "Import the requests of each project as a file of their own, with a connection to that project.");

    public static readonly Failure NotARequest = new(
        ErrorId.UnsupportedObject,
        "The object is not a request, although the first object of the file is.",
        "Import requests and other objects as files of their own.");

    /// <summary>A rule that the row breaks.</summary>
    public static Failure Of(Rule rule, string? property = null) => new(rule.Id, rule.MessageFor(property), rule.Remedy,
        Property: property);

    /// <summary>Quotes that are not balanced, in lines of the file, with the remedy that the row itself suggests.</summary>
    public static Failure MalformedQuotes(string problem, long line, long lastLine, string? remedy)
    {
        var failure = Of(ErrorId.MalformedQuotes, $"The quotes in {Phrase.Row(line, lastLine)} are not balanced: {problem}.");
        return remedy is null ? failure : failure with { Remedy = remedy };
    }

    public static Failure RowBehindQuote(long line) =>
        Of(ErrorId.RowBehindQuote, $"The row is behind the damaged quotes of line {line}, so it may be a part of a field.");

    public static Failure RowsInField(string field, long line, long lastLine) => Of(RuleTable.Of(ErrorId.RowsInField), field) with
    {
        Message = $"The field '{field}' has lines {line} to {lastLine}, and each has as many fields as the header, so quotes may have "
            + "made rows a part of the field.",
    };

    public static Failure FieldCountMismatch(int fields, int columns, long line, long lastLine) => Of(
        ErrorId.FieldCountMismatch,
        $"{Phrase.Row(line, lastLine, isStart: true)} has {Phrase.Count(fields, "field")}, but the header has {columns}.");

    public static Failure MalformedJson(string message) => Of(ErrorId.MalformedJson, message);

    public static Failure EmptyIdentifier(string? holder = null, string kind = "property") => Of(
        ErrorId.MissingIdentifier,
        holder is null ? "The identifier is empty." : $"The identifier {kind} '{holder}' is empty.",
        holder);

    public static Failure NoIdentifierProperty(string? identifierProperty, IEnumerable<string> identifierNames) => new(
        ErrorId.MissingIdentifier,
        identifierProperty is not null
            ? $"The object does not have the property '{identifierProperty}'."
            : $"The object has none of the properties {string.Join(", ", identifierNames)}.",
        NameIdentifierProperty);

    public static Failure ListInsteadOfIdentifier(string list) => new(
        ErrorId.MissingIdentifier,
        $"The object has no identifier, and a list of objects in '{list}'.",
        $"If the elements of the list are the profiles, import the file with -Root {Phrase.Argument(list)}. "
            + "Otherwise specify the property that holds the identifier with -IdentifierProperty.");

    public static Failure CallWithoutId(string call, string idName, bool hasAnonymousId) => new(
        ErrorId.MissingIdentifier,
        $"The {call} call has no {idName}{(hasAnonymousId ? ", only an anonymousId, which identifies a device" : "")}.",
        $"Give every {call} call the {idName} of its profile, or remove the call.",
        Property: idName);

    public static Failure LostIdentifier(string property) => Of(RuleTable.Of(ErrorId.LostValue), property) with
    {
        Remedy = "Write the identifier itself as text, for example with "
            + $"Select-Object @{{ n = {Phrase.Quoted(property)}; e = {{ $_.Id.ToString() }} }}, where Id is the property that holds it.",
    };

    public static Failure NotAnIdentifier(string property, string problem) =>
        Of(ErrorId.InvalidIdentifier, $"The property '{property}' does not hold an identifier: {problem}.", property);

    public static Failure TwoIdentifiers(string property, string other) => new(
        ErrorId.InvalidIdentifier,
        $"Both '{property}' and '{other}' can hold the identifier, and their values differ.",
        NameIdentifierProperty,
        Property: property);

    public static Failure IdentifierNotUnicode(string? property) => new(
        ErrorId.InvalidIdentifier,
        "The identifier is not valid Unicode: it contains half of a surrogate pair.",
        "Correct the identifier.",
        Property: property);

    public static Failure OtherKind(string message) => new(
        ErrorId.ProfileOfOtherKind,
        message,
        "Use the command for that kind of profile, with its own -GroupKey. If a property of the profile identifies the profile to "
            + "change, specify that property, for example with -IdentifierProperty.");

    public static Failure UnreadableObject(string problem) =>
        new(ErrorId.UnsupportedObject, $"The object cannot be read: {problem}", "Correct or remove the object.");

    public static Failure NotARow(string type) => new(
        ErrorId.UnsupportedObject,
        $"The object is of type {type}, which has no properties to set.",
        "Pipe objects, dictionaries or data rows, each on its own, or use -DistinctId with -Property.");

    public static Failure PartOfRow(string type) => new(
        ErrorId.UnsupportedObject,
        $"The object is of type {type}, one entry of an object that PowerShell has enumerated in the pipeline.",
        "Put a comma before the object, as in , $object | Set-UserProfile, or specify it with -InputObject.");

    public static Failure OtherCall(string type, string wanted) => new(
        ErrorId.UnsupportedObject,
        $"The object is a Segment call of type {type}; only calls of type {wanted} set traits of these profiles.",
        $"Keep the {wanted} calls, and remove the others.");

    public static Failure OtherOperation(Operation operation, Operation wanted) => new(
        ErrorId.UnsupportedObject,
        $"The operation is {operation.Key()}, but the import does {wanted.Key()}.",
        $"Import what has {operation.Key()} on its own, with -Operation {operation}.");

    /// <summary>A request because of which no row of the file can be sent.</summary>
    public static Failure RequestRefused(Failure failure, string path, long line) => failure with
    {
        Message = $"The file '{path}' cannot be imported because of line {Math.Max(line, 1)}: {failure.Message}",
        Target = path,
    };

    public static Failure EventNotReadable(long number, string type) => new(
        ErrorId.EventNotReadable,
        $"Object {number}: The object is of type {type}, which has no properties, so it cannot be an event.",
        "Pipe objects, dictionaries or data rows, each on its own. ConvertFrom-Json converts lines of JSON to objects.");

    public static Failure UnsendableValue(string property, string problem) =>
        Unsupported(property, $"The property '{property}' cannot be sent: {problem}.", $"Change or remove '{property}'.");

    public static Failure UnremovableName(string property, string problem) =>
        Unsupported(property, $"The property '{property}' cannot be removed: {problem}.", $"Change or remove '{property}'.");

    public static Failure UnreadableValue(string property, string problem) =>
        Unsupported(property, $"The property '{property}' cannot be read: {problem}", $"Remove '{property}'.");

    public static Failure NotANumber(string property) => Unsupported(
        property,
        $"The property '{property}' cannot be sent: it is not a number.",
        $"Correct or remove '{property}': only numbers can be added.");

    public static Failure WrongCell(string column, string property, string needed, string held, string? formats) => Unsupported(
        property,
        $"The column '{column}' requires {needed}, but the cell holds {held}.",
        $"Correct or clear the cell, {(formats is null ? "" : $"specify how the column is written with {formats}, ")}"
            + $"or read the column as text with -PropertyType @{{ {Phrase.Quoted(column)} = 'Text' }}.");

    public static Failure CellNotAdded(string column, string property, string held) => Unsupported(
        property,
        $"The column '{column}' requires a number, but the cell holds {held}.",
        $"Correct or remove '{column}': only numbers can be added.");

    public static Failure NullCell(string column, string property, string needed, string text) => Unsupported(
        property,
        $"The column '{column}' requires {needed}, but the cell holds {text}.",
        $"If {text} stands for no value, read such cells as empty with -NullText '{text}'.");

    public static Failure CountedTime(string column, string property, string type) => Unsupported(
        property,
        $"The column '{column}' requires a date, but the cell holds a number.",
        $"If it counts the time since 1970, read the column with -PropertyType @{{ {Phrase.Quoted(column)} = '{type}' }}.");

    public static Failure DuplicateProperty(string property, string members) =>
        Of(ErrorId.DuplicateProperty, $"Two {members} would set the property '{property}', so neither can be used.", property);

    public static Failure DuplicateMember(string property, string problem) =>
        DuplicateProperty(property, "") with { Message = $"The property '{property}' cannot be sent: {problem}." };

    public static Failure TooManyElements(int count) => Of(RuleTable.Of(ErrorId.UpdateTooLarge)) with
    {
        Message = $"A list in the row has {Phrase.Count(count, "element")}. Each becomes a record of the request, which can hold "
            + $"{Phrase.Number(Limits.MaximumBatchSize)}.",
        Remedy = "Split the list between several rows.",
    };

    /// <summary>The same with a message that says more than the rule.</summary>
    private static Failure Of(ErrorId id, string message, string? property = null) =>
        Of(RuleTable.Of(id), property) with { Message = message };

    private static Failure Unsupported(string property, string message, string remedy) =>
        new(ErrorId.UnsupportedValue, message, remedy,
        Property: property);
}

/// <summary>Numbers, names and waits as messages have them.</summary>
internal static class Phrase
{
    /// <summary>A row, with its lines if it has several.</summary>
    public static string Row(long line, long lastLine, bool isStart = false) =>
        (isStart ? "The row" : "the row") + (lastLine > line ? $" in lines {line} to {lastLine}" : "");

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long number, string noun, string? plural = null) =>
        number == 1 ? $"1 {noun}" : $"{Number(number)} {plural ?? noun + "s"}";

    /// <summary>A name as PowerShell takes it, in quotes.</summary>
    public static string Quoted(string name) => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name as PowerShell takes it, in quotes where it needs them.</summary>
    public static string Argument(string name) => name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.') ? name : Quoted(name);

    /// <summary>Names in quotes, no more than can be read.</summary>
    public static string Names(IReadOnlyList<string> names, int most = 20) =>
        string.Join(", ", names.Take(most).Select(name => $"'{name}'"))
        + (names.Count > most ? $" and {Count(names.Count - most, "more", "more")}" : "");

    /// <summary>What was found in several places, no more of it than can be read.</summary>
    public static string Several(IReadOnlyList<string> findings, int most = 3) =>
        string.Join("; ", findings.Take(most)) + (findings.Count > most ? $"; and {Count(findings.Count - most, "more", "more")}" : "");

    /// <summary>A time in words, such as 90 s, 10 min or 24 h.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalHours):0} h"),
    };

    /// <summary>How long a wait is, and until when, in the time of this machine.</summary>
    public static string Wait(TimeSpan wait) =>
        string.Create(CultureInfo.InvariantCulture, $"{Duration(wait)} (at {TimeProvider.System.GetLocalNow() + wait:HH:mm:ss})");
}
