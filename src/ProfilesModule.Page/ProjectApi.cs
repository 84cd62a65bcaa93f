using ProfilesModule.Server.Http;

namespace ProfilesModule.Page;

/// <summary>The project that the page shows, if it is not the server's own: what was read of it, and reading more.</summary>
internal sealed class ProjectApi(ProjectSnapshot? snapshot) : IDisposable
{
    /// <summary>The header of a request that changes profiles: the name of their project, as somebody typed it.</summary>
    public const string NameHeader = "X-Profiles-Project";

    /// <summary>The project, its profiles in the snapshot and the queries that are left; nothing for the server's own.</summary>
    public Reply State() => Reply.Json(200, writer =>
    {
        if (snapshot is null)
            return;
        var (condition, count, total, readAt, warning) = snapshot.State;
        writer.WriteString("name", snapshot.Project.Name);
        writer.WriteString("host", snapshot.Project.Endpoint.Authority);
        writer.WriteNumber("queriesLeft", snapshot.Project.Allowance.Left);
        writer.WriteBoolean("hasMore", snapshot.HasMore);
        writer.WriteNumber("count", count);
        if (condition is not null)
            writer.WriteString("condition", condition);
        if (total is { } number)
            writer.WriteNumber("total", number);
        if (readAt is { } time)
            writer.WriteString("readAt", time);
        if (warning is not null)
            writer.WriteString("warning", warning);
    });

    /// <summary>
    /// Sends one query: for the profile <c>id</c>, for the first page of the profiles that match <c>where</c>, or else for the next page.
    /// </summary>
    public async Task<Reply> ReadAsync(EngageRequest request, CancellationToken cancellation)
    {
        if (snapshot is null)
            throw new BadRequestException("the profiles are those of this server");
        using var document = JsonBody.Parse(request);
        var body = document.RootElement;
        await (JsonBody.Text(body, "id") is { } id ? snapshot.ReadProfileAsync(id, cancellation)
            : JsonBody.Text(body, "where") is { } where ? snapshot.ReadFirstAsync(where.Trim() is "" ? null : where, cancellation)
            : snapshot.ReadNextAsync(cancellation)).ConfigureAwait(false);
        return State();
    }

    /// <summary>Makes sure that somebody who changes profiles of a project knows which one it is.</summary>
    /// <exception cref="BadRequestException">The name is missing or wrong.</exception>
    public void CheckName(EngageRequest request)
    {
        if (snapshot is not null && Uri.UnescapeDataString(request.Header(NameHeader) ?? "") != snapshot.Project.Name)
            throw new BadRequestException($"This changes the project {snapshot.Project.Name}. Type its name to go on.");
    }

    public void Dispose() => snapshot?.Dispose();
}
