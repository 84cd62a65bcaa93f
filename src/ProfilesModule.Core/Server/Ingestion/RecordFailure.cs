namespace ProfilesModule.Server;

/// <summary>Why a record of a request is not valid.</summary>
/// <param name="Index">Its index in the request, from 0.</param>
/// <param name="IdName">The field that names its profile: <c>$distinct_id</c> or <c>$group_id</c>.</param>
/// <param name="Id">The id in that field; empty if it has none.</param>
/// <param name="Field">The field at fault; empty if it is the whole record.</param>
/// <param name="Message">What is wrong, in the words of the service where they are known.</param>
internal sealed record RecordFailure(int Index, string IdName, string Id, string Field, string Message);
