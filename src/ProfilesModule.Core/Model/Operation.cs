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
