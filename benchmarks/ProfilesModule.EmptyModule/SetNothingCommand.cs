using System.Management.Automation;

namespace ProfilesModule.Benchmarks.EmptyModule;

/// <summary>Does nothing: what a module costs that has one cmdlet and needs no code to be imported.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet;
