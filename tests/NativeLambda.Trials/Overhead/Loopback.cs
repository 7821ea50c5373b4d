using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Trials.Overhead;

/// <summary>What everything is compared with: the emulator's own HTTP server, which echoes at once, without a function behind it.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private const int Limit = 6 * 1024 * 1024;

    private readonly HttpService _service;
    private readonly HttpEndpoint _endpoint;
    private readonly EchoClient _client = new();
    private readonly EchoClient _other = new();

    private Loopback(HttpService service)
    {
        _service = service;
        _endpoint = service.Listen(0, EchoAsync);
    }

    /// <summary>Starts the server.</summary>
    public static async Task<Loopback> StartAsync(CancellationToken cancellationToken) =>
        new(await HttpService.StartAsync(static exception => Console.Error.WriteLine(exception), cancellationToken));

    /// <summary>The round trip, and the same once more over another connection: what differs between these two is noise.</summary>
    public IEnumerable<Course> Courses() =>
    [
        new Course { Name = CourseNames.Loopback, RunAsync = cancellationToken => _client.PostAsync(_endpoint.Uri, cancellationToken) },
        new Course
        {
            Name = CourseNames.Again(CourseNames.Loopback),
            Reference = CourseNames.Loopback,
            RunAsync = cancellationToken => _other.PostAsync(_endpoint.Uri, cancellationToken),
        },
    ];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _other.Dispose();
        _endpoint.Dispose();
        await _service.DisposeAsync();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        byte[]? body = await HttpBody.ReadAsync(context.Request, Limit);
        await HttpBody.WriteAsync(context.Response, StatusCodes.Status200OK, body);
    }
}
