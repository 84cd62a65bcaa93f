namespace ProfilesModule.Rules;

/// <summary>What happens to a row that breaks a rule.</summary>
public enum RuleSeverity
{
    /// <summary>The row is sent with a warning; with -Strict it is refused.</summary>
    Warning,

    /// <summary>The row is refused.</summary>
    Error,
}
