namespace ProfilesModule.Sources;

/// <summary>A row cannot become an update.</summary>
/// <param name="rejection">Why.</param>
internal sealed class RowException(RowRejection rejection) : Exception(rejection.Message)
{
    /// <summary>Why.</summary>
    public RowRejection Rejection { get; } = rejection;
}
