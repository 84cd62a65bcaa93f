using System.Collections;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Wire;

namespace ProfilesModule.Rows;

/// <summary>Converts the traits of a Segment call to properties: usual names, also those in an address, become reserved names.</summary>
internal static class SegmentTraits
{
    /// <summary>Adds the properties to the fields of a row.</summary>
    /// <exception cref="FailureException">Two traits would be the same property.</exception>
    public static void Add(IDictionary traits, RowFields fields)
    {
        foreach (DictionaryEntry trait in traits)
        {
            var name = trait.Key.ToString()!;
            AddOnce(fields, CommonNames.Reserved(name) ?? name, trait.Value);
        }

        foreach (DictionaryEntry trait in traits)
        {
            var name = trait.Key.ToString()!;
            if (SegmentCall.Dotted(name, "") is not null && Dictionary(trait.Value) is { } address)
                FlattenAddress(name, address, fields);
        }
    }

    /// <summary>A value as a dictionary; null if it is not an object.</summary>
    public static IDictionary? Dictionary(object? value)
    {
        if (value is null || PipelineValues.UnwrapIfPossible(value) is not { } plain || ValueContents.Unwrapped(plain) is not { } content)
            return null;
        if (content is IDictionary dictionary)
            return dictionary;
        if (ValueContents.Members(content) is not { } members)
            return null;
        var copy = new System.Collections.Specialized.OrderedDictionary(StringComparer.Ordinal);
        foreach (var (name, member) in members)
        {
            if (copy.Contains(name))
                throw new FailureException(Failures.DuplicateProperty(name, "members"));
            copy.Add(name, member);
        }

        return copy;
    }

    private static void FlattenAddress(string name, IDictionary address, RowFields fields)
    {
        var rest = new System.Collections.Specialized.OrderedDictionary(StringComparer.Ordinal);
        foreach (DictionaryEntry member in address)
        {
            var key = member.Key.ToString()!;
            if (CommonNames.Reserved(SegmentCall.Dotted(name, key)!) is { } reserved && !Has(fields, reserved))
                fields.Add(reserved, member.Value);
            else if (rest.Contains(key))
                throw new FailureException(Failures.DuplicateProperty(key, "members"));
            else
                rest.Add(key, member.Value);
        }

        fields.RemoveAt(fields.IndexOf(name));
        if (rest.Count > 0 || address.Count == 0)
            fields.Add(name, rest);
    }

    private static void AddOnce(RowFields fields, string name, object? value)
    {
        if (Has(fields, name))
            throw new FailureException(Failures.DuplicateProperty(name, "traits"));
        fields.Add(name, value);
    }

    private static bool Has(RowFields fields, string name) => fields.IndexOf(name) is >= 0 and var index && fields[index].Key == name;
}
