using System.Text.Json;
using CsCheck;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery.Sync;

/// <summary>Sets of names of properties, read from the JSON of updates.</summary>
public sealed class NameSetsTests
{
    private static readonly Gen<string> Name = Gen.OneOfConst("a", "b", "é\"\\", "{", "[x]", ",", "", "long name with blanks");

    private static readonly Gen<string> Value = Gen.OneOfConst(
        "null", "1", "-1.5e3", "true", "\"\"", "\"a,}\"", "\"\\\\\"", "\"\\\"\"", "[]", "{}", "[1,\"]\",{\"b\":[\"}\"]}]", "{\"a\":{\"b\":\"{\"},\"c\":[[]]}");

    [Fact]
    public void A_set_is_that_of_the_names_of_an_object_whatever_its_values_are() => Gen.Select(Name, Value).Array[0, 6].Sample(
        members =>
        {
            var distinct = members.DistinctBy(member => member.Item1).ToArray();
            var names = new NameSets(new Dictionary<int, string>());
            var all = names.NumberOf(Json([("a", "1"), ("b", "1"), ("é\"\\", "1"), ("{", "1"), ("[x]", "1"), (",", "1"), ("", "1"), ("long name with blanks", "1")]));
            var number = names.NumberOf(Json(distinct));
            Assert.Equal(number, names.NumberOf(Json([.. distinct.Select(member => (member.Item1, "0"))])));
            var missing = names.Missing(all, number);
            Assert.Equal(8 - distinct.Length, missing.Length);
            Assert.Empty(missing.Intersect(distinct.Select(member => member.Item1)));
            Assert.Empty(names.Missing(all, names.Union(all, number)));
        },
        iter: 2000);

    [Fact]
    public void Sets_that_were_written_are_found_again()
    {
        var names = new NameSets(new Dictionary<int, string>());
        var number = names.NumberOf(Json([("é\"", "1"), ("b", "2")]));
        var written = names.TakeNew();
        Assert.Empty(names.TakeNew());
        Assert.Equal(number, new NameSets(written.ToDictionary(set => set.Number, set => set.Json)).NumberOf(Json([("é\"", "x".Length.ToString()), ("b", "\"\"")])));
    }

    private static byte[] Json((string Name, string Value)[] members)
    {
        var json = new GrowingBuffer(64);
        using (var writer = new Utf8JsonWriter(json, EngageJson.Options))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(EngageJson.Encode(name));
                writer.WriteRawValue(value, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }
}
