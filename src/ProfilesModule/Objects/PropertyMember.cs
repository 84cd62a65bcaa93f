using System.Management.Automation;

namespace ProfilesModule;

/// <summary>The member for one property of a profile. It holds nothing itself, so that a value set on the member is the value that is sent.</summary>
internal sealed class PropertyMember(PropertyDictionary properties, string name) : PSNoteProperty(name, null)
{
    public override object? Value
    {
        get => properties[Name];
        set => properties[Name] = value;
    }

    public override string TypeNameOfValue => Value?.GetType().FullName ?? typeof(object).FullName!;

    public override PSMemberInfo Copy() => new PropertyMember(properties, Name);

    public override string ToString() => $"{TypeNameOfValue} {Name}={Value}";
}
