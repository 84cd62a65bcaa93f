using System.Collections.Specialized;

namespace ProfilesModule.Query;

/// <summary>A profile as the service returned it.</summary>
/// <param name="DistinctId">Its distinct id.</param>
/// <param name="Properties">Its properties in the service's order, told apart by letter case, <c>$last_seen</c> among them.</param>
internal sealed record ProfileRecord(string DistinctId, OrderedDictionary Properties);
