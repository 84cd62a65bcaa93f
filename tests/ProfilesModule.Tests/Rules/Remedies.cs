using System.Text;

namespace ProfilesModule.Tests.Rules;

/// <summary>The remedies of errors about rows and files, and about identifiers.</summary>
internal static partial class Remedies
{
    private const string Tab = "-Delimiter \"`t\"";

    public static IReadOnlyList<Remedy> All { get; } = [.. OfRows(), .. OfIdentifiers(), .. OfNames(), .. OfValues(), .. OfFiles()];

    private static Remedy[] OfRows() =>
    [
        new("FieldCountMismatch", "distinct_id,town\n1,Wien, Austria\n", "", "", """{"1":{"town":"Wien, Austria"}}""")
        {
            Corrected = "distinct_id,town\n1,\"Wien, Austria\"\n",
        },
        new("MalformedQuotes", "distinct_id,town\n1,the \"old\" town\n", "", "", """{"1":{"town":"the \"old\" town"}}""")
        {
            Corrected = "distinct_id,town\n1,\"the \"\"old\"\" town\"\n",
        },
        new("MalformedQuotes", "distinct_id,zip\n1,=\"00123\"\n", "", "-Dialect Excel", """{"1":{"zip":"00123"}}"""),
        new("MalformedQuotes", "distinct_id;zip\n1;=\"00123\"\n", "-Delimiter ';'", "-Delimiter ';' -Dialect Excel",
            """{"1":{"zip":"00123"}}"""),
        new("MalformedQuotes", "distinct_id\tdisk\n1\t5\" floppy\n", Tab, $"{Tab} -Dialect Bcp", """{"1":{"disk":"5\" floppy"}}"""),
        new("MalformedQuotes", "distinct_id|disk\n1|5\" floppy\n", "-Delimiter '|'", "-Delimiter '|' -Dialect Bcp",
            """{"1":{"disk":"5\" floppy"}}"""),
        new("MalformedQuotes", "distinct_id\tnote\n1\tan \"old\"\\ttown\n", Tab, $"{Tab} -Dialect MySql",
            """{"1":{"note":"an \"old\"\ttown"}}"""),
        new("MalformedQuotes", "distinct_id\tnote\n1\tan \"old\"\\ttown\n", Tab, $"{Tab} -Dialect PostgreSqlCopy",
            """{"1":{"note":"an \"old\"\ttown"}}"""),
        new("RowBehindQuote", Damaged, "", "-RecoverRows", """{"1":{"note":"a"},"3":{"note":"c"},"4":{"note":"d, e"},"5":{"note":"f"}}""")
        {
            Left = "MalformedQuotes",
        },
        new("RowBehindQuote", Damaged, "", "",
            """{"1":{"note":"a"},"2":{"note":"b"},"3":{"note":"c"},"4":{"note":"d, e"},"5":{"note":"f"}}""")
        {
            Corrected = Damaged.Replace("\"b", "b", StringComparison.Ordinal),
        },
        new("RowsInField", "distinct_id\tnick\n1\t\"The\n2\tBig\"\n", Tab, $"{Tab} -Dialect Bcp",
            """{"1":{"nick":"\"The"},"2":{"nick":"Big\""}}"""),
        new("RowsInField", "distinct_id,nick\n1,\"The\n2,Big\"\n", "", "", """{"1":{"nick":"The"},"2":{"nick":"Big"}}""")
        {
            Corrected = "distinct_id,nick\n1,The\n2,Big\n",
        },
        new("RepeatedHeader", "distinct_id,v\n1,a\n", "-Header distinct_id,v", "", """{"1":{"v":"a"}}"""),
        new("RepeatedHeader", "distinct_id,v\n1,a\ndistinct_id,v\n2,b\n", "", "", """{"1":{"v":"a"},"2":{"v":"b"}}""")
        {
            Corrected = "distinct_id,v\n1,a\n2,b\n",
        },
        new("ReportLine", "distinct_id,v\n-----------,-\n1,NULL\n2,a\n\n(2 rows affected)\n", "", "-Dialect SqlCmd",
            """{"1":{},"2":{"v":"a"}}"""),
        new("ReportLine", "distinct_id,v\n1,\"a\"\n(1 row)\n", "", "", """{"1":{"v":"a"}}""") { Corrected = "distinct_id,v\n1,\"a\"\n" },
        new("RejectRowDamaged", "distinct_id,v,_line,_error,_errorId\n1,a,2,x\n", "", "", """{"1":{"v":"a"}}""")
        {
            Corrected = "distinct_id,v,_line,_error,_errorId\n1,a,2,x,InvalidEmail\n",
        },
        new("InvalidEncoding", "distinct_id,v\n1,\u00805 für Öl\n", "", "-Encoding 1252", """{"1":{"v":"€5 für Öl"}}""")
        {
            Encoding = Encoding.Latin1,
        },
        new("InvalidEncoding", "distinct_id,v\n1,\u00C3\u00BC\n2,ü\n", "", "", """{"1":{"v":"ü"},"2":{"v":"ü"}}""")
        {
            Encoding = Encoding.Latin1,
            Corrected = "distinct_id,v\n1,ü\n2,ü\n",
        },
        new("InvalidEncoding", "{\"distinct_id\":\"1\",\"v\":\"ü\"}\n", "", "", """{"1":{"v":"ü"}}""")
        {
            Source = RowsOf.Json,
            Encoding = Encoding.Latin1,
            Corrected = "{\"distinct_id\":\"1\",\"v\":\"ü\"}\n",
        },
        new("MalformedJson", "{\"distinct_id\":\"1\",\"v\":1}\n{\"distinct_id\":\"2\",\"v\":}\n", "", "", """{"1":{"v":1},"2":{"v":2}}""")
        {
            Source = RowsOf.Json,
            Corrected = "{\"distinct_id\":\"1\",\"v\":1}\n{\"distinct_id\":\"2\",\"v\":2}\n",
        },
        new("DuplicateProperty", "{\"distinct_id\":\"1\",\"v\":1,\"v\":2}\n", "", "", """{"1":{"v":2}}""")
        {
            Source = RowsOf.Json,
            Corrected = "{\"distinct_id\":\"1\",\"v\":2}\n",
        },
        new("UnsupportedObject", "42", "", "", """{"42":{"v":1}}""")
        {
            Source = RowsOf.Pipeline,
            Corrected = "[pscustomobject]@{ distinct_id = 42; v = 1 }",
        },
    ];

    private const string Damaged = "distinct_id,note\n1,a\n2,\"b\n3,c\n4,\"d, e\"\n5,f\n";

    private static Remedy[] OfIdentifiers() =>
    [
        new("MissingIdentifier", "distinct_id,v\n,a\n", "", "", """{"1":{"v":"a"}}""") { Corrected = "distinct_id,v\n1,a\n" },
        new("MissingIdentifier", "{\"id\":\"1\",\"v\":1}\n", "", "-IdentifierProperty id", """{"1":{"v":1}}""") { Source = RowsOf.Json },
        new("MissingIdentifier", "[pscustomobject]@{ id = 1; v = 2 }", "", "-IdentifierProperty id",
            """{"1":{"v":2}}""") { Source = RowsOf.Pipeline },
        new("MissingIdentifier", "{\"id\":7,\"users\":[{\"distinct_id\":\"1\",\"v\":1}]}\n{\"users\":[]}\n", "", "-Root users",
            """{"1":{"v":1}}""")
        {
            Source = RowsOf.Json,
        },
        new("InvalidIdentifier", "{\"distinct_id\":\"1\",\"DistinctId\":\"2\"}\n", "", "-IdentifierProperty distinct_id",
            """{"1":{"DistinctId":"2"}}""")
        {
            Source = RowsOf.Json,
        },
        new("InvalidIdentifier", "{\"distinct_id\":[1],\"v\":1}\n", "", "", """{"1":{"v":1}}""")
        {
            Source = RowsOf.Json,
            Corrected = "{\"distinct_id\":1,\"v\":1}\n",
        },
        new("PlaceholderIdentifier", "distinct_id,v\nunknown,a\n", "", "-AllowAnyIdentifier", """{"unknown":{"v":"a"}}"""),
        new("PlaceholderIdentifier", "distinct_id,v\n#N/A,a\n1,b\n", "", "", """{"1":{"v":"b"}}""") { Corrected = "distinct_id,v\n1,b\n" },
        new("ScientificIdentifier", "distinct_id,v\n9.91214E+15,a\n", "", "-AllowAnyIdentifier", """{"9.91214E+15":{"v":"a"}}"""),
        new("ScientificIdentifier", "distinct_id,v\n9.91214E+15,a\n", "", "", """{"9912140000000017":{"v":"a"}}""")
        {
            Corrected = "distinct_id,v\n9912140000000017,a\n",
        },
        new("DamagedIdentifier", "distinct_id,v\nu1\0,a\n", "", "-TrimIdentifier", """{"u1":{"v":"a"}}"""),
        new("DamagedIdentifier", "distinct_id,v\nu\u00011,a\n", "", "-AllowAnyIdentifier", """{"u\u00011":{"v":"a"}}"""),
        new("DamagedIdentifier", "distinct_id,v\n\u00931\u0094,a\n", "-Encoding latin1", "-Encoding 1252",
            """{"\u201c1\u201d":{"v":"a"}}""")
        {
            Encoding = Encoding.Latin1,
        },
        new("IdentifierWithBlanks", "distinct_id,v\n1\u00A0,a\n\uFEFF2,b\n", "", "-TrimIdentifier", """{"1":{"v":"a"},"2":{"v":"b"}}"""),
        new("IdentifierTooLong", $"id,text,v\n1,{new string('x', 256)},a\n", "-IdentifierColumn text -ExcludeProperty text",
            "-IdentifierColumn id -ExcludeProperty text", """{"1":{"v":"a"}}"""),
        new("IdentifierTooLong", $$"""{"id":"1","text":"{{new string('x', 256)}}","v":1}""",
            "-IdentifierProperty text -ExcludeProperty text",
            "-IdentifierProperty id -ExcludeProperty text", """{"1":{"v":1}}""") { Source = RowsOf.Json },
        new("RoundedIdentifier", "distinct_id,v\n9912140000000010,a\n9912140000000020,b\n", "", "",
            """{"9912140000000011":{"v":"a"},"9912140000000020":{"v":"b"}}""")
        {
            Corrected = "distinct_id,v\n9912140000000011,a\n9912140000000020,b\n",
        },
        new("FloatIdentifier", "distinct_id,v\n101.0,a\n102.0,b\n", "", "", """{"101":{"v":"a"},"102":{"v":"b"}}""")
        {
            Corrected = "distinct_id,v\n101,a\n102,b\n",
        },
        new("LabelRow", "distinct_id,plan\nUser ID,Plan\n1,pro\n2,free\n", "", "", """{"1":{"plan":"pro"},"2":{"plan":"free"}}""")
        {
            Corrected = "distinct_id,plan\n1,pro\n2,free\n",
        },
    ];
}
