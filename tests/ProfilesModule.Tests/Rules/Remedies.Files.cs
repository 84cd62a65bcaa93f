using System.Text;

namespace ProfilesModule.Tests.Rules;

/// <summary>The remedies of errors about whole files.</summary>
internal static partial class Remedies
{
    private const string TwoAddresses = "distinct_id,email,$email\n1,a@b.io,c@d.io\n";

    private static Remedy[] OfFiles() =>
    [
        new("InvalidHeader", "distinct_id,v,v\n1,a,b\n", "", "-DuplicateHeaderAction Rename", """{"1":{"v":"a","v_2":"b"}}"""),
        new("InvalidHeader", "7,7\n8,a\n", "-IdentifierColumn 1", "-IdentifierColumn 1 -Header distinct_id,v",
            """{"7":{"v":"7"},"8":{"v":"a"}}"""),
        new("InvalidHeader", "#TYPE Selected.User\r\n\"distinct_id\",\"v\"\r\n\"1\",\"a\"\r\n", "", "-SkipRows 1", """{"1":{"v":"a"}}"""),
        new("RootNotFound", "{\"users\":[{\"distinct_id\":\"1\",\"v\":1}]}", "", "-Root users",
            """{"1":{"v":1}}""") { Source = RowsOf.Json },
        new("RootNotFound", "{\"my users\":[{\"distinct_id\":\"1\",\"v\":1}]}", "", "-Root 'my users'",
            """{"1":{"v":1}}""") { Source = RowsOf.Json },
        new("RootNotFound", "{\"users\":[{\"distinct_id\":\"1\",\"v\":1}],\"more\":[{}]}", "-Root user", "-Root users", """{"1":{"v":1}}""")
        {
            Source = RowsOf.Json,
        },
        new("RootNotFound", "[{\"distinct_id\":\"1\",\"v\":1}]", "-Root users", "", """{"1":{"v":1}}""") { Source = RowsOf.Json },
        new("WrongFileFormat", "sep=;\ndistinct_id;v\n1;a\n", "", "-Delimiter ';'", """{"1":{"v":"a"}}"""),
        new("WrongFileFormat", "distinct_id,v\n1,ü\n", "", "-Encoding unicode",
            """{"1":{"v":"ü"}}""") { Encoding = new UnicodeEncoding(false, false) },
        new("WrongFileFormat", "distinct_id,v\n1,ü\n", "", "-Encoding bigendianunicode", """{"1":{"v":"ü"}}""")
        {
            Encoding = new UnicodeEncoding(true, false),
        },
        new("WrongFileFormat", "[{\"distinct_id\":\"1\",\"v\":1}]", "", "", """{"1":{"v":1}}""") { OtherSource = RowsOf.Json },
        new("ColumnsDiffer", "distinct_id,v\n1,a\n\f2,b\n", "", "-HeaderInFirstFileOnly", """{"1":{"v":"a"},"2":{"v":"b"}}"""),
        new("RejectColumnsDiffer", "distinct_id,v\n1,7\n\fdistinct_id,v\n2,x\n", "-InferType -RejectPath $bad",
            $"-InferType -RejectPath $bad {Typed("Text")}", """{"1":{"v":"7"},"2":{"v":"x"}}"""),
        new("DataRowColumns", "distinct_id,v,RowError,RowState,Table,ItemArray,HasErrors\n1,a,,Unchanged,t,System.Object[],False\n", "",
            "-ExcludeProperty RowError, RowState, Table, ItemArray, HasErrors", """{"1":{"v":"a"}}"""),
        new("IdentifierColumnNotFound", "user,v\n1,a\n", "", "-IdentifierColumn user", """{"1":{"v":"a"}}"""),
        new("IdentifierColumnNotFound", "user,v\n1,a\n", "", "-IdentifierColumn 1", """{"1":{"v":"a"}}"""),
        new("IdentifierColumnNotFound", "distinct_id;v\n1;a\n", "", "-Delimiter ';'", """{"1":{"v":"a"}}"""),
        new("IdentifierColumnNotFound", "distinct_id\tv\n1\ta\n", "", Tab, """{"1":{"v":"a"}}"""),
        new("ColumnNotFound", "distinct_id,v\n1,7\n", "-PropertyType @{ w = 'Number' }", "-PropertyType @{ v = 'Number' }",
            """{"1":{"v":7}}"""),

                   new("PropertyAmbiguous", TwoAddresses, "-UseReservedName", "-UseReservedName -ExcludeProperty email",
            """{"1":{"$email":"c@d.io"}}"""),

                   new("PropertyAmbiguous", TwoAddresses, "-UseReservedName", "-UseReservedName -PropertyMap @{ email = 'other' }",
            """{"1":{"other":"a@b.io","$email":"c@d.io"}}"""),
        new("IdentifierColumnAmbiguous", "distinct_id,DistinctId,v\n1,2,a\n", "", "-IdentifierColumn distinct_id",
            """{"1":{"DistinctId":"2","v":"a"}}"""),
        new("IdentifierColumnAmbiguous", "user_id,$email\n1,a@b.io\n", "", "-IdentifierColumn 'user_id'", """{"1":{"$email":"a@b.io"}}"""),
        new("IdentifierColumnAmbiguous", "user_id,$email\n1,a@b.io\n", "", "-IdentifierColumn '$email'", """{"a@b.io":{"user_id":"1"}}"""),
        new("IdentifierColumnAmbiguous", "user's id,$email\n1,a@b.io\n2,c@d.io\n", "", "-IdentifierColumn 'user''s id'",
            """{"1":{"$email":"a@b.io"},"2":{"$email":"c@d.io"}}"""),
    ];
}
