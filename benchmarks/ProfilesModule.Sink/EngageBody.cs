using System.Text.Json;

namespace ProfilesModule.Benchmarks.Sink;

/// <summary>Reads the body of a request as far as counting needs it.</summary>
internal static class EngageBody
{
    private const int RecordDepth = 2;

    // What a run with a new state writes to test the connection is no row.
    private static ReadOnlySpan<byte> CanaryPrefix => "ProfilesModule-connection-test-"u8;

    /// <summary>Counts the records of a body.</summary>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public static (int Records, ulong IdSum) Count(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        var (records, sum) = (0, 0UL);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.StartObject && json.CurrentDepth == RecordDepth - 1)
                records++;
            else if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == RecordDepth && json.ValueTextEquals("$distinct_id"u8))
            {
                json.Read();
                if (json.ValueSpan.StartsWith(CanaryPrefix))
                    records--;
                else
                    sum += IdChecksum.Of(json.ValueSpan);
            }
        }

        return (records, sum);
    }
}
