using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>The rejections that every kind of source shares.</summary>
internal static class RowRejections
{
    public static readonly Failure TooLarge = new(
        ErrorId.UpdateTooLarge,
        $"The update is larger than {Limits.MaximumBatchBytes:N0} bytes, which is the most that the service takes.",
        "Shorten its values, or leave properties out.");

    public static readonly Failure TooManyProperties = new(
        ErrorId.TooManyProperties, RuleTable.Of(ErrorId.TooManyProperties).Message, RuleTable.Of(ErrorId.TooManyProperties).Remedy);
}
