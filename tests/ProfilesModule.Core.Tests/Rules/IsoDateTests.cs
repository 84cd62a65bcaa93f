using System.Globalization;
using System.Text;
using CsCheck;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Rules;

public sealed class IsoDateTests
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    [Fact]
    public void Every_date_of_such_a_form_is_one() =>
        Gen.Select(Gen.DateTimeOffset, Gen.OneOfConst("yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.fffzzz")).Sample((date, format) =>
            IsoDate.IsIn(Encoding.UTF8.GetBytes(date.ToString(format, CultureInfo.InvariantCulture))));

    [Fact]
    public void What_one_character_makes_of_a_date_is_a_date_when_the_parsers_of_dotnet_say_so() =>
        Gen.Select(Gen.OneOfConst("2026-01-31", "2024-02-29T23:59:59", "2026-12-31T00:00:00.123Z", "2026-01-31T12:00:00+01:00"), Gen.Int[0, 24], Gen.OneOfConst([.. "0123456789-:TZ+. "])).Sample((date, at, character) =>
        {
            var text = new StringBuilder(date) { [at % date.Length] = character }.ToString();
            Assert.Equal(DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _), IsoDate.IsIn(Encoding.UTF8.GetBytes(text)));
        });

    [Theory]
    [InlineData("")]
    [InlineData("2026-1-31")]
    [InlineData("2026-01-31T")]
    [InlineData("2026-01-31T12:00")]
    [InlineData("2026-01-31T12:00:00.")]
    [InlineData("2026-01-31T12:00:00+0100")]
    [InlineData("2026-01-31T12:00:00 Z")]
    [InlineData("0000-01-31")]
    public void Anything_else_is_none(string text) => Assert.False(IsoDate.IsIn(Encoding.UTF8.GetBytes(text)));
}
