using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace ProfilesModule.Page.Report;

/// <summary>
/// HTML, piece by piece. Every value in an interpolated piece is escaped, so that only what stands in the code is markup.
/// </summary>
internal sealed class Html
{
    // Letters of any language stay readable.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new();

    /// <summary>Adds markup.</summary>
    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => _text.Append('\n');

    /// <summary>Adds the text of an element of style, to the letter.</summary>
    public void AddStyle(string css) => _text.Append("<style>").Append(css).Append("</style>\n");

    public override string ToString() => _text.ToString();

    /// <summary>A piece, whose values are escaped while it is put together.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private const int UsualValue = 16;

        private readonly StringBuilder _text;

        public Markup(int literalLength, int formattedCount, Html html)
        {
            _text = html._text;
            _text.EnsureCapacity(_text.Length + literalLength + (UsualValue * formattedCount));
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(text ?? ""));

        /// <summary>A number that the browser reads.</summary>
        public void AppendFormatted(double number) => _text.Append(number.ToString("0.###", CultureInfo.InvariantCulture));
    }
}
