using System.Text;
using CsCheck;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Core.Tests.Sources;

public sealed class JsonFileTests
{
    // Around the size of what is read at once, so that values begin and end on both sides of its border.
    private static readonly Gen<string> Values = Gen.Frequency(
        (6, Gen.Int[0, 200].Select(length => $"{{\"a\":\"{new string('x', length)}\"}}")),
        (1, Gen.Int[60_000, 300_000].Select(length => $"{{\"a\":[\"{new string('ü', length)}\",{{\"b\":\"]}}\\\"\"}}]}}")),
        (1, Gen.Int[0, 9].Select(number => $"{{ \"n\" : {number}.{new string('0', 40)} }}")));

    [Fact]
    public void Values_are_found_wherever_the_borders_of_what_is_read_are()
    {
        using var folder = new TemporaryFolder();
        Gen.Select(Values.Array[1, 60], Gen.OneOfConst("\n", "\r\n", "\n\n"), Gen.Int[0, 2], Gen.Int[0, 131_072]).Sample(
            (values, lineBreak, layout, padding) =>
            {
                var blanks = new string(' ', padding);
                var text = layout switch
                {
                    0 => blanks + string.Join(lineBreak, values),
                    1 => $"{blanks}[{string.Join($" ,{lineBreak}", values)}{blanks}]",
                    _ => string.Join(lineBreak, values.Prepend("{\n}")) + blanks,
                };
                File.WriteAllText(folder.File("a.json"), text);
                using var file = JsonFile.Open(folder.File("a.json"));
                var lines = 1;
                foreach (var value in layout == 2 ? values.Prepend("{\n}") : values)
                {
                    Assert.True(file.Read());
                    Assert.Equal(value, Encoding.UTF8.GetString(file.Record));
                    Assert.Equal(lines, file.LineNumber);
                    lines += value.Count(c => c == '\n') + lineBreak.Count(c => c == '\n');
                }

                Assert.False(file.Read());
                Assert.False(file.Read());
                Assert.Equal(new FileInfo(folder.File("a.json")).Length, file.Position);
            },
            iter: 100,
            threads: 1);
    }

    [Theory]
    [InlineData("[{\"a\":\"")]
    [InlineData("{\"a\":\"")]
    public void A_value_without_end_does_not_fill_the_memory(string start)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.json"), start + new string('x', 18 << 20));
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            using var file = JsonFile.Open(folder.File("a.json"));
            file.Read();
        });
        Assert.Matches(@"line 1: .*\b16 MB\b", error.Message);
    }
}
