using ProfilesModule.Rows;

namespace ProfilesModule.Binding;

/// <summary>Takes ids of groups.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GroupIdTransformationAttribute : ProfileIdTransformationAttribute
{
    /// <summary>Makes the attribute.</summary>
    public GroupIdTransformationAttribute()
        : base("group id", PipelineRow.GroupIdNames, forGroups: true)
    {
    }
}
