using System.Security.Cryptography;
using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// SHA-256 of the text of a cell, in lower-case hexadecimal digits. E-mail addresses and phone numbers are brought into one
/// form first, as advertising services ask for, so that the same person has the same hash.
/// </summary>
internal static class HashedText
{
    /// <summary>The length of a hash as text.</summary>
    public const int Length = 64;

    /// <summary>Hashes a cell; an empty one stays empty.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="name">The property, which says whether it is an address or a phone number.</param>
    /// <param name="hash">Room for the hash.</param>
    /// <returns>How much of the room it takes.</returns>
    public static int Write(ReadOnlySpan<byte> cell, string name, Span<byte> hash)
    {
        var text = Blanks.Trim(cell);
        if (text.IsEmpty)
            return 0;
        ReadOnlySpan<byte> hashed = (CommonNames.Reserved(name) ?? name) switch
        {
            "$email" => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).ToLowerInvariant()),
            "$phone" => Phone(text),
            _ => text,
        };
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(hashed, digest);
        for (var i = 0; i < digest.Length; i++)
        {
            hash[2 * i] = (byte)"0123456789abcdef"[digest[i] >> 4];
            hash[(2 * i) + 1] = (byte)"0123456789abcdef"[digest[i] & 15];
        }

        return Length;
    }

    private static byte[] Phone(ReadOnlySpan<byte> text)
    {
        var phone = new List<byte>(text.Length);
        foreach (var character in text)
        {
            if (char.IsAsciiDigit((char)character) || (character == (byte)'+' && phone.Count == 0))
                phone.Add(character);
        }

        return [.. phone];
    }
}
