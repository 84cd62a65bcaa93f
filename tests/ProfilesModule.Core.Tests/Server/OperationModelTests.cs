using System.Text.Json;
using CsCheck;

namespace ProfilesModule.Core.Tests.Server;

/// <summary>Any sequence of updates leaves what the same sequence leaves in a plain dictionary.</summary>
public sealed class OperationModelTests
{
    private static readonly Gen<string> Name = Gen.OneOfConst("p", "q", "r", "$email", "é\"\\");

    private static readonly Gen<string> Value = Gen.OneOfConst(
        "null", "1", "1.50", "12345678901234567890", "\"s\"", "\"\"", "true", "[]", "[1,[2]]", "{\"a\":{\"b\":1e2}}");

    private static readonly Gen<Update> Updates = Gen.Select(
        Gen.OneOfConst("a", "b", "c"),
        Gen.OneOfConst("$set", "$set", "$set_once", "$unset", "$delete"),
        Gen.Select(Name, Value).Array[0, 3],
        (id, operation, properties) => new Update(id, operation, properties));

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public void Any_sequence_of_updates_equals_a_plain_dictionary(StoreKind kind)
    {
        Updates.Array[1, 6].Array[1, 5].Sample(
            requests =>
            {
                using var running = new RunningServer(kind);
                var model = new Dictionary<string, Dictionary<string, string>>();
                foreach (Update[] request in requests)
                {
                    Answer answer = running.Engage($"[{string.Join(',', request.Select(update => update.Json))}]", "strict=1").Result;
                    Assert.Equal(200, answer.Status);
                    foreach (Update update in request)
                        update.ApplyTo(model);
                }

                Answer all = running.Query().Result;
                Assert.Equal(
                    model.ToDictionary(profile => profile.Key, profile => Sorted(profile.Value)),
                    all.Json.GetProperty("results").EnumerateArray().ToDictionary(
                        profile => profile.GetProperty("$distinct_id").GetString()!,
                        profile => Sorted(profile.GetProperty("$properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText()))));
                Assert.Equal(model.Count, running.Server.ProfileCount);
                Assert.Equal(requests.Sum(request => request.Length), running.Server.UpdateCount);
            },
            iter: kind == StoreKind.Memory ? 300 : 100,
            threads: 1);
    }

    private static string Sorted(Dictionary<string, string> properties) =>
        string.Join('\n', properties.OrderBy(property => property.Key, StringComparer.Ordinal));

    private sealed record Update(string Id, string Operation, (string Name, string Value)[] Properties)
    {
        public string Json
        {
            get
            {
                string value = Operation switch
                {
                    "$unset" => $"[{string.Join(',', Properties.Select(property => JsonSerializer.Serialize(property.Name)))}]",
                    "$delete" => "null",
                    _ => $"{{{string.Join(',', Properties.Select(property => $"{JsonSerializer.Serialize(property.Name)}:{property.Value}"))}}}",
                };
                return $$"""{"$token":"t","$distinct_id":"{{Id}}","{{Operation}}":{{value}},"$ignore_time":true}""";
            }
        }

        public override string ToString() => Json;

        public void ApplyTo(Dictionary<string, Dictionary<string, string>> profiles)
        {
            bool exists = profiles.TryGetValue(Id, out Dictionary<string, string>? profile);
            if (Operation == "$delete")
                profiles.Remove(Id);
            if (Operation == "$unset" && exists)
                Array.ForEach(Properties, property => profile!.Remove(property.Name));
            if (Operation is not ("$set" or "$set_once"))
                return;

            profile ??= profiles[Id] = [];
            Dictionary<string, string> last = [];
            foreach ((string name, string value) in Properties)
                last[name] = value;
            foreach ((string name, string value) in last)
            {
                if (Operation == "$set" || profile.GetValueOrDefault(name, "null") == "null")
                    profile[name] = value;
            }
        }
    }
}
