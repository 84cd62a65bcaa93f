using System.Text;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Page;

/// <summary>One profile: its properties, and changes to them.</summary>
internal sealed class ProfileApi(IProfileStore store, PageUpdates updates, ProjectSnapshot? snapshot)
{
    // Longer values are shown in part, and sent whole on demand.
    private const int LongestValue = 64 * 1024;
    private const int LongestPreview = 1000;

    /// <summary>
    /// The properties of the profile <c>id</c>. The JSON of a value is text, because a script would round the digits of long numbers.
    /// </summary>
    public Reply Get(EngageRequest request)
    {
        if (Find(request) is not { } profile)
            return NotFound(request);
        using var document = JsonDocument.Parse(profile.Properties);
        return Reply.Json(200, writer =>
        {
            writer.WriteString("id", profile.DistinctId);
            writer.WriteStartArray("properties");
            foreach (var property in document.RootElement.EnumerateObject())
                Write(writer, property);
            writer.WriteEndArray();
        });
    }

    /// <summary>The whole value of the property <c>name</c> of the profile <c>id</c>, as a file.</summary>
    public Reply Value(EngageRequest request)
    {
        if (Find(request) is not { } profile)
            return NotFound(request);
        using var document = JsonDocument.Parse(profile.Properties);
        return document.RootElement.TryGetProperty(request.Query.GetValueOrDefault("name") ?? "", out var value)
            ? Download.As("value.json", new(200, Encoding.UTF8.GetBytes(value.GetRawText())))
            : NotFound(request);
    }

    /// <summary>
    /// Changes the profile <c>id</c>: sets the members of <c>set</c> and removes the properties that <c>unset</c> names. With <c>isNew</c>,
    /// there must be no such profile yet. What another page changed is not overwritten: the members of <c>was</c> are the JSON that the
    /// properties still must have, or null for none.
    /// </summary>
    public async Task<Reply> SaveAsync(EngageRequest request, CancellationToken cancellation)
    {
        using var document = JsonBody.Parse(request);
        var edit = document.RootElement;
        var id = JsonBody.Text(edit, "id") ?? "";
        var isNew = edit.TryGetProperty("isNew", out var value) && value.ValueKind == JsonValueKind.True;

        // The snapshot does not have all profiles, and the service would change one that exists.
        if (isNew && id.Length > 0 && snapshot is not null)
            await snapshot.ReadProfileAsync(id, cancellation).ConfigureAwait(false);
        if (Conflict(id, isNew, edit) is { } conflict)
            return Reply.Error(409, conflict);

        edit.TryGetProperty("set", out var set);
        var unset = edit.TryGetProperty("unset", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
        var outcome = await updates.EditAsync(id, set, unset, isNew, cancellation).ConfigureAwait(false);
        return outcome.Error is { } error ? Reply.Error(422, error) : Reply.Json(200, writer =>
        {
            writer.WriteStartArray("warnings");
            foreach (var warning in outcome.Warnings)
                writer.WriteStringValue(warning);
            writer.WriteEndArray();
        });
    }

    private string? Conflict(string id, bool isNew, JsonElement edit)
    {
        var stored = Find(id);
        if (stored is null != isNew)
            return isNew ? "There is already a profile with this identifier." : "The profile has been deleted.";
        if (stored is null || !edit.TryGetProperty("was", out var was))
            return null;
        using var profile = JsonDocument.Parse(stored.Value.Properties);
        foreach (var expected in was.EnumerateObject())
        {
            var now = profile.RootElement.TryGetProperty(expected.Name, out var value) ? value.GetRawText() : null;
            if (now != expected.Value.GetString())
                return $"The property {expected.Name} was changed elsewhere meanwhile. Load the page again to see it.";
        }

        return null;
    }

    private StoredProfile? Find(EngageRequest request) => Find(request.Query.GetValueOrDefault("id") ?? "");

    private StoredProfile? Find(string id)
    {
        using var snapshot = store.OpenSnapshot();
        return snapshot.Find(new(ProfileKey.Users, id));
    }

    private static Reply NotFound(EngageRequest request) =>
        Reply.Error(404, $"Nothing is stored as {request.Query.GetValueOrDefault("id")}.");

    private static void Write(Utf8JsonWriter writer, JsonProperty property)
    {
        var json = property.Value.GetRawText();
        writer.WriteStartObject();
        writer.WriteString("name", property.Name);
        writer.WriteString("kind", PropertyValue.Kind(property.Value));
        if (json.Length <= LongestValue)
            writer.WriteString("json", json);
        else
            writer.WriteString("preview", PropertyValue.Preview(property.Value, LongestPreview));
        writer.WriteNumber("size", Encoding.UTF8.GetByteCount(json));
        writer.WriteBoolean("isKept", ReservedProperties.IsKeptByService(property.Name));
        writer.WriteEndObject();
    }
}
