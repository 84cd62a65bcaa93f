using System.Text.Json;

namespace ProfilesModule.Model;

/// <summary>What an update does to a profile. One update carries one operation.</summary>
/// <remarks>Source: official ingestion description, /engage.</remarks>
public enum Operation
{
    /// <summary><c>$set</c>: sets the named properties and creates the profile if it does not exist.</summary>
    Set,

    /// <summary><c>$set_once</c>: sets the named properties that have no value yet.</summary>
    SetOnce,

    /// <summary><c>$add</c>: adds to numbers. Applied twice it counts twice.</summary>
    Add,

    /// <summary><c>$append</c>: adds one element to the end of a list. Applied twice it appends twice.</summary>
    Append,

    /// <summary><c>$union</c>: adds the elements that a list does not have yet.</summary>
    Union,

    /// <summary><c>$remove</c>: removes an element from a list.</summary>
    Remove,

    /// <summary><c>$unset</c>: removes properties.</summary>
    Unset,

    /// <summary><c>$delete</c>: removes the whole profile.</summary>
    Delete,
}

/// <summary>The facts about each <see cref="Operation"/> that the service defines.</summary>
internal static class OperationExtensions
{
    private static readonly string[] Names = ["$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete"];
    private static readonly JsonEncodedText[] Keys = [.. Names.Select(name => JsonEncodedText.Encode(name))];

    /// <summary>The operation with a key; null if there is none.</summary>
    public static Operation? Find(string key) => Array.IndexOf(Names, key) is >= 0 and var index ? (Operation)index : null;

    /// <summary>The key that carries the operation in a record, such as <c>$set</c>.</summary>
    public static JsonEncodedText Key(this Operation operation) => Keys[(int)operation];

    /// <summary>
    /// Whether applying the update a second time leaves the profile as the first left it. False for <c>$add</c> and
    /// <c>$append</c>: the service knows no identifier of an update, so one that may have arrived must not be sent again.
    /// </summary>
    public static bool IsRepeatable(this Operation operation) => operation is not (Operation.Add or Operation.Append);

    /// <summary>
    /// Whether the order of two updates of a profile shows in it afterwards: not where numbers are added, or values to a set or out
    /// of it.
    /// </summary>
    public static bool DependsOnOrder(this Operation operation) => operation is not (Operation.Add or Operation.Union or Operation.Remove);

    /// <summary>
    /// Whether group profiles know the operation. Source: official ingestion description, /groups; <c>$add</c> is listed there for
    /// batches only, and the user guide says users only.
    /// </summary>
    public static bool IsForGroups(this Operation operation) => operation is not (Operation.Add or Operation.Append);
}
