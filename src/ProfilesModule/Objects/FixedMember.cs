using System.Management.Automation;

namespace ProfilesModule;

/// <summary>A member that says which profile it is or what the service keeps of it. Setting it would change neither.</summary>
internal sealed class FixedMember(string name, object? value) : PSNoteProperty(name, value)
{
    public override bool IsSettable => false;

    public override object? Value
    {
        get => base.Value;
        set => throw new SetValueException($"{Name} cannot be set: another profile is named by a parameter of the command, and the time of the last update is the service's.");
    }

    public override PSMemberInfo Copy() => new FixedMember(Name, Value);
}
