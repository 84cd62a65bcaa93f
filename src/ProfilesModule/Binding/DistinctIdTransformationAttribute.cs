using ProfilesModule.Rows;

namespace ProfilesModule.Binding;

/// <summary>Takes distinct ids of users.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DistinctIdTransformationAttribute : ProfileIdTransformationAttribute
{
    /// <summary>Makes the attribute.</summary>
    public DistinctIdTransformationAttribute()
        : base("distinct id", PipelineRow.DistinctIdNames, forGroups: false)
    {
    }
}
