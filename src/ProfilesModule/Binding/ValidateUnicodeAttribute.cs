using System.Buffers;
using System.Collections;
using System.Management.Automation;
using System.Text;

namespace ProfilesModule.Binding;

/// <summary>Refuses texts with half of a surrogate pair, alone or in a list or a dictionary: the service would get another text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateUnicodeAttribute : ValidateArgumentsAttribute
{
    /// <summary>Whether a text is Unicode.</summary>
    /// <param name="text">The text; null is.</param>
    internal static bool IsUnicode(string? text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
                return false;
            rest = rest[length..];
        }

        return true;
    }

    /// <summary>Looks at an argument.</summary>
    /// <param name="arguments">The argument.</param>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <exception cref="ValidationMetadataException">A text of it is not Unicode.</exception>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        switch (arguments is PSObject wrapped ? wrapped.BaseObject : arguments)
        {
            case string text when !IsUnicode(text):
                throw new ValidationMetadataException("The text has half of a surrogate pair, which is not Unicode text. Copy it again.");
            case string:
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
