namespace ProfilesModule.Tests.Rules;

/// <summary>Somebody whose data looks bad here and there, and is not.</summary>
internal sealed class Person
{
    private static readonly string[] GivenNames =
        ["Ann", "Jörg", "Zoë", "Nan", "Null", "María José", "D'Arcy", "True", "Sean", "Renée", "Åse", "Non", "Anne-Marie"];

    private static readonly string[] FamilyNames =
        ["Müller", "O'Brien", "Null", "Smith", "van 't Hoff", "D'Angelo", "Ng", "Na", "Test", "Æbelø", "Groß", "St. John", "System"];

    private static readonly string[] Cities =
        ["Wien", "'s-Hertogenbosch", "Zürich", "Windhoek", "São Paulo", "Saint-Denis", "Null", "Ålesund", "Y"];

    private static readonly string[] Countries = ["NA", "AT", "DE", "CH", "US", "NO", "IN"];

    private static readonly string[] Notes =
    [
        "", "", "", "-", "--", "n/a", "N/A", "none", "?", "NA", "0", "+", "= sold", "#1 customer", "@home on Mondays", "<3", "(see below)",
        "[draft]", "Said \"call me\" twice", "\"Old\" contact", "5\" floppy, 3.5\" disk", "'90s kid", "it's fine", "a; b; c", "1,5 kg",
        "1.234,50 €", "50 %", "System: Windows, Speed: 9.9E+3", "Deserialized by hand", "Microsoft account; moved", "Likes System.Text",
        "NULL is his real name", "See C:\\New\\table", "first line\nsecond line", "Wien, AT\r\n1010, Graben 7",
        "list:\n- milk, eggs\n- bread", "a\tb", "„quoted“ – and dashed…", "2 rows, 3 seats", "(2 rows reserved)", "10:30",
        "2026-02-30", "12 rows", "{curly}", "{\"kind\": \"json\"}", "a,b,c,d", "https://example.com/?a=1&b=\"2\"", "=)", "+49 is Germany",
        "- call back", "1e5 or so",
    ];

    private readonly Random _random;

    public Person(Random random, int number)
    {
        _random = random;
        Given = Pick(GivenNames);
        Family = Pick(FamilyNames);
        City = Pick(Cities);
        Country = Pick(Countries);
        Note = Pick(Notes);
        Email = $"user{number}+x@{Pick("example.com", "mail.example.co.uk", "müller.example", "sub-domain.example.org")}";
        Phone = $"+43 1 {random.Next(1_000_000, 9_999_999)}";
        LocalPhone = $"0{random.Next(100, 999)}/{random.Next(10_000, 9_999_999)}";
        At = new DateTime(2015, 1, 1).AddSeconds(random.Next(300_000_000)).AddMicroseconds(random.Next(1_000_000));
        Amount = random.Next(-100_000, 500_000_000) / 100m;
        var bytes = new byte[16];
        random.NextBytes(bytes);
        Guid = new(bytes);
    }

    public string Given { get; }

    public string Family { get; }

    public string City { get; }

    /// <summary>Two letters, also those of Namibia.</summary>
    public string Country { get; }

    public string Email { get; }

    /// <summary>A number with the code of its country.</summary>
    public string Phone { get; }

    /// <summary>A number as people write it in their own country.</summary>
    public string LocalPhone { get; }

    public DateTime At { get; }

    public decimal Amount { get; }

    public Guid Guid { get; }

    /// <summary>What somebody wrote about them, in letters that Windows-1252 has.</summary>
    public string Note { get; }

    public string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>Letters and digits as they are in keys.</summary>
    public string Letters(int count) =>
        new(_random.GetItems<char>("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", count));
}
