namespace ProfilesModule.Server;

/// <summary>A query that cannot be answered as it was asked; the message goes into the reply.</summary>
internal sealed class QueryRefusedException(string message) : Exception(message);
