using System.Management.Automation;

namespace ProfilesModule.Benchmarks.EmptyModule;

/// <summary>Takes objects and does nothing: what a module costs that has one cmdlet and needs no code to be imported, and a pipeline into it.</summary>
[Cmdlet(VerbsCommon.Set, "Nothing")]
public sealed class SetNothingCommand : PSCmdlet
{
    /// <summary>An object.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;
}
