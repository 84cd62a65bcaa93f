namespace ProfilesModule.Server;

/// <summary>Why a record of a request is not valid.</summary>
/// <param name="Index">Its index in the request, from 0.</param>
/// <param name="DistinctId">Its distinct id; empty if it has none.</param>
/// <param name="Field">The field at fault; empty if it is the whole record.</param>
/// <param name="Message">What is wrong, in the words of the service where they are known.</param>
internal sealed record RecordFailure(int Index, string DistinctId, string Field, string Message);
