using System.Globalization;
using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>Reads the parameters <c>filter_by_cohort</c> and <c>include_all_users</c>.</summary>
internal static class CohortParameter
{
    /// <summary>The id in <c>{"id":123}</c>.</summary>
    /// <exception cref="QueryRefusedException">It has another form.</exception>
    public static long ReadId(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("id", out JsonElement id)
                && long.TryParse(id.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            {
                return number;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new QueryRefusedException($"filter_by_cohort is not valid JSON: {e.Message}");
        }
        throw new QueryRefusedException("filter_by_cohort must be a JSON object with the id of a cohort, such as {\"id\":123}");
    }

    /// <summary>
    /// Checks <c>include_all_users</c>. It would list the ids of a cohort that have no profile; here every member of a
    /// cohort is a profile, so either value gives the same.
    /// </summary>
    /// <exception cref="QueryRefusedException">It is neither true nor false.</exception>
    public static void CheckIncludeAllUsers(string text)
    {
        if (text is not ("0" or "1") && !bool.TryParse(text, out _))
            throw new QueryRefusedException("include_all_users must be true or false");
    }
}
