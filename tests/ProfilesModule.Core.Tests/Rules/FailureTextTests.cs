using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Rules;

/// <summary>
/// Holds every text of <see cref="Failures"/> to one file, so that a word is changed in one place and other tests assert ids and values.
/// The texts of rules are in docs/rules.md, which <see cref="RuleDocumentTests"/> holds.
/// </summary>
public sealed partial class FailureTextTests
{
    private static readonly string[] Two = ["<a>", "<b>"];

    [Fact]
    public void The_texts_are_the_approved_ones()
    {
        var approved = Path.Combine(RuleDocumentTests.Root(), "tests", "ProfilesModule.Core.Tests", "Rules", "FailureTexts.approved.txt");
        var current = Path.Combine(AppContext.BaseDirectory, "FailureTexts.txt");
        var lines = string.Concat(Lines().Distinct().Order(StringComparer.Ordinal).Select(line => line + "\n"));
        File.WriteAllText(current, lines);
        Assert.True(
            File.Exists(approved) && File.ReadAllText(approved).ReplaceLineEndings("\n") == lines,
            $"The texts of errors are not the approved ones. Review them, and copy {current} over {approved}.");
    }

    [Fact]
    public void No_text_has_the_words_of_a_translation() => Assert.All(
        Lines().Concat(RuleTable.All.Select(rule => $"{rule.Message} {rule.Remedy}")),
        text => Assert.DoesNotMatch(TranslatedWords(), text));

    // "There is no" and "is no longer" are the usual words.
    [GeneratedRegex(
        @"(?<!\bthere )\b(is|are) no (?!longer\b)|\b(hears of|anybody|lets go of|is told of|what became of|leave (\w+ ){0,3}out)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex TranslatedWords();

    /// <summary>What each factory makes of sample arguments: ErrorId, message and remedy; of a part of a message its name and its text.</summary>
    private static IEnumerable<string> Lines()
    {
        const BindingFlags members = BindingFlags.Static | BindingFlags.Public;
        var fields = typeof(Failures).GetFields(members).Select(field => field.GetValue(null)).OfType<Failure>();
        var factories = typeof(Failures).GetMethods(members).Where(method => method.Name != nameof(Failures.Of));
        return fields.Select(failure => $"{failure.Id} | {Text(failure)}").Concat(factories.SelectMany(Lines));
    }

    private static IEnumerable<string> Lines(MethodInfo factory)
    {
        if (factory.GetParameters()[0].ParameterType != typeof(ErrorId))
        {
            return Arguments(factory).Select(arguments => factory.Invoke(null, arguments))
                .Select(result => $"{(result as Failure)?.Id.ToString() ?? factory.Name} | {Text(result)}");
        }

        // A text that many ids share is that of every id that the factory does not name.
        return Enum.GetValues<ErrorId>()
            .SelectMany(id => Arguments(factory, id).Select(arguments => (Id: $"{id}", Text: Text(factory.Invoke(null, arguments)))))
            .GroupBy(line => line.Text.Replace(line.Id, "<id>", StringComparison.Ordinal), line => line.Id)
            .Select(ids => $"{(ids.Distinct().Count() == 1 ? ids.First() : $"{factory.Name}, other ids")} | {ids.Key}");
    }

    private static string Text(object? result)
    {
        var text = result is Failure failure ? $"{failure.Message} | {failure.Remedy}" : (string)result!;
        return TimeOfDay().Replace(text, "<time>");
    }

    [GeneratedRegex(@"\d\d:\d\d:\d\d")]
    private static partial Regex TimeOfDay();

    /// <summary>The first sample of every parameter, and each further sample in its place.</summary>
    private static IEnumerable<object?[]> Arguments(MethodInfo factory, ErrorId? id = null)
    {
        var samples = factory.GetParameters().Select(parameter => parameter.ParameterType == typeof(ErrorId) ? [id] : Samples(parameter)).ToArray();
        object?[] first = [.. samples.Select(values => values[0])];
        yield return first;
        for (var i = 0; i < samples.Length; i++)
        {
            foreach (var further in samples[i].Skip(1))
                yield return [.. first[..i], further, .. first[(i + 1)..]];
        }
    }

    private static object?[] Samples(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        object?[] samples = parameter.Name switch
        {
            "header" => [Two, new[] { "<a>;<b>" }, new[] { "<a>\t<b>" }],
            "option" => ["<option>", "-JournalPath"],
            "said" => ["<said>", "<said> answered 404"],
            "statusCode" => [404, 0],
            "files" or "unsent" => [1, 3, 0],
            _ when type == typeof(string) || type == typeof(object) => [$"<{parameter.Name}>"],
            _ when type == typeof(int) || type == typeof(long) => [1, 3],
            _ when type == typeof(bool) => [false, true],
            _ when type == typeof(char) => ['ä'],
            _ when type == typeof(TimeSpan) => [TimeSpan.FromSeconds(90)],
            _ when type == typeof(Uri) => [new Uri("https://example.com/")],
            _ when type == typeof(Operation) => [.. Enum.GetValues<Operation>().Cast<object>()],
            _ when type == typeof(Exception) =>
                [new IOException("<exception>"), new InsufficientMemoryException("<exception>"), new EncoderFallbackException("<exception>")],
            _ when type == typeof(Failure) => [new Failure(ErrorId.InvalidEmail, "<failure>", "<remedy>")],
            _ => [Two],
        };
        return new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable ? [.. samples, null] : samples;
    }
}
