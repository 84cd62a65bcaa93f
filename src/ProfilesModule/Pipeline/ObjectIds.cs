using System.Management.Automation;
using ProfilesModule.Rows;
using ProfilesModule.Rules;

namespace ProfilesModule.Pipeline;

/// <summary>Reads ids from the objects of a pipeline, by the property that the user named.</summary>
internal sealed class ObjectIds(string identifierProperty, Action<Failure> writeError)
{
    private readonly PipelineRow _row = new(identifierProperty, groupKey: null);
    private long _number;

    /// <summary>The id of an object; none, after an error, if it has none.</summary>
    public IReadOnlyList<string> Of(PSObject input)
    {
        _number++;
        var failure = _row.Read(input);
        if (failure is null && string.IsNullOrWhiteSpace(_row.Id))
            failure = Failures.EmptyIdentifier(identifierProperty);
        if (failure is null)
            return [_row.Id!];
        writeError(failure.At(RowDescription.Position(new(_number, 0, input)), input));
        return [];
    }
}
