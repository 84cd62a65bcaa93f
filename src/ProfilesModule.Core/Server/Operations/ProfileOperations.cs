using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>
/// What each operation makes of a profile that exists. One method an operation; together they are the table of operations
/// by current value. A property that is null counts as missing, and a value that an operation cannot work on stays as it is.
/// </summary>
internal static class ProfileOperations
{
    /// <summary>Applies an operation, other than <c>$delete</c>, to the properties of a profile.</summary>
    /// <param name="profile">The properties.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="value">Its value, which has the form that the operation asks for.</param>
    public static void Apply(JsonObject profile, Operation operation, JsonNode value)
    {
        switch (operation)
        {
            case Operation.Set:
                Set(profile, value.AsObject());
                break;
            case Operation.SetOnce:
                SetOnce(profile, value.AsObject());
                break;
            case Operation.Add:
                Add(profile, value.AsObject());
                break;
            case Operation.Append:
                Append(profile, value.AsObject());
                break;
            case Operation.Union:
                Union(profile, value.AsObject());
                break;
            case Operation.Remove:
                Remove(profile, value.AsObject());
                break;
            case Operation.Unset:
                Unset(profile, value.AsArray());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "not an operation on properties");
        }
    }

    /// <summary><c>$set</c>: every property gets its value, whatever it was before.</summary>
    private static void Set(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? property) in value)
            profile[name] = property?.DeepClone();
    }

    /// <summary><c>$set_once</c>: only a property that is missing or null gets its value.</summary>
    private static void SetOnce(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? property) in value)
        {
            if (profile[name] is null)
                profile[name] = property?.DeepClone();
        }
    }

    /// <summary><c>$add</c>: numbers grow by the given ones, from 0 where there is none.</summary>
    private static void Add(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? number) in value)
        {
            if (profile[name] is not { } current)
                profile[name] = number!.DeepClone();
            else if (current.GetValueKind() == JsonValueKind.Number && JsonNumber.Add(current.ToJsonString(), number!.ToJsonString()) is { } sum)
                profile[name] = JsonNode.Parse(sum);
        }
    }

    /// <summary><c>$append</c>: lists get the value as one more element.</summary>
    private static void Append(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? element) in value)
            List(profile, name)?.Add(element?.DeepClone());
    }

    /// <summary><c>$union</c>: lists get those of the elements that they do not have. A single value stands for a list of it.</summary>
    private static void Union(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? elements) in value)
        {
            if (List(profile, name) is not { } list)
                continue;
            var present = new HashSet<JsonNode?>(list, JsonEquality.Comparer);
            foreach (JsonNode? element in elements is JsonArray several ? [.. several] : new[] { elements })
            {
                if (present.Add(element))
                    list.Add(element?.DeepClone());
            }
        }
    }

    /// <summary><c>$remove</c>: lists lose every element that equals the value.</summary>
    private static void Remove(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? element) in value)
        {
            if (profile[name] is not JsonArray list)
                continue;
            for (int i = list.Count - 1; i >= 0; i--)
            {
                if (JsonEquality.AreEqual(list[i], element))
                    list.RemoveAt(i);
            }
        }
    }

    /// <summary><c>$unset</c>: the named properties go; a name the profile does not have is passed over.</summary>
    private static void Unset(JsonObject profile, JsonArray names)
    {
        foreach (JsonNode? name in names)
            profile.Remove(name!.GetValue<string>());
    }

    /// <summary>The list that a property is, a new one where it is missing or null, and null where it is something else.</summary>
    private static JsonArray? List(JsonObject profile, string name)
    {
        if (profile[name] is not { } current)
        {
            var list = new JsonArray();
            profile[name] = list;
            return list;
        }
        return current as JsonArray;
    }
}
