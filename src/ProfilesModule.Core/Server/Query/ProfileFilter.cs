namespace ProfilesModule.Server;

/// <summary>A condition of a query.</summary>
internal sealed class ProfileFilter
{
    private readonly string _parameter;
    private readonly WhereExpression _expression;

    /// <param name="parameter">The parameter that the condition comes from, for messages.</param>
    /// <param name="expression">The condition.</param>
    public ProfileFilter(string parameter, WhereExpression expression)
    {
        _parameter = parameter;
        _expression = expression;
    }

    /// <exception cref="QueryRefusedException">The expression cannot be read.</exception>
    public static ProfileFilter Parse(string parameter, string text)
    {
        try
        {
            return new ProfileFilter(parameter, WhereExpression.Parse(text));
        }
        catch (WhereException e)
        {
            throw new QueryRefusedException($"{parameter}, {e.Message}");
        }
    }

    /// <exception cref="QueryRefusedException">The expression cannot be evaluated for this profile.</exception>
    public bool Matches(StoredProfile profile)
    {
        try
        {
            return _expression.Matches(profile);
        }
        catch (WhereException e)
        {
            throw new QueryRefusedException($"{_parameter}, {e.Message}");
        }
    }
}
