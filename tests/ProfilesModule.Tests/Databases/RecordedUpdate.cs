using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>An update as it was sent.</summary>
/// <param name="Id">The distinct id.</param>
/// <param name="Properties">What its operation has, byte by byte.</param>
internal sealed record RecordedUpdate(string Id, string Properties);

internal static class RecordedUpdates
{
    public static IReadOnlyList<RecordedUpdate> Updates(this RecordingService service) =>
    [
        .. service.Bodies.SelectMany(body => JsonDocument.Parse(body).RootElement.EnumerateArray()).Select(record => new RecordedUpdate(
            record.GetProperty("$distinct_id").GetString()!,
            record.EnumerateObject().First(member => member.Name is "$set" or "$unset").Value.GetRawText())),
    ];

    public static void Clear(this RecordingService service) => service.Bodies.Clear();
}
