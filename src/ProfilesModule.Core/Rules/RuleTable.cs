using ProfilesModule.Model;
using static ProfilesModule.Rules.RuleSeverity;
using static ProfilesModule.Rules.ErrorId;

namespace ProfilesModule.Rules;

/// <summary>Every rule for rows. docs/rules.md is generated from it.</summary>
internal static class RuleTable
{
    private const string ReservedSource = "reserved user properties";
    private const string DefaultSource = "default user properties";
    private const string DataTypesSource = "property data types";
    private const string LimitsSource = "user profile limits";

    // A file that can be read in its encoding was damaged before: another encoding would damage the rest of it too.
    private const string WrongEncoding =
        "Correct it at its source. If -Encoding was used, specify the right encoding, for example -Encoding 1252 instead of latin1.";

    private static readonly Rule[] Rules =
    [
        // The row itself.
        new(FieldCountMismatch, Error, "RFC 4180",
            "The row has more or fewer fields than the header.",
            "Enclose fields that contain the delimiter in quotes, and give every row one field for each column."),
        new(MalformedQuotes, Error, "RFC 4180",
            "The quotes in the row are not balanced.",
            "Double every quote inside a field and enclose the field in quotes."),
        new(RowBehindQuote, Error, "RFC 4180",
            "The row is behind a damaged quote, so it may be a part of a field.",
            "Correct the quote. If the lines behind it are rows, use -RecoverRows."),
        new(RowsInField, Warning, "RFC 4180",
            "The field '{0}' has several lines, and each has as many fields as the header, so quotes may have made rows a part "
                + "of the field.",
            "Correct the quotes. If the program that wrote the file does not enclose fields in quotes, specify it with "
                + "-Dialect: SqlCmd for commas, Bcp for tabs."),
        new(RepeatedHeader, Error, "the module",
            "The row repeats the names of the columns.",
            "Remove the row. If -Header names the columns of a file that has a header row, omit -Header."),
        new(ReportLine, Error, "the module: sqlcmd, psql, SQL*Plus, mysql",
            "The row is a line of dashes or a number of rows, which database tools write around a result.",
            "Remove the row; for a file from sqlcmd, use -Dialect SqlCmd."),
        new(RejectRowDamaged, Error, "the module",
            "The row of a reject file does not end in _line, _error and _errorId.",
            "Take the row from the original file, or restore its last three fields."),
        new(InvalidEncoding, Error, "RFC 8259: JSON is UTF-8",
            "The row is not text in the file's encoding.",
            Failures.OtherEncoding),
        new(MalformedJson, Error, "RFC 8259",
            "The value is not a JSON object.",
            "Write each profile as one JSON object, on one line or as an element of one list."),
        new(DuplicateProperty, Error, "RFC 8259: names should be unique",
            "Two members of the object would set '{0}'.",
            "Remove one of them."),
        new(UnsupportedObject, Error, "the module",
            "The object is of a type that has no properties to set.",
            "Pipe objects, dictionaries or data rows, each on its own."),
        new(ProfileOfOtherKind, Error, "the module",
            "The object is not the kind of profile that the command is for.",
            "Use the command for that kind of profile, with its own -GroupKey."),
        new(UnsupportedValue, Error, "-PropertyType; property data types",
            "'{0}' holds a value of the wrong type, or one that a profile cannot hold.",
            "Correct or remove the value."),
        new(UpdateTooLarge, Error, LimitsSource,
            $"The update is larger than {Phrase.Number(Limits.MaximumBatchBytes)} bytes, the most that the service accepts.",
            "Shorten its values, or remove properties."),
        new(TooManyProperties, Error, "user profiles",
            $"The update has more than {Phrase.Number(Limits.MaximumProperties)} properties, the most that a profile can hold.",
            "Remove properties, or move some of them into an object."),

        // The identifier.
        new(MissingIdentifier, Error, "official ingestion description",
            "The row has no distinct id.",
            "Give every row the identifier of its profile, or remove the row."),
        new(InvalidIdentifier, Error, "official ingestion description",
            "'{0}' does not hold a distinct id.",
            "Give every row the identifier of its profile, as text or a number."),
        new(PlaceholderIdentifier, Error, "import events: distinct ids that are refused",
            "'{0}' holds a placeholder such as null, unknown or 0 instead of a distinct id, so the rows of many users would "
                + "become one profile.",
            "Give every row the identifier of its profile, or remove the row. If it really is an identifier, use "
                + "-AllowAnyIdentifier."),
        new(ScientificIdentifier, Error, "reports of users",
            "'{0}' holds a number in scientific form, such as 9.91214E+15, instead of a distinct id: spreadsheets show long "
                + "numbers this way, and their last digits are lost.",
            "Take the ids from their source again, without a spreadsheet, or import the column into it as text. If it really is "
                + "an identifier, use -AllowAnyIdentifier."),
        new(DamagedIdentifier, Error, "the module: the service takes ids as they are",
            "The distinct id in '{0}' contains control characters or U+FFFD, which result from a wrong encoding or damaged data.",
            WrongEncoding + " -TrimIdentifier removes leading and trailing control characters. "
                + "If it really is an identifier, use -AllowAnyIdentifier."),
        new(IdentifierWithBlanks, Warning, "the module: the service takes ids as they are",
            "The distinct id in '{0}' has leading or trailing spaces or invisible characters, so it identifies a different "
                + "profile than the same id without them.",
            "Remove them with -TrimIdentifier, or at the source of the rows."),
        new(IdentifierTooLong, Warning, "the module: no limit is documented",
            $"The distinct id in '{{0}}' is longer than {Limits.MaximumTextBytes} bytes.",
            "Check that the column is the identifier; -IdentifierColumn (for objects, -IdentifierProperty) specifies another."),
        new(RoundedIdentifier, Warning, "reports of users",
            "The distinct ids in '{0}' all have more than 15 digits, and only zeros after the 15th: a spreadsheet rounds long "
                + "numbers this way, so several users may have become one.",
            "Compare the ids with their source. If they differ, take them from there again, without a spreadsheet, or import "
                + "the column into it as text."),
        new(FloatIdentifier, Warning, "reports of users",
            "The distinct ids in '{0}' are all whole numbers with a decimal point, such as 101.0, so they identify other "
                + "profiles than 101.",
            "If the ids have no decimal point at their source, write the column as text or whole numbers; in pandas, read it "
                + "with dtype=str or convert it to Int64."),
        new(LabelRow, Warning, "the module",
            "'{0}' holds a label in this row, and identifiers in the rows after it.",
            "If the row explains the columns, remove it."),

        // Names of properties.
        new(UnnamedColumn, Warning, "the module",
            "Column {0} has no name, so its values are omitted.",
            "Give the column a name in the header, or remove it."),
        new(ForbiddenName, Error, DefaultSource,
            "The service does not allow a property named '{0}'.",
            "Rename it (for files, with -PropertyMap), or remove it."),
        new(NameTooLong, Error, "user profiles",
            $"The name '{{0}}' is longer than {Limits.MaximumNameLength} characters, so the service truncates it.",
            "Give the property a shorter name."),
        new(NameWithBlanks, Warning, "the module: the service takes names as they are",
            "The name '{0}' has leading or trailing spaces or invisible characters, so it names a different property than the "
                + "same name without them.",
            "Remove them with -TrimValue, or (for files) name the property with -PropertyMap."),
        new(RequestFieldName, Warning, "client libraries",
            "'{0}' is a field of the request, not a property, so the service drops it.",
            "Rename or remove it."),
        new(ServiceKeptName, Warning, DefaultSource,
            "The service sets '{0}' itself, and overwrites what is sent.",
            "Remove it."),
        new(UnknownReservedName, Warning, ReservedSource,
            "'{0}' begins like a reserved name, but the service has no reserved property with this name.",
            "Correct the name, or remove the $ or mp_."),
        new(UnreservedName, Warning, ReservedSource,
            "'{0}' becomes a custom property, although the service has a reserved property for it, which it displays and uses.",
            "Use the reserved name (for files, with -UseReservedName). To keep the custom property, map it to its own name with "
                + "-PropertyMap."),

        // Values of reserved properties.
        new(InvalidEmail, Warning, ReservedSource,
            "'{0}' does not hold an e-mail address.",
            "Correct or remove the address."),
        new(PhoneWithoutCountryCode, Warning, ReservedSource,
            "The number in '{0}' does not begin with +, so the service prepends the country code of $country_code.",
            "Write numbers as +41 44 668 18 00."),
        new(InvalidPhone, Warning, "ITU-T E.164",
            "'{0}' does not hold a phone number: a + and 7 to 15 digits.",
            "Correct or remove the number."),
        new(InvalidAvatar, Warning, ReservedSource,
            "'{0}' does not hold the web address of an image.",
            "Write the full address, with https://."),
        new(InvalidCreated, Warning, ReservedSource,
            "'{0}' does not hold an ISO 8601 date, so the service does not read it as a date.",
            "Write dates as 2026-01-31 or 2026-01-31T12:00:00Z; in CSV files, -PropertyType and -DateFormat read other formats."),
        new(InvalidCountryCode, Warning, DefaultSource,
            "'{0}' does not hold a country code of two letters.",
            "Write countries as CH, not as Switzerland or CHE."),
        new(UnknownTimeZone, Warning, DefaultSource,
            "'{0}' does not hold the name of a time zone.",
            "Write time zones by their IANA names, such as Europe/Zurich."),

        // Values of any property.
        new(LostValue, Error, "the module",
            "'{0}' holds System.Object[], @{…}, [object Object] or similar text, which Export-Csv and other programs write "
                + "instead of a list or an object.",
            "Write the value itself. ConvertTo-Json and Export-Clixml keep nested objects only to their -Depth. A list can be "
                + "joined, with Select-Object distinct_id, @{ n = 'roles'; e = { $_.roles -join ';' } }, and imported with "
                + "-PropertyType @{ roles = 'List' }; Export-UserProfileCsv writes JSON."),
        new(NullText, Warning, "reports of users",
            "'{0}' holds NULL, \\N, #N/A or similar text, which databases and spreadsheets write instead of no value.",
            "Specify the texts that mean no value with -NullText, for example -NullText 'NULL', '\\N'."),
        new(DamagedText, Warning, "the module",
            "'{0}' holds text with control characters or U+FFFD, which result from a wrong encoding or damaged data.",
            WrongEncoding + " -TrimValue removes leading and trailing control characters."),
        new(TextWithBlanks, Warning, "the module: the service takes values as they are",
            "'{0}' holds text with leading or trailing spaces or invisible characters, which is a different value than the same "
                + "text without them.",
            "Remove them with -TrimValue, or at the source of the rows."),
        new(ExtendedJsonValue, Error, "MongoDB Extended JSON v2",
            "'{0}' holds a value of MongoDB's extended JSON, such as {\"$oid\":…}, which the service would store as an object.",
            "Write the value itself, or import the file with Import-UserProfileJson, which reads $oid, $uuid, $symbol, $date "
                + "and finite numbers. Remove a value of any other type."),
        new(DefaultDate, Warning, "System.DateTime.MinValue",
            "'{0}' holds 0001-01-01, which databases and programs use for a date that was never set.",
            "Leave the value empty at its source."),
        new(ProtectedCell, Warning, "OWASP: CSV Injection",
            "'{0}' holds =\"00123\", '00123 or the like, which protects a text against spreadsheets.",
            "Read CSV files with -Dialect Excel, which removes the protection. In other rows, remove it."),
        new(TextTooLong, Warning, DataTypesSource,
            $"'{{0}}' holds text of more than {Limits.MaximumTextBytes} bytes, which the service truncates.",
            "Shorten the text."),
        new(ListTooLarge, Error, DataTypesSource,
            $"The list in '{{0}}' is larger than {Limits.MaximumValueBytes / 1024} KB.",
            "Shorten the list."),
        new(ObjectTooLarge, Error, DataTypesSource,
            $"The object in '{{0}}' is larger than {Limits.MaximumValueBytes / 1024} KB.",
            "Shorten the object."),
        new(TooManyKeys, Warning, DataTypesSource,
            $"An object in '{{0}}' has more than {Limits.MaximumKeys} keys.",
            "Remove keys."),
        new(NestedTooDeep, Warning, DataTypesSource,
            $"'{{0}}' is nested deeper than the service allows: {Limits.MaximumDepth} levels of objects, or a list of flat "
                + "objects.",
            "Flatten the value."),
    ];

    private static readonly Dictionary<ErrorId, Rule> ById = Rules.ToDictionary(rule => rule.Id);

    /// <summary>All rules, in the order in which they are documented.</summary>
    public static IReadOnlyList<Rule> All => Rules;

    /// <summary>The rule that an error breaks.</summary>
    /// <param name="id">The ErrorId.</param>
    public static Rule Of(ErrorId id) => ById[id];
}
