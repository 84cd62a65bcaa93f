using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Import;
using ProfilesModule.Rules;
using ProfilesModule.Server;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Page;

/// <summary>
/// Imports CSV files: takes a file in parts, shows what an import would make of it, checks it, and imports it as Import-UserProfileCsv
/// does.
/// </summary>
internal sealed class ImportApi(EngageServer server, IProfileStore store, PageUpdates updates, IPageMappings mappings) : IDisposable
{
    // Each open page needs one; a file that was given up makes room for another.
    private const int MaximumUploads = 8;

    private readonly PendingItems<ImportUpload> _uploads = new(MaximumUploads, "The file is not here any more. Choose it again.");

    /// <summary>Announces a file <c>name</c> of <c>length</c> bytes.</summary>
    public Reply Start(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        var body = document.RootElement;
        var length = body.TryGetProperty("length", out var value) && value.TryGetInt64(out var bytes) ? bytes : -1;
        var upload = new ImportUpload(JsonBody.Text(body, "name") ?? "", length);
        _uploads.Add(upload);
        return Reply.Json(200, writer => writer.WriteString("key", upload.Key));
    }

    /// <summary>Takes the part of the file <c>key</c> that begins at <c>offset</c>.</summary>
    public Reply Append(EngageRequest request)
    {
        var offset = request.Query.GetValueOrDefault("offset");
        if (!long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new BadRequestException("offset must be a whole number");
        _uploads.Find(request.Query.GetValueOrDefault("key")).Append(number, request.Body.Span);
        return Reply.Json(200, _ => { });
    }

    /// <summary>
    /// What an import of the file <c>key</c> would decide with <c>settings</c>, or with those that the file seems to need.
    /// </summary>
    public Reply Look(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        var upload = FindWhole(document.RootElement);
        var settings = ImportSettings.Of(document.RootElement);
        try
        {
            settings ??= ImportSettings.Of(CsvForm.Of(mappings.Csv, upload.Path));
            return Look(upload, settings);
        }
        catch (Exception e) when (Failed(upload, e) is { } failure)
        {
            return Reply.Json(200, writer =>
            {
                ImportJson.Write(writer, settings ?? new());
                ImportJson.Write(writer, upload, failure);
            });
        }
    }

    /// <summary>Reads the whole file <c>key</c> as it was looked at last, and compares it with what is stored.</summary>
    public Reply Check(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        var upload = FindWhole(document.RootElement);
        var mapped = mappings.Read(Mapping(upload), infersTypes: false);
        upload.Begin(() =>
        {
            var options = new ImportOptions
            {
                Mode = ImportMode.Test,
                Statistics = new(),
                Rules = new() { KeepsSamples = true },
                Transport = new ImportComparison(server, store.OpenSnapshot()),
                Token = updates.Token,
                Delivery = new() { MaxConcurrency = 1 },
            };
            return new(options, mapped, upload.Path);
        });
        return State(upload);
    }

    /// <summary>Imports the file <c>key</c> as it was looked at last.</summary>
    public Reply Run(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        var upload = FindWhole(document.RootElement);
        var mapped = mappings.Read(Mapping(upload), infersTypes: false);
        var options = new ImportOptions
        {
            Transport = updates.Transport,
            Endpoint = updates.Endpoint,
            Token = updates.Token,
            Trail = new(null, upload.RejectPath, null, null),
        };
        upload.Begin(() =>
        {
            File.Delete(upload.RejectPath);
            return new(options, mapped, upload.Path);
        });
        return State(upload);
    }

    /// <summary>Ends the import of the file <c>key</c>.</summary>
    public Reply Stop(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        var upload = _uploads.Find(JsonBody.Text(document.RootElement, "key"));
        upload.Work?.Stop();
        return State(upload);
    }

    /// <summary>How far the work on the file <c>key</c> is, or what came of it.</summary>
    public Reply State(EngageRequest request) => State(_uploads.Find(request.Query.GetValueOrDefault("key")));

    /// <summary>The mapping of the file <c>key</c>, as a file.</summary>
    public Reply MappingFile(EngageRequest request)
    {
        var upload = _uploads.Find(request.Query.GetValueOrDefault("key"));
        return Download.As(upload.MappingName, new(200, Encoding.UTF8.GetBytes(Mapping(upload))));
    }

    /// <summary>The rows of the file <c>key</c> that were not imported, as a file that can be imported.</summary>
    public Reply Rejects(EngageRequest request)
    {
        var upload = _uploads.Find(request.Query.GetValueOrDefault("key"));
        return Download.As(upload.RejectName, new(200, default)
        {
            ContentType = "text/csv",
            Content = (target, cancellation) => Copy(upload, target, cancellation),
        });
    }

    public void Dispose() => _uploads.Dispose();

    private static async Task Copy(ImportUpload upload, Stream target, CancellationToken cancellation)
    {
        using var file = new FileStream(upload.RejectPath, FileMode.Open, FileAccess.Read, FileShare.Read);
        await file.CopyToAsync(target, cancellation).ConfigureAwait(false);
    }

    private static string Mapping(ImportUpload upload) =>
        upload.Mapping ?? throw new BadRequestException("The settings cannot be used yet. Look at the file again.");

    private static Failure? Failed(ImportUpload upload, Exception exception) =>
        FileInputs.FailureOf(exception, upload.Path, Failures.FileNotReadable);

    private Reply Look(ImportUpload upload, ImportSettings settings)
    {
        upload.Mapping = null;
        var count = CountColumns(upload, settings);
        var (header, sample) = Preview(upload, settings.Form(count));
        ProposedMapping? proposed = null;
        Failure? failure = null;
        try
        {
            proposed = upload.Shown(mappings.Propose(upload.Path, settings.Members(count, mappings.Literal)));
            upload.Mapping = proposed.Text;
        }
        catch (Exception e) when (Failed(upload, e) is { } found)
        {
            failure = found;
        }

        return Reply.Json(200, writer =>
        {
            ImportJson.Write(writer, settings);
            ImportJson.Write(writer, upload, failure);
            ImportJson.Write(writer, settings, header, sample, proposed);
        });
    }

    // Without a header, its first row says it.
    private int CountColumns(ImportUpload upload, ImportSettings settings) =>
        settings.HasHeader ? 0 : Preview(upload, (settings with { HasHeader = true }).Form(0)).Header.Count;

    private (IReadOnlyList<string> Header, CsvSample Sample) Preview(ImportUpload upload, JsonObject form) =>
        mappings.Read(form.ToJsonString(), infersTypes: false).Source.Preview(upload.Path);

    private Reply State(ImportUpload upload) => Reply.Json(200, writer =>
    {
        if (upload.Work is not { } work)
            return;
        ImportJson.Write(writer, upload, work);
        if (work is { IsImport: true, IsRunning: false })
            writer.WriteString("commandLine", mappings.CommandLine(upload.Name, upload.MappingName, upload.RejectName));
    });

    private ImportUpload FindWhole(JsonElement body)
    {
        var upload = _uploads.Find(JsonBody.Text(body, "key"));
        return upload.IsWhole ? upload : throw new BadRequestException(ImportUpload.NotAnnounced);
    }
}
