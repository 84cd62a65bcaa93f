using System.Collections;
using System.Text.RegularExpressions;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Mapping;

/// <summary>An import by the mapping that New-UserProfileMapping writes does what the same parameters do.</summary>
public sealed partial class MappingRoundTripTests : ConnectedTests
{
    // Names that differ only in case, that an import recognizes or leaves out, and that JSON or a comment could stumble over.
    private static readonly string[] Names =
    [
        "distinct_id", "DistinctId", "Distinct ID", "$distinct_id", "email", "Email", "$email", "user_id", "UpdatedAt", "updatedat", "GroupKey",
        "Properties", "age", "Age", "AGE", " age", "name", "a.b", "a.c", "x*y", "[z]", "città", "\"q\"", "// c", "x\u2028y", "1", "two\nlines",
    ];

    private static readonly string[][] Values =
    [
        ["1", "42", "-7", "0.5"], ["007", "1", "12"], ["12.50", "1.00", "3.25"], ["1,5", "2,25"], ["true", "FALSE"], ["2026-01-31", "2026-02-01T10:00:00Z"],
        ["31.01.2026", "01.02.2026"], ["20260131", "x"], ["NULL", "1"], ["a", " b ", "a@b.io", "c;d"],
    ];

    private static readonly (string Name, string Value)[] Single =
    [
        ("NullText", "NULL"), ("TrimValue", ""), ("TrimIdentifier", ""), ("UseReservedName", ""), ("ExpandName", ""), ("Strict", ""), ("Unique", ""),
        ("RandomIdentifier", ""), ("AllowAnyIdentifier", ""), ("Culture", "de-DE"), ("DateFormat", "dd.MM.yyyy"), ("ListSeparator", ","),
        ("TimeZone", "Europe/Vienna"), ("MismatchedFieldAction", "PadWithNulls"), ("InferType", "-"), ("IgnoreTime", ""), ("EmptyCell", "Null"),
        ("EmptyCell", "Empty"), ("EmptyCell", "Unset"), ("Operation", "SetOnce"), ("Operation", "Union"), ("Operation", "Add"), ("Operation", "Append"),
    ];

    private static readonly string[] OfColumn = ["IdentifierColumn", "ExcludeProperty", "Property", "HashProperty", "PropertyType", "PropertyMap"];

    /// <summary>A table, and parameters, most of which are about its columns.</summary>
    private static readonly Gen<(string Table, (string Name, string Value)[] Parameters)> Imports =
        from identifier in Gen.OneOfConst("distinct_id", "distinct_id", "DistinctId", "$distinct_id", "Distinct ID", "email", "age")
        from names in Gen.OneOfConst(Names).Array[0, 6]
        from at in Gen.Int[0, 6]
        let header = names.Append(identifier).Distinct().OrderBy(name => name == identifier ? at : Array.IndexOf(names, name)).ToArray()
        from rows in Gen.Int[0, 6]
        from columns in Gen.Select(Gen.OneOfConst(Values), Gen.OneOfConst(Values), Gen.Int[0, 5]).Array[header.Length]
        from cells in Gen.Int[0, 9].Array[rows * header.Length]
        from single in Gen.OneOfConst(Single).Array[0, 2]
        from ofColumn in Gen.Select(Gen.OneOfConst(OfColumn), Gen.OneOfConst(header)).Array[0, 2]
        select (Table(header, columns, cells), single.Concat(ofColumn).DistinctBy(parameter => parameter.Item1).ToArray());

    [Fact]
    public void An_import_by_the_mapping_sends_what_the_same_parameters_send()
    {
        var compared = 0;
        Imports.Sample(import => compared += Compare(import.Table, import.Parameters) ? 1 : 0, iter: 300, threads: 1);
        Assert.InRange(compared, 100, int.MaxValue);
    }

    /// <summary>Whether rows were sent, and the same by parameters and by a mapping.</summary>
    private bool Compare(string table, (string Name, string Value)[] parameters)
    {
        var file = Folder.Write("users.csv", table);
        var mapping = Folder.File("mapping.json");
        var specified = new Hashtable();
        foreach (var (name, value) in parameters)
            specified[name] = Value(name, value);
        var inferring = new Hashtable(specified);
        inferring.TryAdd("InferType", true);
        var (plain, sent) = Import("Import-UserProfileCsv $file -MaxConcurrency 1 @inferring", new { file, inferring });
        var made = Session.Run("New-UserProfileMapping $file @specified -DestinationPath $mapping -Force", new { file, specified, mapping });
        if (made.Terminating is not null)
        {
            Assert.Equal(Id(plain.Errors[0].FullyQualifiedErrorId), Id(made.TerminatingError.FullyQualifiedErrorId));
            return false;
        }

        var (mapped, sentByMapping) = Import("Import-UserProfileCsv $file -MaxConcurrency 1 -MappingPath $mapping", new { file, mapping });
        var text = File.ReadAllText(mapping);
        Assert.True(sent == sentByMapping, $"{text}\n{sent}\n{sentByMapping}");
        Assert.Equal(plain.Errors.Select(error => error.FullyQualifiedErrorId), mapped.Errors.Select(error => error.FullyQualifiedErrorId));
        Assert.Equal(plain.Value("ExitCode"), mapped.Value("ExitCode"));
        return sent.Length > 0;
    }

    private (ScriptResult Result, string Sent) Import(string command, object variables)
    {
        Service.Bodies.Clear();
        var result = Session.Run(command, variables);
        Assert.Null(result.Terminating);
        return (result, Guids().Replace(string.Join('\n', Service.Bodies), "<guid>"));
    }

    private static object Value(string name, string value) => name switch
    {
        "PropertyType" => new Hashtable { [value] = "Number" },
        "PropertyMap" => new Hashtable { [value] = "mapped" },
        "ExcludeProperty" or "Property" => value.TrimStart('[')[..1] + "*",
        _ => value switch { "" => true, "-" => false, _ => value },
    };

    private static string Table(string[] header, (string[] Kind, string[] Other, int Strays)[] columns, int[] cells)
    {
        var rows = cells.Length / header.Length;
        var lines = Enumerable.Range(0, rows).Select(row => header.Select((_, column) =>
            Cell(columns[column], cells[(row * header.Length) + column], isLast: row == rows - 1)));
        return string.Concat(lines.Prepend(header).Select(line => string.Join(',', line.Select(Quoted)) + "\n"));
    }

    /// <summary>A cell of a column of mostly one kind, with the other kind at its end, and some cells empty.</summary>
    private static string Cell((string[] Kind, string[] Other, int Strays) column, int number, bool isLast) =>
        number == 9 ? "" : isLast && column.Strays == 0 ? column.Other[number % column.Other.Length] : column.Kind[number % column.Kind.Length];

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Id(string fullyQualified) => fullyQualified.Split(',')[0];

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Guids();
}

/// <summary>Adds what a Hashtable does not have yet.</summary>
file static class Tables
{
    public static void TryAdd(this Hashtable table, string key, object value)
    {
        if (!table.ContainsKey(key))
            table.Add(key, value);
    }
}
