using CsCheck;
using ProfilesModule.Sources;

namespace ProfilesModule.Core.Tests.Sources;

public sealed class RowFieldsTests
{
    [Fact]
    public void The_names_are_those_of_the_fields_whatever_the_rows_before_had()
    {
        var row = Gen.Select(Gen.OneOfConst("a", "b", "c", "A").Array[0, 40], Gen.Int[0, 60]);
        row.Array[1, 12].Sample(rows =>
        {
            var fields = new RowFields();
            foreach (var (names, leftOut) in rows)
            {
                fields.Clear();
                foreach (var name in names)
                    fields.Add(name, name);
                AssertNames(names, fields);
                if (leftOut >= names.Length)
                    continue;
                fields.RemoveAt(leftOut);
                AssertNames([.. names[..leftOut], .. names[(leftOut + 1)..]], fields);
            }
        });
    }

    [Fact]
    public void Rows_of_the_same_names_share_them_also_when_a_field_of_each_is_left_out()
    {
        var fields = new RowFields();
        FieldNames? whole = null, rest = null;
        for (var i = 0; i < 3; i++)
        {
            fields.Clear();
            fields.Add("a", i);
            fields.Add("b", i);
            Assert.Same(whole ??= fields.Names, fields.Names);
            fields.RemoveAt(0);
            Assert.Same(rest ??= fields.Names, fields.Names);
        }
    }

    private static void AssertNames(string[] expected, RowFields fields)
    {
        Assert.Equal(expected, Enumerable.Range(0, fields.Names.Count).Select(i => fields.Names[i]));
        Assert.Equal(expected, Enumerable.Range(0, fields.Count).Select(i => (string?)fields.Value(i)));
        Assert.Equal(Array.IndexOf(expected, "b"), fields.IndexOf("b"));
    }
}
