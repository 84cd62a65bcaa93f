namespace ProfilesModule.Server;

/// <summary>The cohorts that a query can be narrowed to. Each is a stored filter: who is in it is found out by each query.</summary>
internal sealed class Cohorts
{
    private readonly Dictionary<long, ProfileFilter> _filters = [];

    /// <param name="expressions">The <c>where</c> expression of each cohort by its id; null for none.</param>
    /// <exception cref="ArgumentException">An expression cannot be read.</exception>
    public Cohorts(IReadOnlyDictionary<long, string>? expressions)
    {
        foreach ((long id, string expression) in expressions ?? new Dictionary<long, string>())
        {
            try
            {
                _filters.Add(id, ProfileFilter.Parse($"cohort {id}", expression));
            }
            catch (QueryRefusedException e)
            {
                throw new ArgumentException(e.Message, e);
            }
        }
    }

    /// <summary>The filter of a cohort, or null if there is no such cohort.</summary>
    public ProfileFilter? Find(long id) => _filters.GetValueOrDefault(id);
}
