using System.Text;
using CsCheck;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Rules;

/// <summary>What cannot be seen around a text, and what should not be in it.</summary>
public sealed class BlankTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char['\0', '\u0300'], Gen.Char['\u0600', '\u0610'], Gen.Char['\u2000', '\u2070'], Gen.OneOfConst('\u00A0', '\u0D4D', '\u3000', '\u3164', '\uFEFF', '\uFFFD', 'a')).Array[0, 6].Select(c => new string(c));

    // Longer and shorter than what is looked at at once; © and Ａ begin with the bytes that damage may begin with.
    private static readonly Gen<string> VisibleOrNot = Gen.OneOf(
        Gen.Char[' ', '~'],
        Gen.Const('a'),
        Gen.OneOfConst('\u001F', '\u007F', '\u0080', '\u00A9', '\u00FF', '\u200B', '\uFF21', '\uFFFD', '\t')).Array[1, 50]
        .Select(characters => new string(characters));

    private static readonly Gen<string> VisibleOrDamaged = Gen.Select(
        Gen.String[Gen.Char['a', 'z'], 0, 40],
        Gen.OneOfConst("", "\u001F", "\u0085", "\t", "é", "©"),
        Gen.String[Gen.Char['a', 'z'], 0, 40],
        (before, one, behind) => before + one + behind);

    private static readonly Gen<string> Doubtful = Gen.Select(
        Gen.OneOfConst(
            "System.Object[]", "Microsoft.PowerShell.Commands.Group", "Deserialized.System.Object", "My.Types.User[]", "@{a=1}",
            "[object Object]", "NULL", "null", "\\N", "(null)", "(NULL)", "<null>", "<NULL>", "[NULL]", "<NA>", "nan", "NaN", "NaT", "#N/A",
            "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "0001-01-01", "=\"1\"", "=\"\"", "'0", "'9", "'+1", "'-1"),
        Gen.OneOfConst("", "", "a", "T00:00:00"),
        (start, end) => start + end);

    [Fact]
    public void Characters_and_bytes_have_the_same_blanks() => Texts.Sample(text =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(Blanks.Trim(text), Encoding.UTF8.GetString(Blanks.Trim(bytes)));
        Assert.Equal(Blanks.Trim(text).Length < text.Length, Blanks.AreAround(bytes));
        Assert.Equal(Blanks.AreAround(bytes), Blanks.AreAround(text));
        Assert.False(Blanks.AreAround(Blanks.Trim(text)));
    });

    [Fact]
    public void What_breaks_no_rule_is_told_from_other_text() => Gen.OneOf(VisibleOrNot, VisibleOrDamaged, Doubtful, Texts).Sample(text =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var breaksRule = LostValues.IsIn(bytes) || NullTexts.Contain(bytes) || DamagedTexts.IsIn(bytes) || Blanks.AreAround(bytes)
            || PropertyRules.IsDefaultDate(bytes) || CellProtection.IsProtected(bytes);
        Assert.Equal(PlainTexts.Contain(text), PlainTexts.Contain(bytes));
        Assert.False(breaksRule && PlainTexts.Contain(bytes));
        if (!breaksRule && (text.Length == 0 || text[0] == 'a'))
            Assert.True(PlainTexts.Contain(bytes));
    });

    [Fact]
    public void Damage_is_found_wherever_it_is() => Gen.OneOf(VisibleOrNot, VisibleOrDamaged).Sample(text =>
        Assert.Equal(
            text.Any(c => c == '\uFFFD' || (char.IsControl(c) && c is not ('\t' or '\r' or '\n'))),
            text.Length > 0 && DamagedTexts.MayBeIn(Encoding.UTF8.GetBytes(text)) && DamagedTexts.IsIn(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Characters_bytes_and_JSON_have_the_same_damage() => Texts.Sample(text =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var isDamaged = text.Any(c => c == '\uFFFD' || (char.IsControl(c) && c is not ('\t' or '\r' or '\n')));
        Assert.Equal(isDamaged, DamagedTexts.IsIn(bytes));
        Assert.Equal(isDamaged, DamagedTexts.IsIn(text));
        Assert.Equal(isDamaged, DamagedTexts.IsInJson(System.Text.Json.JsonEncodedText.Encode(text).EncodedUtf8Bytes));
    });

    [Theory]
    [InlineData(" a\t\r\n", "a")]
    [InlineData("\u00A0a\u2003", "a")]
    [InlineData("\uFEFF\u200Ba\u2060\u200D", "a")]
    [InlineData("\u202Aa\u202C", "a")]
    [InlineData("\0a\u007F", "a")]
    [InlineData("a \u3164", "a")]
    [InlineData("\u200E\u00AD", "")]
    [InlineData("a\u0085", "a\u0085")]
    [InlineData("\u0D28\u0D4D\u200D", "\u0D28\u0D4D\u200D")]
    [InlineData("\u0600\u0661", "\u0600\u0661")]
    [InlineData("\u2764\uFE0F", "\u2764\uFE0F")]
    [InlineData("a b", "a b")]
    public void Only_what_cannot_be_seen_is_removed(string text, string trimmed) => Assert.Equal(trimmed, Blanks.Trim(text));
}
