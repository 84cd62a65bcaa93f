namespace ProfilesModule.Rules;

/// <summary>What becomes of a row that breaks a rule.</summary>
public enum RuleSeverity
{
    /// <summary>The row is sent, and the user hears of it; under -Strict it is refused.</summary>
    Warning,

    /// <summary>The row is refused.</summary>
    Error,
}
