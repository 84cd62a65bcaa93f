using System.Collections;
using System.Collections.Specialized;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

public sealed class CsvRoundTripTests : IDisposable
{
    // Names that differ in case only, that an identifier usually has, and that need quotes.
    private static readonly string[] Names =
        ["name", "Name", "$email", "distinct_id", "DistinctId", "UpdatedAt", "a,b", "quote\"d", "two\nlines", " padded ", "città", "名前", "=1+1", "#"];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOfConst("", " ", "=HYPERLINK(\"x\")", "007", "true", "null", "[1]", "a,b;c\td|e", "\"", "\"\"", "'", "\r", "\n", "\r\n", "#no comment", "\uFEFF", "😀", "مرحبا", new string('x', 255)),
        Gen.Char['\u0001', '\uD7FF'].Array[0, 80].Select(chars => new string(chars)));

    private static readonly Gen<object?> Scalar = Gen.OneOf(
        Text.Select(object? (text) => text),
        Gen.Long.Select(object? (number) => number),
        Gen.Decimal.Select(object? (number) => number),
        Gen.Bool.Select(object? (flag) => flag),
        Gen.Const((object?)null));

    private static readonly Gen<object?> Small = Gen.OneOf(Gen.Int.Select(object? (number) => number), Gen.OneOfConst<object?>("x", "ü\"", true, null));

    private static readonly Gen<object?> Value = Gen.Frequency(
        (4, Scalar),
        (1, Small.Array[0, 4].Select(object? (list) => list)),
        (1, Small.Select(object? (value) => new OrderedDictionary { ["a"] = value, ["B"] = new[] { value } })));

    private static readonly Gen<OrderedDictionary[]> Profiles =
        Gen.Select(Gen.OneOfConst(Names), Value).Array[1, 8].Array[0, 30].Select(profiles => profiles.Select(Profile).ToArray());

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_was_exported_and_imported_exports_to_the_same_file_and_text_is_equal() => Profiles.Sample(
        profiles =>
        {
            var result = _session.Run(
                """
                $null = Start-UserProfileServer
                $profiles | Set-UserProfile -IdentifierProperty '$distinct_id' -MaxConcurrency 1
                Export-UserProfileCsv $first
                $sent = Get-UserProfile
                $null = Start-UserProfileServer
                $imported = Import-UserProfileCsv $first -MaxConcurrency 1
                Export-UserProfileCsv $second
                $stored = Get-UserProfile
                Stop-UserProfileServer
                $imported
                """,
                new { profiles, first = _folder.File("first.csv"), second = _folder.File("second.csv") }).Succeeded();
            Assert.Equal((long)profiles.Length, result.Value("Accepted"));
            Assert.Equal(File.ReadAllBytes(_folder.File("first.csv")), File.ReadAllBytes(_folder.File("second.csv")));

            // What was no text is text now, and nothing that was text is another.
            var sent = TextOf("sent");
            Assert.Equal(sent, TextOf("stored").IntersectBy(sent.Select(p => (p.Id, p.Name)), p => (p.Id, p.Name)));
        },
        iter: 30,
        threads: 1);

    private static OrderedDictionary Profile((string Name, object? Value)[] properties, int index)
    {
        var profile = new OrderedDictionary(StringComparer.Ordinal) { ["$distinct_id"] = $"id-{index}, \"{index}\"" };
        foreach (var (name, value) in properties)
            profile[name] = value;
        return profile;
    }

    private List<(string Id, string Name, string Value)> TextOf(string variable) =>
    [
        .. from profile in _session.Run("$" + variable).Succeeded().Output
           let id = (string)profile.Properties["DistinctId"].Value
           from DictionaryEntry property in (IDictionary)profile.Properties["Properties"].Value
           where property.Value is string { Length: > 0 }
           orderby id, (string)property.Key
           select (id, (string)property.Key, (string)property.Value!),
    ];
}
