using System.Net.Http.Headers;

namespace NativeLambda.Trials.Overhead;

/// <summary>Asks for an echo over one kept-alive connection of its own.</summary>
internal sealed class EchoClient : IDisposable
{
    private static readonly byte[] Event = """{"text":"Hello!"}"""u8.ToArray();

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan },
        disposeHandler: true);

    /// <summary>Posts an event and reads the answer, which must be the event.</summary>
    /// <exception cref="InvalidOperationException">It is another one.</exception>
    public async Task PostAsync(Uri address, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Event);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await _http.PostAsync(address, content, cancellationToken);
        byte[] answer = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        if (!answer.AsSpan().SequenceEqual(Event))
            throw new InvalidOperationException($"{address} answers with something else than the event: {System.Text.Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>Gets a page, which must be the event that the function URL makes of the request.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public async Task GetAsync(Uri address, CancellationToken cancellationToken)
    {
        byte[] answer = await _http.GetByteArrayAsync(address, cancellationToken);
        if (answer.AsSpan().IndexOf("\"requestContext\""u8) < 0)
            throw new InvalidOperationException($"{address} answers with something else than its event: {System.Text.Encoding.UTF8.GetString(answer)}");
    }

    public void Dispose() => _http.Dispose();
}
