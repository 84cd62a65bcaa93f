namespace ProfilesModule.Server;

/// <summary>A query that cannot be answered as it was asked; the message goes into the reply.</summary>
internal sealed class QueryException(string message) : Exception(message);
