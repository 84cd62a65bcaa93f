using System.Text;

namespace ProfilesModule.Tests.Rules;

/// <summary>The remedies of errors about names and values.</summary>
internal static partial class Remedies
{
    private static Remedy[] OfNames() =>
    [
        new("UnnamedColumn", "distinct_id,,plan\n1,a,pro\n", "", "", """{"1":{"town":"a","plan":"pro"}}""")
        {
            Corrected = "distinct_id,town,plan\n1,a,pro\n",
        },
        new("ForbiddenName", "distinct_id,bucket\n1,a\n", "", "-PropertyMap @{ bucket = 'store' }", """{"1":{"store":"a"}}"""),
        new("NameWithBlanks", "distinct_id, v\n1,a\n", "", "-TrimValue", """{"1":{"v":"a"}}"""),
        new("NameWithBlanks", "distinct_id, v\n1,a\n", "", "-PropertyMap @{ v = 'v' }", """{"1":{"v":"a"}}"""),
        new("NameWithBlanks", "@{ distinct_id = 1; ' v' = 2 }", "", "-TrimValue", """{"1":{"v":2}}""") { Source = RowsOf.Pipeline },
        new("RequestFieldName", "distinct_id,$ip\n1,8.8.8.8\n", "", "", """{"1":{"address":"8.8.8.8"}}""")
        {
            Corrected = "distinct_id,address\n1,8.8.8.8\n",
        },
        new("ServiceKeptName", "distinct_id,$last_seen,v\n1,2026-01-31T12:00:00,a\n", "", "", """{"1":{"v":"a"}}""")
        {
            Corrected = "distinct_id,v\n1,a\n",
        },
        new("UnknownReservedName", "distinct_id,$e-mail\n1,a@b.io\n", "", "", """{"1":{"$email":"a@b.io"}}""")
        {
            Corrected = "distinct_id,$email\n1,a@b.io\n",
        },
        new("UnknownReservedName", "distinct_id,$plan\n1,a\n", "", "", """{"1":{"plan":"a"}}""") { Corrected = "distinct_id,plan\n1,a\n" },
        new("UnreservedName", "distinct_id,email\n1,a@b.io\n", "", "-UseReservedName", """{"1":{"$email":"a@b.io"}}"""),
        new("UnreservedName", "distinct_id,email\n1,a@b.io\n", "", "-PropertyMap @{ email = 'email' }", """{"1":{"email":"a@b.io"}}"""),
    ];

    private static Remedy[] OfValues() =>
    [
        new("UnsupportedValue", "distinct_id,v\n1,forty\n", Typed("Number"), Typed("Text"), """{"1":{"v":"forty"}}"""),

                   new("UnsupportedValue", "distinct_id,user's age\n1,forty\n", "-PropertyType @{ 'user''s age' = 'Number' }",
            "-PropertyType @{ 'user''s age' = 'Text' }",
            """{"1":{"user's age":"forty"}}"""),
        new("UnsupportedValue", "distinct_id,v\n1,\"9,90\"\n", Typed("Number"), $"{Typed("Number")} -Culture de-DE",
            """{"1":{"v":9.90}}"""),
        new("UnsupportedValue", "distinct_id,v\n1,31.01.2026\n", Typed("Date"), $"{Typed("Date")} -DateFormat dd.MM.yyyy",
            """{"1":{"v":"2026-01-31"}}"""),
        new("UnsupportedValue", "distinct_id,v\n1,31.01.2026\n", Typed("Date"), $"{Typed("Date")} -Culture de-DE",
            """{"1":{"v":"2026-01-31"}}"""),
        new("UnsupportedValue", "distinct_id,v\n1,\\N\n", Typed("Number"), $"{Typed("Number")} -NullText '\\N'", """{"1":{}}"""),
        new("UnsupportedValue", "distinct_id,v\n1,1672913472\n", Typed("Date"), Typed("UnixSeconds"),
            """{"1":{"v":"2023-01-05T10:11:12"}}"""),
        new("UnsupportedValue", "distinct_id,v\n1,1672913472000\n", Typed("Date"), Typed("UnixMilliseconds"),
            """{"1":{"v":"2023-01-05T10:11:12"}}"""),
        new("InvalidEmail", "distinct_id,$email\n1,Ann\n", "", "",
            """{"1":{"$email":"ann@b.io"}}""") { Corrected = "distinct_id,$email\n1,ann@b.io\n" },
        new("PhoneWithoutCountryCode", "distinct_id,$phone\n1,044 668 18 00\n", "", "", """{"1":{"$phone":"+41 44 668 18 00"}}""")
        {
            Corrected = "distinct_id,$phone\n1,+41 44 668 18 00\n",
        },
        new("InvalidPhone", "distinct_id,$phone\n1,+41446681800 x12\n", "", "", """{"1":{"$phone":"+41446681800"}}""")
        {
            Corrected = "distinct_id,$phone\n1,+41446681800\n",
        },
        new("InvalidAvatar", "distinct_id,$avatar\n1,cdn.example.com/a.png\n", "", "",
            """{"1":{"$avatar":"https://cdn.example.com/a.png"}}""")
        {
            Corrected = "distinct_id,$avatar\n1,https://cdn.example.com/a.png\n",
        },
        new("InvalidCreated", "distinct_id,$created\n1,2026-01-31 12:00:00\n", "", "-PropertyType @{ '$created' = 'Date' }",
            """{"1":{"$created":"2026-01-31T12:00:00"}}"""),
        new("InvalidCreated", "distinct_id,$created\n1,31.01.2026\n", "", "-PropertyType @{ '$created' = 'Date' } -DateFormat dd.MM.yyyy",
            """{"1":{"$created":"2026-01-31"}}"""),
        new("InvalidCreated", "distinct_id,$created\n1,01/31/2026\n", "", "", """{"1":{"$created":"2026-01-31"}}""")
        {
            Corrected = "distinct_id,$created\n1,2026-01-31\n",
        },
        new("InvalidCountryCode", "distinct_id,$country_code\n1,Namibia\n", "", "", """{"1":{"$country_code":"NA"}}""")
        {
            Corrected = "distinct_id,$country_code\n1,NA\n",
        },
        new("UnknownTimeZone", "distinct_id,$timezone\n1,W. Europe Standard Time\n", "", "", """{"1":{"$timezone":"Europe/Zurich"}}""")
        {
            Corrected = "distinct_id,$timezone\n1,Europe/Zurich\n",
        },
        new("LostValue", "distinct_id,v\n1,System.Object[]\n", "", Typed("List"),
            """{"1":{"v":["a","b"]}}""") { Corrected = "distinct_id,v\n1,a;b\n" },
        new("LostValue", Lost, "", Typed("List"), """{"1":{"v":["a","b"]}}""")
        {
            Source = RowsOf.Exported,
            Corrected = Lost + " | Select-Object distinct_id, @{ n = 'v'; e = { $_.v -join ';' } }",
        },
        new("NullText", "distinct_id,v\n1,NULL\n2,\\N\n3,a\n", "", "-NullText 'NULL', '\\N'", """{"1":{},"2":{},"3":{"v":"a"}}"""),
        new("NullText", "distinct_id,v\n1,\\N\n2,3\n", "-InferType", "-InferType -NullText 'NULL', '\\N'", """{"1":{},"2":{"v":3}}"""),
        new("NullText", "distinct_id,v\n1,(null)\n2,3\n", "-EmptyCell Null", "-EmptyCell Null -NullText '(null)'",
            """{"1":{"v":null},"2":{"v":"3"}}"""),
        new("NullText", "{\"distinct_id\":\"1\",\"v\":\"NULL\"}\n", "", "-NullText 'NULL', '\\N'",
            """{"1":{"v":null}}""") { Source = RowsOf.Json },
        new("NullText", "@{ distinct_id = 1; v = 'NULL' }", "-EmptyCell Skip", "-EmptyCell Skip -NullText 'NULL'", """{"1":{}}""")
        {
            Source = RowsOf.Pipeline,
        },
        new("DamagedText", "distinct_id,v\n1,\u0093ok\u0094\n", "-Encoding latin1", "-Encoding 1252", """{"1":{"v":"\u201cok\u201d"}}""")
        {
            Encoding = Encoding.Latin1,
        },
        new("DamagedText", "distinct_id,v\n1,pro\0\0\n", "", "-TrimValue", """{"1":{"v":"pro"}}"""),
        new("DamagedText", "distinct_id,v\n1,na\uFFFDve ü\n", "", "",
            """{"1":{"v":"naïve ü"}}""") { Corrected = "distinct_id,v\n1,naïve ü\n" },
        new("TextWithBlanks", "distinct_id,v\n1,pro\u00A0\n2,\u200Bpro\n3,   \n", "", "-TrimValue",
            """{"1":{"v":"pro"},"2":{"v":"pro"},"3":{}}"""),
        new("TextWithBlanks", "distinct_id,v\n1,3\u00A0\n2,4\n", "-InferType", "-InferType -TrimValue", """{"1":{"v":3},"2":{"v":4}}"""),
        new("ExtendedJsonValue", Extended, Typed("Json"), Typed("Json"), """{"1":{"v":"5f1e"}}""")
        {
            Corrected = "distinct_id,v\n1,\"\"\"5f1e\"\"\"\n",
        },
        new("ExtendedJsonValue", Extended, Typed("Json"), "", """{"1":{"v":"5f1e"}}""")
        {
            OtherSource = RowsOf.Json,
            Corrected = "{\"distinct_id\":\"1\",\"v\":{\"$oid\":\"5f1e\"}}\n",
        },
        new("DefaultDate", "distinct_id,v,w\n1,0001-01-01,a\n", "", "", """{"1":{"w":"a"}}""") { Corrected = "distinct_id,v,w\n1,,a\n" },
        new("ProtectedCell", "distinct_id,v\n'007,\"=\"\"00123\"\"\"\n", "", "-Dialect Excel", """{"007":{"v":"00123"}}"""),
        new("ProtectedCell", "@{ distinct_id = 1; v = '=\"00123\"' }", "", "", """{"1":{"v":"00123"}}""")
        {
            Source = RowsOf.Pipeline,
            Corrected = "@{ distinct_id = 1; v = '00123' }",
        },
        new("TextTooLong", $"distinct_id,v\n1,{new string('x', 256)}\n", "", "",
            """{"1":{"v":"x"}}""") { Corrected = "distinct_id,v\n1,x\n" },
        new("NestedTooDeep", "distinct_id,v\n1,[[1]]\n", Typed("Json"), Typed("Json"),
            """{"1":{"v":[1]}}""") { Corrected = "distinct_id,v\n1,[1]\n" },
    ];

    private const string Extended = "distinct_id,v\n1,\"{\"\"$oid\"\":\"\"5f1e\"\"}\"\n";

    private const string Lost = "[pscustomobject]@{ distinct_id = 1; v = @('a', 'b') }";

    private static string Typed(string type) => $"-PropertyType @{{ 'v' = '{type}' }}";
}
