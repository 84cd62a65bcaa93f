using System.Globalization;
using System.Text;

namespace ProfilesModule.Tests.Rules;

/// <summary>A file as a program exports it, and how somebody who knows the program imports it.</summary>
/// <param name="Program">The program.</param>
/// <param name="Parameters">How the file is imported.</param>
/// <param name="Encoding">Its encoding.</param>
/// <param name="Header">Its first line, with the end of a line.</param>
/// <param name="Row">A row, with the end of a line, by its number and a person.</param>
internal sealed record CleanExport(string Program, string Parameters, Encoding Encoding, string Header, Func<int, Person, string> Row)
{
    /// <summary>One of each program.</summary>
    public static IReadOnlyList<CleanExport> All { get; } = [Salesforce(), HubSpot(), PostgreSql(), GermanExcel(), ActiveDirectory()];

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>The export of many people, the same ones each time.</summary>
    public string Text(int rows)
    {
        var random = new Random(17);
        var text = new StringBuilder(Header);
        for (var i = 0; i < rows; i++)
            text.Append(Row(i, new(random, i)));
        return text.ToString();
    }

    private static CleanExport Salesforce() => new(
        "Salesforce",
        "-IdentifierColumn ID -UseReservedName -InferType",
        new UTF8Encoding(false),
        Quoted(
            "\n", "ID", "FIRSTNAME", "LASTNAME", "EMAIL", "PHONE", "MAILINGCITY", "MAILINGCOUNTRYCODE", "CREATEDDATE", "ISDELETED",
            "ANNUALREVENUE", "DESCRIPTION"),
        (i, p) => Quoted(
            "\n", $"003{p.Letters(12)}{"AEIQY"[i % 5]}A{"0123"[i % 4]}", p.Given, p.Family, p.Email, p.Phone, p.City, p.Country,
            p.At.ToString("yyyy-MM-ddTHH:mm:ss.000Z", Invariant), i % 90 == 0 ? "true" : "false", $"{p.Amount:0}.0", p.Note));

    private static CleanExport HubSpot() => new(
        "HubSpot",
        "-IdentifierColumn 'Record ID' -UseReservedName -PropertyType @{ 'Create Date' = 'Date'; 'Number of Sessions' = 'Number' }",
        new UTF8Encoding(false),
        "Record ID,First Name,Last Name,Email,Phone Number,Country/Region,Lifecycle Stage,Create Date,Number of Sessions,"
            + "Associated Company,Message\r\n",
        (i, p) => Minimal(
            ',', "\r\n", (90_000_000_000 + (i * 137L)).ToString(Invariant), p.Given, p.Family, p.Email, p.LocalPhone, p.Country,
            p.Pick("Lead", "Customer", "Subscriber", "Other", "None", ""), p.At.ToString("yyyy-MM-dd HH:mm", Invariant),
            p.Pick("", "0", "17", "250"), p.Pick("", "O'Reilly & Söhne", "\"K\" Line, Inc.", "Null & Void LLC", "Procter; Gamble"),
            p.Note));

    private static CleanExport PostgreSql() => new(
        "PostgreSQL",
        "-Dialect PostgreSqlCsv -IdentifierColumn id -UseReservedName "
            + "-PropertyType @{ tags = 'List'; created_at = 'Date'; settings = 'Json'; balance = 'Number' }",
        new UTF8Encoding(false),
        "id,email,full_name,country,tags,created_at,is_active,settings,balance,bio\n",
        (i, p) => Minimal(
            ',', "\n", (4_000_000_000_000_000 + (i * 7L)).ToString(Invariant), p.Email, $"{p.Given} {p.Family}", p.Country,
            p.Pick("{}", "{vip}", "{a,b,\"New York\"}", "{\"say \\\"hi\\\"\",x}"),
            $"{p.At.ToString("yyyy-MM-dd HH:mm:ss.ffffff", Invariant)}+00", i % 3 == 0 ? "f" : "t",
            p.Pick("{}", "{\"theme\": \"dark\", \"tabs\": [1, 2]}", "[]", "{\"a\": null}"), p.Amount.ToString("0.00", Invariant), p.Note));

    private static CleanExport GermanExcel() => new(
        "Excel",
        "-Dialect Excel -Delimiter ';' -Encoding 1252 -Culture de-DE -IdentifierColumn Kundennr "
            + "-PropertyType @{ Umsatz = 'Number'; 'Kunde seit' = 'Date' }",
        CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        "Kundennr;Vorname;Nachname;Straße;PLZ;Ort;Telefon;Umsatz;Kunde seit;Newsletter;Bemerkung\r\n",
        (i, p) => Minimal(
            ';', "\r\n", $"K-{i + 1:00000}", p.Given, p.Family, $"{p.City}straße {i % 90}{p.Pick("", "a", "/2")}",
            $"{i * 7 % 99_000:00000}", p.City, p.LocalPhone, p.Amount.ToString("#,##0.00", CultureInfo.GetCultureInfo("de-DE")),
            p.At.ToString("dd.MM.yyyy", Invariant), i % 2 == 0 ? "WAHR" : "FALSCH", p.Note));

    private static CleanExport ActiveDirectory() => new(
        "Active Directory",
        "-IdentifierColumn ObjectGUID -UseReservedName",
        new UTF8Encoding(true),
        Quoted(
            "\r\n", "DistinguishedName", "Enabled", "GivenName", "mail", "Name", "ObjectClass", "ObjectGUID", "SamAccountName", "SID",
            "Surname", "c", "whenCreated", "Description"),
        (i, p) => Quoted(
            "\r\n", $"CN={p.Family}\\, {p.Given},OU={p.City},DC=example,DC=com", i % 7 == 0 ? "False" : "True", p.Given, p.Email,
            $"{p.Family}, {p.Given}", "user", p.Guid.ToString(), $"{p.Family[0]}{i:00000}",
            $"S-1-5-21-3623811015-336104434-3030082-{1000 + i}", p.Family, p.Country,
            p.At.ToString("dd.MM.yyyy HH:mm:ss", Invariant), p.Note));

    /// <summary>A row with each field in quotes, as Export-Csv and Data Loader write it.</summary>
    private static string Quoted(string end, params string[] fields) => string.Join(',', fields.Select(InQuotes)) + end;

    /// <summary>A row with quotes only where they are needed.</summary>
    private static string Minimal(char delimiter, string end, params string[] fields) =>
        string.Join(delimiter, fields.Select(f => f.AsSpan().ContainsAny([delimiter, '"', '\r', '\n']) ? InQuotes(f) : f)) + end;

    private static string InQuotes(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
