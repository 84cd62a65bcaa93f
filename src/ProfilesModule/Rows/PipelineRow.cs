using System.Collections;
using System.Management.Automation;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>Reads objects of the pipeline as rows. Reused from object to object.</summary>
internal sealed class PipelineRow
{
    /// <summary>The names that hold the distinct id when the user names none.</summary>
    public static readonly string[] IdentifierNames = ["DistinctId", "distinct_id", "$distinct_id"];

    public RowFields Fields { get; } = new();

    /// <summary>The distinct id of the row.</summary>
    public string? DistinctId { get; private set; }

    /// <summary>The index of the field that is the distinct id; -1 when it is none of the fields.</summary>
    public int Identifier { get; private set; }

    /// <summary>Reads an object.</summary>
    /// <param name="input">The object, as the pipeline gives it.</param>
    /// <param name="identifierProperty">The name of the property that holds the distinct id; null for the usual ones.</param>
    /// <exception cref="RowException">The object has no properties, or no distinct id.</exception>
    public void Read(PSObject input, string? identifierProperty)
    {
        if (input.BaseObject is UserProfile profile)
        {
            Take(profile.Properties);
            if (identifierProperty is null)
            {
                (DistinctId, Identifier) = (profile.DistinctId, -1);
                return;
            }
        }
        else if (!Fields.TryTake(input.BaseObject))
        {
            TakeMembers(input);
        }

        Identifier = identifierProperty is not null ? Fields.IndexOf(identifierProperty) : IdentifierNames.Select(Fields.IndexOf).FirstOrDefault(i => i >= 0, -1);
        if (Identifier < 0)
        {
            throw new RowException(new(
                RowFault.MissingIdentifier,
                identifierProperty is not null ? $"The object has no property '{identifierProperty}'." : "The object has no property that is known to hold a distinct id.",
                "Name the property that holds the distinct id with -IdentifierProperty."));
        }

        try
        {
            DistinctId = PipelineValues.Writer.DistinctId(Fields[Identifier].Value);
        }
        catch (NotSupportedException e)
        {
            throw new RowException(new(
                RowFault.InvalidIdentifier,
                $"The property '{Fields[Identifier].Key}' holds no distinct id: {e.Message}.",
                "Give every row the identifier of its profile, as text or a number."));
        }
    }

    /// <summary>Reads the properties of a dictionary.</summary>
    public void Take(IDictionary properties) => Fields.TryTake(properties);

    private void TakeMembers(PSObject input)
    {
        if (input.BaseObject is string or Array || input.BaseObject.GetType().IsPrimitive)
        {
            throw new RowException(new(
                RowFault.UnsupportedObject,
                $"A {input.BaseObject.GetType().Name} has no properties to set.",
                "Pipe objects, dictionaries or data rows, or use -DistinctId with -Property."));
        }

        Fields.Clear();
        foreach (var property in input.Properties)
        {
            try
            {
                Fields.Add(property.Name, property.Value);
            }
            catch (GetValueException e)
            {
                throw new RowException(new(RowFault.UnsupportedValue, $"The property '{property.Name}' cannot be read: {e.Message}", $"Leave out '{property.Name}'."));
            }
        }
    }
}
