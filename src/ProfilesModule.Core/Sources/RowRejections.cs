using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>The rejections that every kind of source shares.</summary>
internal static class RowRejections
{
    public static readonly RowRejection TooLarge = new(
        RowFault.UpdateTooLarge,
        $"The update is larger than {Limits.MaximumBatchBytes:N0} bytes, which is the most that the service takes.",
        "Shorten its values, or leave properties out.");

    public static readonly RowRejection TooManyProperties = new(
        RowFault.TooManyProperties, RuleTable.Of(RowFault.TooManyProperties).Message, RuleTable.Of(RowFault.TooManyProperties).Remedy);
}
