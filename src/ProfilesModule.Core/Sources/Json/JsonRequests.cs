using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Json;

/// <summary>Whether a file holds requests, and of which operation: decided from its first rows, before any of them is sent.</summary>
internal static class JsonRequests
{
    private const int Rows = 1000;

    /// <summary>The operation of the requests; null when the first object is none.</summary>
    /// <param name="open">Opens the file from its start.</param>
    /// <param name="options">What its objects become.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FailureException">They cannot be imported together.</exception>
    public static Operation? OperationOf(Func<JsonFile> open, JsonOptions options, string path)
    {
        using var file = open();
        var record = new JsonRecord(options);
        Operation? operation = null;
        try
        {
            for (var row = 0; row < Rows && file.Read(); row++)
            {
                var failure = record.Read(file.Record);
                if (failure?.IsParseError == true)
                    continue;
                if (operation is null && !record.Profile.Request.IsRead)
                    return null;
                if (record.Profile.RequestProblem is { } problem && record.Reason is null)
                    throw new FailureException(Failures.RequestRefused(problem, path, file.LineNumber));
                if (operation is null && record.Profile.RequestProblem is null)
                {
                    operation = record.Profile.Request.Operation;
                    record.Profile.Expect(operation.Value, areRequests: true);
                }
            }
        }
        catch (InvalidDataException)
        {
            // The import comes to that place too, and sends what is before it.
        }

        return operation;
    }
}
