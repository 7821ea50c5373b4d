using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Dashboard.Backends;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Dashboard.Http;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Dashboard;

/// <summary>The dashboard: a page, its live feed, and controls. Its requests come over an endpoint of its own.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly FleetFeed _feed;
    private readonly EventStream _events;
    private readonly ControlApi _controls;
    private readonly DatabaseWatch? _watch;
    private readonly DatabaseControls? _databaseControls;

    /// <param name="state">What the emulator feeds.</param>
    /// <param name="target">The emulator.</param>
    /// <param name="database">The database to watch, if any.</param>
    public DashboardServer(FeedState state, IDashboardTarget target, DashboardDatabase? database)
    {
        state.Target = target;
        if (database is not null)
        {
            _watch = new DatabaseWatch(database, state.Fleet, state.Time);
            _databaseControls = new DatabaseControls(database, _watch, state.Fleet);
            state.Database = () => _watch.Facts;
            state.Network = () => _databaseControls.Network;
        }
        _feed = new FleetFeed(state);
        _events = new EventStream(_feed, state.Time);
        _controls = new ControlApi(target, _databaseControls, new BurstRunner(target, state.Time));
    }

    public async Task HandleAsync(HttpContext context)
    {
        SecurityHeaders.Add(context.Response.Headers);
        if (RequestGuard.Check(context.Request) is { } refusal)
        {
            await JsonAnswer.RefuseAsync(context, refusal);
            return;
        }
        string path = context.Request.Path.Value ?? "/";
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            string[] segments = path["/api/".Length..].Split('/');
            if (segments is ["events"] or ["state"] ? !await TryReadAsync(context, segments[0]) : !await _controls.TryHandleAsync(context, segments))
                await JsonAnswer.RefuseAsync(context, new Refusal(404, "NotFound", "there is no such control"));
            return;
        }
        if (EmbeddedFiles.Find(path) is not { } file)
        {
            await JsonAnswer.RefuseAsync(context, new Refusal(404, "NotFound", "there is no such page"));
            return;
        }
        if (await IsGetAsync(context)) await HttpBody.WriteAsync(context.Response, 200, file.Content, file.ContentType);
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        if (_watch is not null) await _watch.DisposeAsync();
        _databaseControls?.Dispose();
    }

    private async Task<bool> TryReadAsync(HttpContext context, string what)
    {
        if (!await IsGetAsync(context)) return true;
        if (what == "state") await HttpBody.WriteAsync(context.Response, 200, _feed.Snapshot().Json);
        else await _events.HandleAsync(context);
        return true;
    }

    private static async Task<bool> IsGetAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return true;
        context.Response.Headers.Allow = "GET, HEAD";
        await JsonAnswer.RefuseAsync(context, new Refusal(405, "MethodNotAllowed", "this is only to be read"));
        return false;
    }
}
