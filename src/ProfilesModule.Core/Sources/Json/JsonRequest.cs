using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Json;

/// <summary>
/// An update as clients of the service send it to /engage: the token, the identifier, and an operation with its properties.
/// An import sends the operation anew, if all requests of a file have the same one.
/// </summary>
internal sealed class JsonRequest(JsonMembers json)
{
    private const string Token = "$token";
    private const string GroupKey = "$group_key";

    private static readonly string[] Fields =
    [
        Token, "$distinct_id", GroupKey, "$group_id", "$time", "$ip", "$latitude", "$longitude", "$ignore_time", "$ignore_alias",
    ];

    private byte[]? _token;
    private int _operation;

    /// <summary>The operation of the import; null when it takes any.</summary>
    public Operation? Wanted { get; set; }

    /// <summary>Whether the object that was read last is a request.</summary>
    public bool IsRead { get; private set; }

    /// <summary>What the request does.</summary>
    public Operation Operation => json.All[_operation].Name.Operation!.Value;

    /// <summary>The member that has its properties.</summary>
    public JsonMember Properties => json.All[_operation];

    /// <summary>Whether a member of that name is one of a request beside its operation.</summary>
    public static bool IsField(string name) => Fields.Contains(name, StringComparer.Ordinal);

    /// <summary>Whether a member is the token of the project, which must not be written anywhere.</summary>
    public static bool IsToken(JsonMember member) => member.Name.Text == Token;

    /// <summary>Looks whether the object is a request; why it cannot be imported, else null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? Read()
    {
        _operation = -1;
        var hasSeveral = false;
        IsRead = false;
        for (var i = 0; i < json.All.Count; i++)
        {
            var name = json.All[i].Name;
            if (!name.IsRequestField)
                return null;
            if (name.Operation is null)
                continue;
            hasSeveral |= _operation >= 0;
            _operation = i;
        }

        IsRead = _operation >= 0;
        return IsRead ? Problem(hasSeveral) : null;
    }

    /// <summary>Adds the names of the members that an import does not send.</summary>
    public void AddLeftOut(List<string> names)
    {
        foreach (var member in json.All)
        {
            if (member.Name.Operation is null && member.Name.Text is not (Token or "$distinct_id") && !SaysNothing(json.Plain(member)))
                names.Add(member.Name.Text);
        }
    }

    private Failure? Problem(bool hasSeveral)
    {
        if (json.Has(GroupKey))
            return Failures.OtherKind("The request changes a group profile.");
        if (hasSeveral)
            return Failures.SeveralOperations;
        if (Operation == Operation.Delete)
            return Failures.RemovingRequest;
        if (Operation == Operation.Unset)
            return Failures.UnsettingRequest;
        if (Wanted is { } wanted && wanted != Operation)
            return Failures.OtherOperation(Operation, wanted);
        if (!HasSameToken())
            return Failures.OtherToken;
        return Properties.Kind == JsonTokenType.StartObject ? null : Failures.UnsendableValue(Properties.Name.Text, "it is not an object");
    }

    private bool HasSameToken()
    {
        var index = json.LastIndexOf(Token);
        if (index < 0)
            return true;
        var token = json.Plain(json.All[index]);
        _token ??= token.ToArray();
        return token.SequenceEqual(_token);
    }

    // An address of 0 is what an import sends itself.
    private static bool SaysNothing(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("0"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("null"u8);
}

/// <summary>Whether a file holds requests, and of which operation: decided from its first rows, before any of them is sent.</summary>
internal static class JsonRequests
{
    private const int Rows = 1000;

    /// <summary>The operation of the requests; null when the first object is none.</summary>
    /// <param name="open">Opens the file from its start.</param>
    /// <param name="options">What its objects become.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FailureException">They cannot be imported together.</exception>
    public static Operation? OperationOf(Func<JsonFile> open, JsonOptions options, string path)
    {
        using var file = open();
        var record = new JsonRecord(options);
        Operation? operation = null;
        try
        {
            for (var row = 0; row < Rows && file.Read(); row++)
            {
                var failure = record.Read(file.Record);
                if (failure?.IsParseError == true)
                    continue;
                if (operation is null && !record.Profile.Request.IsRead)
                    return null;
                if (record.Profile.RequestProblem is { } problem && record.Reason is null)
                    throw new FailureException(Failures.RequestRefused(problem, path, file.LineNumber));
                if (operation is null && record.Profile.RequestProblem is null)
                {
                    operation = record.Profile.Request.Operation;
                    record.Profile.Expect(operation.Value, areRequests: true);
                }
            }
        }
        catch (InvalidDataException)
        {
            // The import comes to that place too, and sends what is before it.
        }

        return operation;
    }
}
