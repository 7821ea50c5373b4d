using System.Net.Http.Headers;
using System.Text;

namespace NativeLambda.Demo.Staging;

/// <summary>A caller of the function's URL.</summary>
internal sealed class FunctionClient(Uri url, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };

    public Task<Answer> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, body: null, cancellation);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        long start = time.GetTimestamp();
        using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
        string text = await response.Content.ReadAsStringAsync(cancellation);
        return new Answer(method.Method, path, (int)response.StatusCode, text, time.GetElapsedTime(start));
    }

    public void Dispose() => _http.Dispose();
}
