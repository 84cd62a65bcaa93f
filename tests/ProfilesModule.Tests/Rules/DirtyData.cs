namespace ProfilesModule.Tests.Rules;

/// <summary>A row with one defect, which has a name, and what is to be found: the rule, and the property to blame.</summary>
/// <param name="Defect">The defect.</param>
/// <param name="Header">The columns of the file.</param>
/// <param name="Row">The row.</param>
/// <param name="Rule">The rule that it breaks; null for a row that looks bad and is not.</param>
/// <param name="Property">The property to blame; null for the whole row.</param>
/// <param name="Parameters">How the file is read.</param>
internal sealed record DirtyRow(string Defect, string Header, string Row, string? Rule, string? Property = null, string Parameters = "");

/// <summary>Rows as they come from forms, spreadsheets and databases.</summary>
internal static class DirtyData
{
    private const string Id = "distinct_id";

    public static IReadOnlyList<DirtyRow> Rows { get; } =
    [
        // The row.
        new("a delimiter in a field without quotes", "distinct_id,town", "1,Wien, Austria", "FieldCountMismatch"),
        new("a field too few", "distinct_id,town", "1", "FieldCountMismatch"),
        new("a quote in a field without quotes", "distinct_id,town", "1,the \"old\" town", "MalformedQuotes"),
        new("text behind a closing quote", "distinct_id,town", "1,\"Wien\" AT", "MalformedQuotes"),
        new("a quote that is never closed", "distinct_id,town", "1,\"Wien", "MalformedQuotes"),
        new("an update of more than a megabyte", "distinct_id,a,b,c,d,e", "1," + string.Join(',', Enumerable.Repeat(string.Join(';', Enumerable.Repeat("12345678", 23_000)), 5)), "UpdateTooLarge", null, "-PropertyType @{ a = 'List'; b = 'List'; c = 'List'; d = 'List'; e = 'List' }"),
        new("more properties than a profile holds", "distinct_id," + string.Join(',', Enumerable.Range(0, 2001).Select(i => $"p{i}")), "1" + string.Concat(Enumerable.Repeat(",x", 2001)), "TooManyProperties"),

        // The identifier.
        new("no identifier", "distinct_id,plan", ",pro", "MissingIdentifier", Id),
        new("an identifier of blanks", "distinct_id,plan", "  ,pro", "MissingIdentifier", Id),
        new("null in words", "distinct_id,plan", "null,pro", "PlaceholderIdentifier", Id),
        new("a database's NULL", "distinct_id,plan", "NULL,pro", "PlaceholderIdentifier", Id),
        new("undefined, as JavaScript writes it", "distinct_id,plan", "undefined,pro", "PlaceholderIdentifier", Id),
        new("None, as Python writes it", "distinct_id,plan", "None,pro", "PlaceholderIdentifier", Id),
        new("<nil>, as Go writes it", "distinct_id,plan", "<nil>,pro", "PlaceholderIdentifier", Id),
        new("nil, as Ruby writes it", "distinct_id,plan", "nil,pro", "PlaceholderIdentifier", Id),
        new("not available", "distinct_id,plan", "N/A,pro", "PlaceholderIdentifier", Id),
        new("not available, short", "distinct_id,plan", "na,pro", "PlaceholderIdentifier", Id),
        new("zero", "distinct_id,plan", "0,pro", "PlaceholderIdentifier", Id),
        new("minus one", "distinct_id,plan", "-1,pro", "PlaceholderIdentifier", Id),
        new("a Boolean", "distinct_id,plan", "true,pro", "PlaceholderIdentifier", Id),
        new("the other Boolean", "distinct_id,plan", "FALSE,pro", "PlaceholderIdentifier", Id),
        new("an empty list", "distinct_id,plan", "[],pro", "PlaceholderIdentifier", Id),
        new("an empty object", "distinct_id,plan", "{},pro", "PlaceholderIdentifier", Id),
        new("an anonymous user", "distinct_id,plan", "anonymous,pro", "PlaceholderIdentifier", Id),
        new("an anonymous user, short", "distinct_id,plan", "anon,pro", "PlaceholderIdentifier", Id),
        new("an unknown user", "distinct_id,plan", "Unknown,pro", "PlaceholderIdentifier", Id),
        new("a GUID of zeros", "distinct_id,plan", "00000000-0000-0000-0000-000000000000,pro", "PlaceholderIdentifier", Id),
        new("a blank behind an identifier", "distinct_id,plan", "7 ,pro", "IdentifierWithBlanks", Id),
        new("a tab before an identifier", "distinct_id,plan", "\t7,pro", "IdentifierWithBlanks", Id),
        new("a blank inside an identifier", "distinct_id,plan", "7 a,pro", null),
        new("a text for an identifier", "distinct_id,plan", new string('x', 256) + ",pro", "IdentifierTooLong", Id),
        new("an identifier that only begins as a placeholder", "distinct_id,plan", "nullable,pro", null),
        new("an identifier of a single digit", "distinct_id,plan", "7,pro", null),
        new("a placeholder that is meant", "distinct_id,plan", "unknown,pro", null, null, "-AllowAnyIdentifier"),

        // Names.
        new("the name that the service forbids", "distinct_id,bucket", "1,a", "ForbiddenName", "bucket"),
        new("the name that the service forbids, with a dollar", "distinct_id,$bucket", "1,a", "ForbiddenName", "$bucket"),
        new("a name that the service cuts", "distinct_id," + new string('n', 256), "1,a", "NameTooLong", new string('n', 256)),
        new("a name as long as it may be", "distinct_id," + new string('n', 255), "1,a", null),
        new("the address of the request", "distinct_id,$ip", "1,8.8.8.8", "RequestFieldName", "$ip"),
        new("the time of the request", "distinct_id,$time", "1,1700000000", "RequestFieldName", "$time"),
        new("the time of the last update", "distinct_id,$last_seen", "1,2026-01-31T12:00:00", "ServiceKeptName", "$last_seen"),
        new("the source of the place", "distinct_id,$geo_source", "1,ip", "ServiceKeptName", "$geo_source"),
        new("a reserved name with a slip", "distinct_id,$e-mail", "1,a@b.io", "UnknownReservedName", "$e-mail"),
        new("a reserved name in capitals", "distinct_id,$Email", "1,a@b.io", "UnknownReservedName", "$Email"),
        new("a name with the prefix of events", "distinct_id,mp_country_code", "1,CH", "UnknownReservedName", "mp_country_code"),
        new("email without a dollar", "distinct_id,email", "1,a@b.io", "UnreservedName", "email"),
        new("a trait of Segment", "distinct_id,firstName", "1,Ann", "UnreservedName", "firstName"),
        new("email without a dollar, as it is meant", "distinct_id,email", "1,a@b.io", null, null, "-PropertyMap @{ email = 'email' }"),
        new("email as the reserved one", "distinct_id,email", "1,a@b.io", null, null, "-UseReservedName"),

        // Values of reserved properties.
        new("a name for an address", "distinct_id,$email", "1,Ann", "InvalidEmail", "$email"),
        new("two addresses", "distinct_id,$email", "1,a@b.io; c@d.io", "InvalidEmail", "$email"),
        new("an address without a domain", "distinct_id,$email", "1,ann@", "InvalidEmail", "$email"),
        new("an address without a name", "distinct_id,$email", "1,@b.io", "InvalidEmail", "$email"),
        new("a domain without a dot", "distinct_id,$email", "1,ann@example", "InvalidEmail", "$email"),
        new("a domain with two dots", "distinct_id,$email", "1,ann@example..com", "InvalidEmail", "$email"),
        new("a blank behind the address", "distinct_id,$email", "1,a@b.io ", "InvalidEmail", "$email"),
        new("an address with a plus", "distinct_id,$email", "1,ann+x@mail.example.com", null),
        new("a number without a country code", "distinct_id,$phone", "1,044 668 18 00", "PhoneWithoutCountryCode", "$phone"),
        new("a number with a country code and no plus", "distinct_id,$phone", "1,41446681800", "PhoneWithoutCountryCode", "$phone"),
        new("a number with the old prefix", "distinct_id,$phone", "1,0041446681800", "PhoneWithoutCountryCode", "$phone"),
        new("a number that a spreadsheet made shorter", "distinct_id,$phone", "1,4.14E+10", "InvalidPhone", "$phone"),
        new("a word for a number", "distinct_id,$phone", "1,none", "InvalidPhone", "$phone"),
        new("a number of too few digits", "distinct_id,$phone", "1,+411234", "InvalidPhone", "$phone"),
        new("a number of too many digits", "distinct_id,$phone", "1,+4144668180012345", "InvalidPhone", "$phone"),
        new("an extension", "distinct_id,$phone", "1,+41446681800 x12", "InvalidPhone", "$phone"),
        new("a number as it is written", "distinct_id,$phone", "1,+41 (44) 668-18.00", null),
        new("a number that is one", "distinct_id,$phone", "1,41446681800", "PhoneWithoutCountryCode", "$phone", "-PropertyType @{ '$phone' = 'Number' }"),
        new("a file for a picture", "distinct_id,$avatar", "1,ann.png", "InvalidAvatar", "$avatar"),
        new("an address without a host", "distinct_id,$avatar", "1,https:///ann.png", "InvalidAvatar", "$avatar"),
        new("a picture in the text", "distinct_id,$avatar", "1,data:image/png;base64", "InvalidAvatar", "$avatar"),
        new("the address of a picture", "distinct_id,$avatar", "1,HTTPS://cdn.example.com/ann.png", null),
        new("a date as Americans write it", "distinct_id,$created", "1,01/31/2026", "InvalidCreated", "$created"),
        new("a date with a blank", "distinct_id,$created", "1,2026-01-31 12:00:00", "InvalidCreated", "$created"),
        new("a day that there is not", "distinct_id,$created", "1,2026-02-30", "InvalidCreated", "$created"),
        new("a Unix time", "distinct_id,$created", "1,1769860800", "InvalidCreated", "$created"),
        new("a Unix time that is a number", "distinct_id,$created", "1,1769860800", "InvalidCreated", "$created", "-PropertyType @{ '$created' = 'Number' }"),
        new("a date", "distinct_id,$created", "1,2026-01-31", null),
        new("a date with an offset", "distinct_id,$created", "1,2026-01-31T12:00:00.123+01:00", null),
        new("a date in a form that is read", "distinct_id,$created", "1,31.01.2026", null, null, "-PropertyType @{ '$created' = 'Date' } -DateFormat dd.MM.yyyy"),
        new("a country in words", "distinct_id,$country_code", "1,Switzerland", "InvalidCountryCode", "$country_code"),
        new("a country of three letters", "distinct_id,$country_code", "1,CHE", "InvalidCountryCode", "$country_code"),
        new("a calling code", "distinct_id,$country_code", "1,41", "InvalidCountryCode", "$country_code"),
        new("a country", "distinct_id,$country_code", "1,CH", null),
        new("a time zone of Windows", "distinct_id,$timezone", "1,W. Europe Standard Time", "UnknownTimeZone", "$timezone"),
        new("an offset for a time zone", "distinct_id,$timezone", "1,+01:00", "UnknownTimeZone", "$timezone"),
        new("a time zone that there is not", "distinct_id,$timezone", "1,Europe/Zuerich", "UnknownTimeZone", "$timezone"),
        new("a time zone", "distinct_id,$timezone", "1,Europe/Zurich", null),
        new("an older name of a time zone", "distinct_id,$timezone", "1,US/Pacific", null),

        // Values of any property.
        new("the type of a list", "distinct_id,note", "1,System.Object[]", "LostValue", "note"),
        new("the type of a list for an address", "distinct_id,$email", "1,System.Object[]", "LostValue", "$email"),
        new("the type of a list for the identifier", "distinct_id,note", "System.Object[],x", "LostValue", "distinct_id"),
        new("an object as text in a list", "distinct_id,tags", "1,@{a=1; b=2}", "LostValue", "tags", "-PropertyType @{ tags = 'List' }"),
        new("a type in an object", "distinct_id,o", "1,\"{\"\"a\"\":\"\"System.Collections.Hashtable\"\"}\"", "LostValue", "o", "-PropertyType @{ o = 'Json' }"),
        new("a sentence about a type", "distinct_id,note", "1,System.Object[] is a type", null),
        new("a date that was never set", "distinct_id,seen", "1,0001-01-01T00:00:00", "DefaultDate", "seen"),
        new("a date that was never set, as a date", "distinct_id,seen", "1,0001-01-01", "DefaultDate", "seen", "-PropertyType @{ seen = 'Date' }"),
        new("a text that the service cuts", "distinct_id,note", "1," + new string('x', 256), "TextTooLong", "note"),
        new("a text of few letters and many bytes", "distinct_id,note", "1," + new string('ü', 128), "TextTooLong", "note"),
        new("a text as long as it may be", "distinct_id,note", "1," + new string('x', 255), null),
        new("a text that is long only as JSON", "distinct_id,tags", "1,\"[\"\"" + string.Concat(Enumerable.Repeat("\\u00fc", 127)) + "\"\"]\"", null, null, "-PropertyType @{ tags = 'List' }"),
        new("a long text in a list", "distinct_id,tags", "1,a;" + new string('x', 256), "TextTooLong", "tags", "-PropertyType @{ tags = 'List' }"),
        new("a list that the service does not take", "distinct_id,tags", "1," + string.Join(';', Enumerable.Repeat("12345678", 30_000)), "ListTooLarge", "tags", "-PropertyType @{ tags = 'List' }"),
        new("an object that the service does not take", "distinct_id,o", "1,\"{\"\"a\"\":[" + string.Join(',', Enumerable.Repeat("\"\"12345678\"\"", 30_000)) + "]}\"", "ObjectTooLarge", "o", "-PropertyType @{ o = 'Json' }"),
        new("an object with too many keys", "distinct_id,o", "1,\"{" + string.Join(',', Enumerable.Range(0, 256).Select(i => $"\"\"k{i}\"\":1")) + "}\"", "TooManyKeys", "o", "-PropertyType @{ o = 'Json' }"),
        new("an object with as many keys as it may have", "distinct_id,o", "1,\"{" + string.Join(',', Enumerable.Range(0, 255).Select(i => $"\"\"k{i}\"\":1")) + "}\"", null, null, "-PropertyType @{ o = 'Json' }"),
        new("objects too deep", "distinct_id,o", "1,\"{\"\"a\"\":{\"\"b\"\":{\"\"c\"\":{\"\"d\"\":1}}}}\"", "NestedTooDeep", "o", "-PropertyType @{ o = 'Json' }"),
        new("objects as deep as they may be", "distinct_id,o", "1,\"{\"\"a\"\":{\"\"b\"\":{\"\"c\"\":1}}}\"", null, null, "-PropertyType @{ o = 'Json' }"),
        new("objects too deep that columns make", "distinct_id,o.a.b.c.d", "1,x", "NestedTooDeep", "o", "-ExpandName"),
        new("a list of lists", "distinct_id,o", "1,[[1]]", "NestedTooDeep", "o", "-PropertyType @{ o = 'Json' }"),
        new("a list of objects that are not flat", "distinct_id,o", "1,\"[{\"\"a\"\":{}}]\"", "NestedTooDeep", "o", "-PropertyType @{ o = 'Json' }"),
        new("a list of flat objects", "distinct_id,o", "1,\"[{\"\"a\"\":1}]\"", null, null, "-PropertyType @{ o = 'Json' }"),
        new("a word for a number of years", "distinct_id,age", "1,forty", "UnsupportedValue", "age", "-PropertyType @{ age = 'Number' }"),
        new("a decimal comma", "distinct_id,price", "1,\"9,90\"", "UnsupportedValue", "price", "-PropertyType @{ price = 'Number' }"),
        new("a yes that is not one", "distinct_id,active", "1,perhaps", "UnsupportedValue", "active", "-PropertyType @{ active = 'Boolean' }"),
        new("a date in another form", "distinct_id,joined", "1,31.01.2026", "UnsupportedValue", "joined", "-PropertyType @{ joined = 'Date' }"),
        new("broken JSON", "distinct_id,o", "1,{a:1}", "UnsupportedValue", "o", "-PropertyType @{ o = 'Json' }"),
        new("an empty cell", "distinct_id,$email", "1,", null),
        new("an empty cell that is sent", "distinct_id,$email", "1,", null, null, "-EmptyCell Empty"),
    ];
}
