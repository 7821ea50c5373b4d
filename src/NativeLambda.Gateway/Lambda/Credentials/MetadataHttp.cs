using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>Asks addresses on this machine or its link for keys: never through a proxy, and nowhere else than where it was sent.</summary>
internal sealed class MetadataHttp : IDisposable
{
    private const int MaxBody = 64 * 1024;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Asks once.</summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="OperationCanceledException">There is none in time, or nobody wants it any more.</exception>
    public async Task<(HttpStatusCode Status, string Body)> AskAsync(
        HttpMethod method, Uri address, string? header, string? value, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        using var request = new HttpRequestMessage(method, address);
        if (header is not null) request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
        Stream stream = await response.Content.ReadAsStreamAsync(limit.Token);
        byte[] body = new byte[MaxBody];
        int length = await stream.ReadAtLeastAsync(body, MaxBody, throwOnEndOfStream: false, limit.Token);
        return (response.StatusCode, Encoding.UTF8.GetString(body, 0, length));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The keys in a document, as containers and instances give them.</summary>
    /// <exception cref="CredentialException">There are none; nothing of the document is told.</exception>
    public static (AwsKeys Keys, DateTimeOffset? End) ReadKeys(string document, string source)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(document);
            JsonElement root = json.RootElement;
            if (Text("Code") is { } code && code != "Success") throw new CredentialException($"{source} answered {code} instead of keys.");
            if (Text("AccessKeyId") is not { Length: > 0 } id || Text("SecretAccessKey") is not { Length: > 0 } secret)
                throw new CredentialException($"{source} answered without AccessKeyId and SecretAccessKey.");
            DateTimeOffset? end = Text("Expiration") is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
            return (new AwsKeys(id, secret, Text("Token")), end);

            string? Text(string name) => root.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new CredentialException($"{source} answered with something else than keys.");
        }
    }

    /// <summary>What went wrong, in a word.</summary>
    public static string Why(Exception exception) => exception switch
    {
        OperationCanceledException => "no answer in time",
        { InnerException: System.Net.Sockets.SocketException socket } => socket.SocketErrorCode.ToString(),
        HttpRequestException http => http.HttpRequestError.ToString(),
        _ => exception.GetType().Name,
    };
}
