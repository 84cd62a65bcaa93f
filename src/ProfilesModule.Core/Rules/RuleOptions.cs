namespace ProfilesModule.Rules;

/// <summary>How rules are applied.</summary>
internal sealed record RuleOptions
{
    /// <summary>Whether a row that breaks a rule of severity <see cref="RuleSeverity.Warning"/> is refused too.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether placeholders such as null or unknown may be distinct ids.</summary>
    public bool AllowsAnyIdentifier { get; init; }

    /// <summary>Whether the profiles are those of groups, which may have properties of their own by the names of users' reserved ones.</summary>
    public bool IsForGroups { get; init; }

    /// <summary>Whether a finding keeps the first value that it is about. Default: it does not, since values are the user's.</summary>
    public bool KeepsSamples { get; init; }

    /// <summary>Whether letters and digits of such a value are replaced.</summary>
    public bool MasksSamples { get; init; }
}
