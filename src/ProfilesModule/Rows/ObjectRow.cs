using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>Reads objects of which only the identifier matters.</summary>
internal static class ObjectRow
{
    /// <summary>The identifier of an object; nothing when it has none, which is an error.</summary>
    /// <param name="row">What reads the object.</param>
    /// <param name="input">The object.</param>
    /// <param name="identifierProperty">The name of the property that holds the identifier.</param>
    /// <param name="number">The number of the object, from 1.</param>
    /// <param name="writeError">Hears of the error.</param>
    public static string[] Id(PipelineRow row, PSObject input, string identifierProperty, long number, Action<ErrorRecord> writeError)
    {
        try
        {
            row.Read(input, identifierProperty, []);
            if (!string.IsNullOrWhiteSpace(row.Id))
                return [row.Id];
            throw new RowException(new(ErrorId.MissingIdentifier, $"The property '{identifierProperty}' is empty.", "Give every object the identifier of its profile, or leave it out."));
        }
        catch (RowException e)
        {
            var rows = new PipelineRowDescription();
            writeError(Errors.RowRejected(e.Rejection, rows.Position(new UpdateOrigin(number, 0, input)), input));
            return [];
        }
    }
}
