using System.Text;
using CsCheck;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Wire;

public sealed class ServiceTextTests
{
    private static readonly Gen<string> Secrets = Gen.Char["abcXYZ019-_+/=&\"ü🙂"[..^2]].Array[6, 40].Select(chars => new string(chars));

    [Theory]
    [InlineData("no\r\nway\t!", "no\\r\\nway\\t!")]
    [InlineData("\u001b[31mred\u0007", "\\u001b[31mred\\u0007")]
    [InlineData("a\u202eb\u2066c\u200bd\u2028e\u0085f", "a\\u202eb\\u2066c\\u200bd\\u2028e\\u0085f")]
    [InlineData("Ömer 🙂 日本 क्\u200dष", "Ömer 🙂 日本 क्\u200dष")]
    public void What_a_terminal_obeys_is_escaped(string text, string shown) => Assert.Equal(shown, ServiceText.WithoutSecrets.Show(text));

    [Fact]
    public void Half_of_a_pair_is_escaped() => Assert.Equal("half \\ud83d a pair", ServiceText.WithoutSecrets.Show("half \ud83d a pair"));

    [Fact]
    public void Long_text_is_cut_between_characters()
    {
        var shown = ServiceText.WithoutSecrets.Show(new string('x', 499) + "🙂 and more");
        Assert.Equal(new string('x', 499) + "…", shown);
    }

    [Fact]
    public void A_secret_is_masked_in_every_form_that_it_may_come_back_in() => Gen.Select(Secrets, Gen.String[0, 20], Gen.String[0, 20]).Sample((secret, before, behind) =>
    {
        var text = new ServiceText("tok-1234", secret);
        foreach (var form in new[] { secret, secret.ToUpperInvariant(), Uri.EscapeDataString(secret), JsonEncoded(secret) })
            Assert.DoesNotContain(form, text.Show(before + form + behind), StringComparison.OrdinalIgnoreCase);

        // Of base64 the digits at both ends also hold bits of what stands around the secret.
        var shown = text.Show(Convert.ToBase64String(Encoding.UTF8.GetBytes(before + secret + behind)));
        Assert.Contains("********", shown, StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_too_short_for_a_secret_masks_nothing() => Assert.Equal("a token", new ServiceText("t", "oke").Show("a token"));

    [Fact]
    public void Whatever_comes_is_short_and_without_control_characters() => Gen.String[0, 2000].Sample(text =>
    {
        var shown = ServiceText.WithoutSecrets.Show(text);
        Assert.InRange(shown.Length, 0, 501);
        Assert.DoesNotContain(shown, char.IsControl);
    });

    private static string JsonEncoded(string text) => System.Text.Json.JsonSerializer.Serialize(text)[1..^1];
}
