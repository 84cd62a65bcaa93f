using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Wire;

namespace ProfilesModule.Rows;

// The members of an object as the fields of its row.
internal sealed partial class PipelineRow
{
    // What the engine's view of a DataRow or DataRowView has beside the columns.
    private static readonly HashSet<string> DataRowMembers = new(
        [.. CsvSource.DataRowColumns, "DataView", "RowVersion", "Row", "IsNew", "IsEdit"], StringComparer.Ordinal);

    private bool _warnedOfDataRow;
    private CustomObjectShape? _shape;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeFields(PSObject input)
    {
        (IsProfile, _copiedId) = (false, null);
        try
        {
            if (input.BaseObject is PSCustomObject || !Fields.TryTake(input.BaseObject))
                TakeMembers(input);
            else if (EngineView.HasOwnMembers(input))
                TakeAddedMembers(input);
        }
        catch (Exception e) when (e is not (FailureException or PipelineStoppedException))
        {
            // Whatever the source throws, such as for a deleted row or a closed reader, concerns only this row.
            throw new FailureException(Failures.UnreadableObject(e.Message));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeMembers(PSObject input)
    {
        if (NotARow(input.BaseObject) is { } failure)
            throw new FailureException(failure);

        if (_shape?.TryTake(input, Fields) == true)
        {
            IsProfile = _shape.IsProfile;
            return;
        }

        Fields.Clear();
        IsProfile = ProfileNoun.IsUser(input) || ProfileNoun.IsGroup(input);
        if (IsProfile && TakeCopy(input))
            return;
        var isCopy = IsCopy(input);
        var showsProfile = EngineView.TypeNames(input).Any(name => name.EndsWith(typeof(UserProfile).FullName!, StringComparison.Ordinal)
            || name.EndsWith(typeof(GroupProfile).FullName!, StringComparison.Ordinal));
        var isDataRow = DeserializedValue.TypeOf(input) is "System.Data.DataRow" or "System.Data.DataRowView";
        if (isDataRow && !_warnedOfDataRow)
            Warn?.Invoke("Rows of a DataTable came from another process, such as a job, where NULL became empty text, so the two cannot "
                + "be told apart. Read the table in this session, or write its rows to a CSV file.");
        _warnedOfDataRow |= isDataRow;
        var shape = CustomObjectShape.Of(input, IsProfile);
        foreach (var property in input.Properties)
        {
            var name = property.Name;
            var isLeftOut = (isCopy && ProfileFields.IsAddedByRemoting(name)) || (showsProfile && ProfileFields.IsMetadata(name))
                || (isDataRow && DataRowMembers.Contains(name));
            shape?.Add(name, !isLeftOut);
            if (!isLeftOut)
                Fields.Add(name, Value(property));
        }

        _shape = shape?.IsWhole == true ? shape : null;
    }

    /// <summary>
    /// Takes the copy of a profile that a job, remoting or a file returned. Its members are not all: their names have no case.
    /// </summary>
    private bool TakeCopy(PSObject input)
    {
        if (SegmentTraits.Dictionary(input.Properties[ProfileFields.Properties]?.Value) is not { } properties)
            return false;
        var members = input.Properties.Where(member => !ProfileFields.IsIdentifier(member.Name) && !ProfileFields.IsMetadata(member.Name))
            .ToDictionary(member => member.Name, StringComparer.Ordinal);
        foreach (DictionaryEntry property in properties)
        {
            var name = property.Key.ToString()!;
            Fields.Add(name, members.Remove(name, out var member) ? Value(member) : property.Value);
        }

        foreach (var added in members.Values)
            Fields.Add(added.Name, Value(added));
        _copiedId = (input.Properties[ProfileFields.DistinctId] ?? input.Properties[ProfileFields.GroupId])?.Value;
        return true;
    }

    private static bool IsCopy(PSObject input) =>
        EngineView.TypeNames(input).Any(name => name.StartsWith(DeserializedValue.Prefix, StringComparison.Ordinal));

    /// <summary>Takes members that a user added to an object, as properties of their own.</summary>
    private void TakeAddedMembers(PSObject input, ServiceProfile? profile = null)
    {
        foreach (var member in input.Properties)
        {
            if (member is PSNoteProperty and not (PropertyMember or FixedMember) && profile?.Properties.Contains(member.Name) != true
                && !(ProfileFields.IsAddedByRemoting(member.Name) && IsCopy(input)))
                Fields.Add(member.Name, Value(member));
        }
    }

    private static Failure? NotARow(object plain)
    {
        var type = plain.GetType();
        var isPart = plain is DictionaryEntry || type.Name is "JProperty"
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));
        if (isPart)
            return Failures.PartOfRow(type.Name);
        return plain is string || type.IsPrimitive || (plain is not PSCustomObject && ValueContents.Elements(plain) is not null)
            ? Failures.NotARow(type.Name)
            : null;
    }

    /// <exception cref="FailureException">It cannot be read.</exception>
    internal static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException e)
        {
            throw new FailureException(Failures.UnreadableValue(property.Name, e.Message));
        }
    }
}
