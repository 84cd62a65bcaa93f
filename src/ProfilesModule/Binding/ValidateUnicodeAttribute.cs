using System.Collections;
using System.Management.Automation;
using ProfilesModule.Wire;

namespace ProfilesModule.Binding;

/// <summary>
/// Refuses text with half of a surrogate pair, also in lists and dictionaries, because the service would receive other text.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateUnicodeAttribute : ValidateArgumentsAttribute
{
    /// <summary>Checks an argument.</summary>
    /// <param name="arguments">The argument.</param>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <exception cref="ValidationMetadataException">Text in it is not valid Unicode.</exception>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        switch (arguments is PSObject wrapped ? wrapped.BaseObject : arguments)
        {
            case string text when !EngageJson.IsText(text):
                throw new ValidationMetadataException("The text has half of a surrogate pair, so it is not valid Unicode. Copy it again.");
            case string:
                break;
            case ProfileId id:
                Validate(id.Text, engineIntrinsics);
                break;
            case IDictionary dictionary:
                Validate(dictionary.Keys, engineIntrinsics);
                Validate(dictionary.Values, engineIntrinsics);
                break;
            case ICollection several:
                foreach (var one in several)
                    Validate(one, engineIntrinsics);
                break;
        }
    }
}
