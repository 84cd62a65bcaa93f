using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>A row cannot become an update.</summary>
/// <param name="rejection">Why.</param>
internal sealed class RowException(Failure rejection) : Exception(rejection.Message)
{
    /// <summary>Why.</summary>
    public Failure Rejection { get; } = rejection;
}
