using System.Management.Automation;

namespace ProfilesModule.Binding;

/// <summary>Takes the id of a time zone, of IANA or Windows, for the zone.</summary>
internal sealed class TimeZoneTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string id)
            return inputData;
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : throw new ArgumentTransformationMetadataException($"There is no time zone '{id}'. Give an id such as Europe/Vienna or UTC.");
    }
}
