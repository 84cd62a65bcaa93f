using System.Management.Automation;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Mapping;

/// <summary>Parameters and the members of mapping files are the same table, and each member does what its parameter does.</summary>
public sealed partial class MappingMemberTests : ConnectedTests
{
    /// <summary>Parameters of the commands with -MappingPath that have no member, and why.</summary>
    private static readonly Dictionary<string, string> NotOfMapping = new(StringComparer.Ordinal)
    {
        ["Path"] = "What is read.",
        ["LiteralPath"] = "What is read.",
        ["InputObject"] = "What is read.",
        ["Query"] = "What is read.",
        ["QueryPath"] = "What is read.",
        ["Parameter"] = "What is read.",
        ["OrderedBy"] = "What is read, and where it continues.",
        ["Provider"] = "Where it is read.",
        ["ConnectionString"] = "Where it is read, and a secret.",
        ["ConnectionVariable"] = "Where it is read.",
        ["Credential"] = "A secret.",
        ["DbConnection"] = "Where it is read.",
        ["CommandTimeout"] = "How long it is read.",
        ["GroupKey"] = "Mandatory where profiles are those of groups.",
        ["DistinctId"] = "Data of one call.",
        ["GroupId"] = "Data of one call.",
        ["Property"] = "Data of one call (Set); a member of the imports.",
        ["PropertyOnce"] = "Data of one call.",
        ["Increment"] = "Data of one call.",
        ["Append"] = "Data of one call.",
        ["Union"] = "Data of one call.",
        ["RemoveValue"] = "Data of one call.",
        ["Unset"] = "Data of one call.",
        ["Ip"] = "Data of one call.",
        ["Latitude"] = "Data of one call.",
        ["Longitude"] = "Data of one call.",
        ["Time"] = "Data of one call.",
        ["MappingPath"] = "The mapping itself.",
        ["JournalPath"] = "What a run leaves behind.",
        ["Resume"] = "What a run leaves behind.",
        ["RejectPath"] = "What a run leaves behind.",
        ["LogPath"] = "What a run leaves behind.",
        ["StatePath"] = "What a run leaves behind.",
        ["Partition"] = "Which rows a task takes.",
        ["PartitionCount"] = "Which rows a task takes.",
        ["Full"] = "What is sent again.",
        ["MaxStateAge"] = "What is sent again.",
        ["RemoveMissingProperty"] = "What is removed.",
        ["RemoveMissing"] = "What is removed.",
        ["MaxRemovePercent"] = "What is removed.",
        ["BackupPath"] = "What a run leaves behind.",
        ["SkipSuperseded"] = "About a reject file, which an earlier run left behind.",
        ["MaxParseErrors"] = "When a run ends.",
        ["PassThru"] = "What is written.",
        ["MaskValue"] = "What is written.",
        ["Quiet"] = "What is written.",
        ["ReportPath"] = "What is written.",
        ["Connection"] = "Where it is sent.",
        ["BatchSize"] = "How it is sent.",
        ["MaxConcurrency"] = "How it is sent.",
        ["MaxUpdatesPerSecond"] = "How it is sent.",
        ["MaxFailure"] = "When a run ends.",
        ["RetryAmbiguous"] = "How it is sent.",
        ["TimeoutSec"] = "When a run ends.",
        ["MaximumRetryCount"] = "How it is sent.",
        ["RetryIntervalSec"] = "How it is sent.",
    };

    /// <summary>A member, its value, the same as a parameter, and rows for which it matters.</summary>
    private static readonly (string Member, string Value, string Parameter, string Rows, string Also)[] Same =
    [
        ("allowAnyIdentifier", "true", "-AllowAnyIdentifier", "distinct_id,a\nnull,1\n", ""),
        ("culture", "\"de-DE\"", "-Culture de-DE", "distinct_id,a\n1,\"1,5\"\n", "-PropertyType @{ a = 'Number' }"),
        ("dateFormat", "[\"dd.MM.yyyy\", \"MM/yyyy dd\"]", "-DateFormat dd.MM.yyyy, 'MM/yyyy dd'", "distinct_id,a\n1,31.01.2026\n2,02/2026 01\n", "-PropertyType @{ a = 'Date' }"),
        ("delimiter", "\"\\t\"", "-Delimiter \"`t\"", "distinct_id\ta\n1\tb\n", ""),
        ("dialect", "\"Excel\"", "-Dialect Excel", "distinct_id,a\n1,\"=\"\"007\"\"\"\n", ""),
        ("duplicateHeaderAction", "\"Rename\"", "-DuplicateHeaderAction Rename", "distinct_id,a,a\n1,b,c\n", ""),
        ("emptyCell", "\"Unset\"", "-EmptyCell Unset", "distinct_id,a,b\n1,,2\n", ""),
        ("encoding", "\"1252\"", "-Encoding 1252", "distinct_id,a\n1,€\n", ""),
        ("excludeProperty", "[\"b*\"]", "-ExcludeProperty b*", "distinct_id,a,b1,b2\n1,2,3,4\n", ""),
        ("expandName", "true", "-ExpandName", "distinct_id,a.b,a.c\n1,2,3\n", ""),
        ("hashProperty", "[\"a\", \"b\"]", "-HashProperty a, b", "distinct_id,a,b\n1,2,3\n", ""),
        ("header", "[\"distinct_id\", \"b\"]", "-Header distinct_id, b", "1,2\n", ""),
        ("headerInFirstFileOnly", "true", "-HeaderInFirstFileOnly", "distinct_id,a\n1,2\n", ""),
        ("identifierColumn", "\"key\"", "-IdentifierColumn key", "distinct_id,key\n1,2\n", ""),
        ("identifierProperty", "\"key\"", "-IdentifierProperty key", """{"distinct_id":1,"key":2}""", ""),
        ("ignoreTime", "true", "-IgnoreTime", "distinct_id,a\n1,2\n", ""),
        ("inferType", "true", "-InferType", "distinct_id,a\n1,2\n", ""),
        ("listSeparator", "\"/\"", "-ListSeparator /", "distinct_id,a\n1,b/c\n", "-PropertyType @{ a = 'List' }"),
        ("mismatchedFieldAction", "\"PadWithNulls\"", "-MismatchedFieldAction PadWithNulls", "distinct_id,a,b\n1,2\n", ""),
        ("nullText", "[\"NULL\", \"\\\\N\"]", "-NullText NULL, '\\N'", "distinct_id,a,b\n1,NULL,\\N\n2,x,\n", ""),
        ("operation", "\"Union\"", "-Operation Union", "distinct_id,a\n1,2\n", ""),
        ("property", "[\"a\"]", "-Property a", "distinct_id,a,b\n1,2,3\n", ""),
        ("propertyMap", "{ \"a\": \"A b\" }", "-PropertyMap @{ a = 'A b' }", "distinct_id,a\n1,2\n", ""),
        ("propertyType", "{ \"a\": \"Number\", \"b\": \"List\" }", "-PropertyType @{ a = 'Number'; b = 'List' }", "distinct_id,a,b\n1,2,c;d\n", ""),
        ("quoteMode", "\"Lenient\"", "-QuoteMode Lenient", "distinct_id,a\n1,5'11\"\n", ""),
        ("randomIdentifier", "true", "-RandomIdentifier", "a\n1\n", ""),
        ("recoverRows", "true", "-RecoverRows", "distinct_id,a\n1,\"b\n2,c\n3,d\n", ""),
        ("root", "\"list\"", "-Root list", """{"list":[{"distinct_id":1,"a":2}]}""", ""),
        ("skipRows", "2", "-SkipRows 2", "title\n\ndistinct_id,a\n1,2\n", ""),
        ("strict", "true", "-Strict", "distinct_id,email\n1,a@b.io\n2,\n", ""),
        ("timeZone", "\"Europe/Vienna\"", "-TimeZone Europe/Vienna", "distinct_id,a\n1,2026-07-01T12:00:00\n", "-PropertyType @{ a = 'Date' }"),
        ("trimIdentifier", "true", "-TrimIdentifier", "distinct_id,a\n 1,2\n", ""),
        ("trimValue", "true", "-TrimValue", "distinct_id,a\n1, 2 \n", ""),
        ("unique", "true", "-Unique", "distinct_id,a\n1,2\n1,3\n", ""),
        ("useReservedName", "true", "-UseReservedName", "distinct_id,email\n1,a@b.io\n", ""),
    ];

    /// <summary>A member and a value that it cannot have, with the error and the line after the name of the member where it is.</summary>
    private static readonly (string Member, string Value, string ErrorId, int Line)[] Malformed =
    [
        ("allowAnyIdentifier", "\"yes\"", "InvalidMapping", 0),
        ("culture", "\"no culture\"", "InvalidMapping", 0),
        ("dateFormat", "[\n\"dd.MM.yyyy\",\n\"dd.MM\"]", "InvalidDateFormat", 2),
        ("delimiter", "\";;\"", "InvalidMapping", 0),
        ("delimiter", "\"ä\"", "InvalidDelimiter", 0),
        ("dialect", "\"Oracle\"", "InvalidMapping", 0),
        ("duplicateHeaderAction", "\"Drop\"", "InvalidMapping", 0),
        ("emptyCell", "\"Delete\"", "InvalidMapping", 0),
        ("emptyCell", "\"Null\", \"operation\": \"Add\"", "OptionNotForOperation", 0),
        ("encoding", "\"utf-9\"", "InvalidMapping", 0),
        ("excludeProperty", "[\n\"nme\"]", "ColumnNotFound", 1),
        ("excludeProperty", "[\n\"a\",\n\"[*\"]", "InvalidPattern", 2),
        ("expandName", "1", "InvalidMapping", 0),
        ("hashProperty", "[\n\"a\",\n\n\"nme\"]", "ColumnNotFound", 3),
        ("header", "[]", "InvalidMapping", 0),
        ("headerInFirstFileOnly", "null", "InvalidMapping", 0),
        ("identifierColumn", "\"nme\"", "IdentifierColumnNotFound", 0),
        ("identifierProperty", "7", "InvalidMapping", 0),
        ("ignoreTime", "\"true\"", "InvalidMapping", 0),
        ("inferType", "[]", "InvalidMapping", 0),
        ("listSeparator", "\"\"", "InvalidMapping", 0),
        ("mismatchedFieldAction", "\"Pad\"", "InvalidMapping", 0),
        ("nullText", "\"NULL\"", "InvalidMapping", 0),
        ("operation", "\"Delete\"", "InvalidMapping", 0),
        ("property", "[\n\"a\",\n\"nme\"]", "ColumnNotFound", 2),
        ("propertyMap", "{\n\"a\": \"\" }", "InvalidMapping", 1),
        ("propertyMap", "{\n\"a\": \"b\",\n\"nme\": \"c\" }", "ColumnNotFound", 2),
        ("propertyType", "{\n\"b\": \"Number\",\n\"a\": \"Integer\" }", "InvalidPropertyType", 2),
        ("propertyType", "{\n\"nme\": \"Number\" }", "ColumnNotFound", 1),
        ("quoteMode", "\"Loose\"", "InvalidMapping", 0),
        ("randomIdentifier", "\"true\"", "InvalidMapping", 0),
        ("recoverRows", "0", "InvalidMapping", 0),
        ("root", "{}", "InvalidMapping", 0),
        ("skipRows", "-1", "InvalidMapping", 0),
        ("skipRows", "1.5", "InvalidMapping", 0),
        ("strict", "1", "InvalidMapping", 0),
        ("timeZone", "\"Europe/Wien\"", "InvalidMapping", 0),
        ("trimIdentifier", "\"\"", "InvalidMapping", 0),
        ("trimValue", "{}", "InvalidMapping", 0),
        ("unique", "\"no\"", "InvalidMapping", 0),
        ("useReservedName", "\"true\"", "InvalidMapping", 0),
    ];

    public static TheoryData<int, string> SameCases => Cases(Same.Select(same => same.Member));

    public static TheoryData<int, string> MalformedCases => Cases(Malformed.Select(malformed => $"{malformed.Member} {malformed.ErrorId}"));

    [Fact]
    public void Each_parameter_has_a_member_or_is_listed_with_the_reason()
    {
        var declaring = Session.Run("(Get-Command -Module ProfilesModule | Where-Object { $_.Parameters.ContainsKey('MappingPath') }).ImplementingType")
            .Succeeded().Output.Select(type => (Type)type.BaseObject).ToList();
        Assert.Equal(9, declaring.Count);
        declaring.AddRange(declaring.Where(type => type.IsAssignableTo(typeof(IDynamicParameters))).ToArray()
            .Select(type => ((IDynamicParameters)Activator.CreateInstance(type)!).GetDynamicParameters()!.GetType()));
        var without = declaring.SelectMany(type => type.GetProperties())
            .Where(property => property.IsDefined(typeof(ParameterAttribute)) && !IsMember(property))
            .Select(property => property.Name).Distinct();
        Assert.Empty(without.Except(NotOfMapping.Keys));

        var members = declaring.SelectMany(type => type.GetProperties()).Where(IsMember).Select(property => property.Name).Distinct().ToArray();
        Assert.All(members, name => Assert.True(name == "Property" || !NotOfMapping.ContainsKey(name), name));
        Assert.Equal(SchemaMembers(), members.Select(name => char.ToLowerInvariant(name[0]) + name[1..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_member_has_an_example_and_a_malformed_one()
    {
        Assert.Equal(SchemaMembers(), Same.Select(same => same.Member).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(SchemaMembers(), Malformed.Select(malformed => malformed.Member).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SameCases))]
    public void A_member_does_what_its_parameter_does(int number, string name)
    {
        var (member, value, parameter, rows, also) = Same[number];
        Assert.Equal(name, member);
        var isJson = member is "identifierProperty" or "root";
        var encoding = member == "encoding" ? System.Text.CodePagesEncodingProvider.Instance.GetEncoding(1252) : null;
        string[] files = [Folder.Write(isJson ? "1.json" : "1.csv", rows, encoding)];
        if (member == "headerInFirstFileOnly")
            files = [files[0], Folder.Write("2.csv", "3,4\n")];
        var command = $"Import-UserProfile{(isJson ? "Json" : "Csv")} $files -MaxConcurrency 1 -WarningAction SilentlyContinue -ErrorAction SilentlyContinue {also}";
        Folder.Write("mapping.json", $"{{ \"$schema\": \"x\", \"{member}\": {value}, /* why */ }}");

        var plain = Sent(command, files);
        var given = Sent($"{command} {parameter}", files);
        var mapped = Sent($"{command} -MappingPath $mapping", files);
        Assert.Equal(given, mapped);
        Assert.NotEqual(plain, mapped);
    }

    [Theory]
    [MemberData(nameof(MalformedCases))]
    public void A_malformed_member_is_an_error_with_its_line(int number, string name)
    {
        var (member, value, errorId, line) = Malformed[number];
        Assert.Equal(name, $"{member} {errorId}");
        var file = Folder.Write("users.csv", "distinct_id,a,b\n1,2,3\n");
        var mapping = Folder.Write("mapping.json", $"{{\r\n// why\r\n\"{member}\": {value}\n}}");
        var command = member == "ignoreTime" ? "Import-UserProfileCsv" : "Test-UserProfile";
        var result = Session.Run($"{command} $file -MappingPath $mapping", new { file, mapping });
        var error = result.Terminating is null ? Assert.Single(result.Errors) : result.TerminatingError;
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"The mapping '{mapping}', line {3 + line}", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains($"member '{member}'", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal(0, Service.Requests);
    }

    private string Sent(string command, string[] files)
    {
        Service.Bodies.Clear();
        var result = Session.Run(command, new { files, mapping = Folder.File("mapping.json") });
        return Guids().Replace($"{result.Value("Accepted")} {string.Join('\n', Service.Bodies)}", "<guid>");
    }

    private static bool IsMember(PropertyInfo property) =>
        property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "MappingMemberAttribute");

    private static IEnumerable<string> SchemaMembers()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, "en-US", "mapping.schema.json")));
        return [.. schema.RootElement.GetProperty("properties").EnumerateObject().Select(member => member.Name).Where(name => name[0] != '$').Order(StringComparer.Ordinal)];
    }

    private static TheoryData<int, string> Cases(IEnumerable<string> names)
    {
        var cases = new TheoryData<int, string>();
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
            cases.Add(i, name);
        return cases;
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Guids();
}
