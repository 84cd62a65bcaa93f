using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Model;

namespace ProfilesModule.Server.Updates;

/// <summary>
/// What each operation makes of a property, by its current value. A property that is null counts as missing, and a value that an
/// operation cannot work on stays as it is.
/// </summary>
internal static class ProfileOperations
{
    /// <summary>Applies an operation, other than <c>$delete</c>, to the properties of a profile.</summary>
    /// <param name="profile">The properties.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="value">Its value, which has the form that the operation asks for.</param>
    public static void Apply(JsonObject profile, Operation operation, JsonNode value)
    {
        if (operation == Operation.Unset)
        {
            foreach (var name in value.AsArray())
                profile.Remove(name!.GetValue<string>());
            return;
        }

        foreach (var (name, argument) in value.AsObject())
            Apply(profile, name, operation, argument);
    }

    private static void Apply(JsonObject profile, string name, Operation operation, JsonNode? value)
    {
        switch (operation, profile[name])
        {
            case (Operation.Set, _):
            case (Operation.SetOnce or Operation.Add, null):
                profile[name] = value?.DeepClone();
                break;
            case (Operation.Add, JsonValue number) when number.GetValueKind() == JsonValueKind.Number:
                if (JsonNumber.Add(number.ToJsonString(), value!.ToJsonString()) is { } sum)
                    profile[name] = JsonNode.Parse(sum);
                break;
            case (Operation.Append, null or JsonArray):
                List(profile, name).Add(value?.DeepClone());
                break;
            case (Operation.Union, null or JsonArray):
                Union(List(profile, name), value is JsonArray several ? several : [value?.DeepClone()]);
                break;
            case (Operation.Remove, JsonArray list):
                Remove(list, value);
                break;
        }
    }

    private static JsonArray List(JsonObject profile, string name) => (profile[name] ??= new JsonArray()).AsArray();

    private static void Union(JsonArray list, JsonArray elements)
    {
        var present = new HashSet<JsonNode?>(list, JsonEquality.Comparer);
        foreach (var element in elements)
        {
            if (present.Add(element))
                list.Add(element?.DeepClone());
        }
    }

    private static void Remove(JsonArray list, JsonNode? element)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (JsonEquality.Comparer.Equals(list[i], element))
                list.RemoveAt(i);
        }
    }
}
