using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Serialization;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using NativeLambda.Runtime;
using NativeLambda.Settings;
using AmazonClient = Amazon.Lambda.RuntimeSupport.RuntimeApiClient;

namespace NativeLambda.Function;

/// <summary>
/// The Runtime API through Amazon.Lambda.RuntimeSupport. All that is compiled with <c>-p:LambdaRuntime=Amazon</c> only is in this file.
/// </summary>
/// <remarks>
/// Of that package it is the client that is used, not the loop: <c>LambdaBootstrap</c> asks for the next invocation as soon as an answer is
/// posted, and what takes the connection back before the freeze must come between the two
/// (<see href="https://github.com/aws/aws-lambda-dotnet/blob/master/Libraries/src/Amazon.Lambda.RuntimeSupport/Bootstrap/LambdaBootstrap.cs">InvokeOnceAsync</see>).
/// </remarks>
internal sealed class RuntimeClient : IRuntimeApi, IDisposable
{
    private const string AddressVariable = "AWS_LAMBDA_RUNTIME_API";
    private const string ErrorTypeHeader = "Lambda-Runtime-Function-Error-Type";

    /// <summary>An event buffer beyond this is not kept for the next invocation.</summary>
    private const int KeptPayloadBytes = 1024 * 1024;

    private static readonly SourceGeneratorLambdaJsonSerializer<ErrorJson> Serializer = new();

    private readonly Uri _root;
    private readonly LastHeaders _last = new();
    private readonly HttpClient _http;
    private readonly AmazonClient _client;
    private MemoryStream _event = new();

    private RuntimeClient(string address)
    {
        _root = new Uri($"http://{address}/2018-06-01/runtime/");

        // An invocation is waited for across freezes, for ever.
        _http = new HttpClient(_last) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new AmazonClient(_http);
    }

    /// <summary>Makes a client, one for each lane.</summary>
    /// <exception cref="SettingsException">There is no Runtime API: this is not Lambda.</exception>
    public static IRuntimeApi Create() => Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } address
        ? new RuntimeClient(address)
        : throw new SettingsException(
            AddressVariable,
            $"{AddressVariable} is not set: this program is the bootstrap of a Lambda function and runs inside Lambda, which sets it. To run it on this machine, start it with lambda-emulator.");

    /// <inheritdoc/>
    public async ValueTask<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        if (_event.Capacity > KeptPayloadBytes)
            _event = new MemoryStream();
        _event.SetLength(0);
        return await CallAsync(async () =>
        {
            using InvocationRequest request = await _client.GetNextInvocationAsync(cancellationToken);
            await request.InputStream.CopyToAsync(_event, cancellationToken);
            return new Invocation
            {
                RequestId = request.LambdaContext.AwsRequestId,
                InvokedFunctionArn = request.LambdaContext.InvokedFunctionArn ?? "",
                TraceId = request.LambdaContext.TraceId,
                TenantId = request.LambdaContext.TenantId,
                DeadlineUnixMs = ReadDeadline(_last.Find("Lambda-Runtime-Deadline-Ms")),
                ClientContext = _last.Find("Lambda-Runtime-Client-Context"),
                CognitoIdentity = _last.Find("Lambda-Runtime-Cognito-Identity"),
                Payload = _event.GetBuffer().AsMemory(0, (int)_event.Length),
            };
        });
    }

    /// <inheritdoc/>
    public async ValueTask PostResponseAsync(string requestId, ReadOnlyMemory<byte> response, CancellationToken cancellationToken)
    {
        using MemoryStream body = MemoryMarshal.TryGetArray(response, out ArraySegment<byte> bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(response.ToArray(), writable: false);
        await CallAsync(async () =>
        {
            await _client.SendResponseAsync(requestId, body, cancellationToken);
            return true;
        });
    }

    /// <inheritdoc/>
    public ValueTask PostInvocationErrorAsync(string requestId, FunctionError error, CancellationToken cancellationToken) =>
        PostAsync($"invocation/{Uri.EscapeDataString(requestId)}/error", error, cancellationToken);

    /// <inheritdoc/>
    public ValueTask PostInitErrorAsync(FunctionError error, CancellationToken cancellationToken) => PostAsync("init/error", error, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Reports an error on the same connection, but not by Amazon's client: that calls an error as the class of an exception is called, and
    /// sends the stack trace to the caller.
    /// </summary>
    private async ValueTask PostAsync(string path, FunctionError error, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        Serializer.Serialize(new ErrorReport(error.ErrorMessage, error.ErrorType, []), body);
        body.Position = 0;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_root, path)) { Content = new StreamContent(body) };
        request.Headers.TryAddWithoutValidation(ErrorTypeHeader, error.ErrorType);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await CallAsync(async () =>
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? true : throw new RuntimeApiException(answer.StatusCode, $"The Runtime API answered {path} with {(int)answer.StatusCode}.", null);
        });
    }

    private static async ValueTask<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RuntimeApiClientException refused)
        {
            throw new RuntimeApiException((HttpStatusCode)refused.StatusCode, $"The Runtime API answered with {refused.StatusCode}: {refused.Response}", null);
        }
        catch (HttpRequestException failed)
        {
            throw new RuntimeApiException($"The Runtime API cannot be reached: {failed.Message}", failed);
        }
        catch (IOException failed)
        {
            throw new RuntimeApiException($"The Runtime API broke off: {failed.Message}", failed);
        }
    }

    private static long ReadDeadline(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long deadline)
        ? deadline
        : throw new RuntimeApiException($"The invocation's Lambda-Runtime-Deadline-Ms is '{text}', which is not a time in Unix milliseconds.");

    /// <summary>
    /// Keeps the headers of the last answer: Amazon's context has the deadline only as what is left of it, and the client context only as
    /// objects.
    /// </summary>
    private sealed class LastHeaders() : DelegatingHandler(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    })
    {
        private HttpResponseHeaders? _headers;

        public string? Find(string name) => _headers!.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            _headers = answer.Headers;
            return answer;
        }
    }
}

/// <summary>The body of an error report.</summary>
internal sealed record ErrorReport(
    [property: JsonPropertyName("errorMessage")] string ErrorMessage,
    [property: JsonPropertyName("errorType")] string ErrorType,
    [property: JsonPropertyName("stackTrace")] string[] StackTrace);

/// <summary>What Amazon's serializer writes, without reflection.</summary>
[JsonSerializable(typeof(ErrorReport))]
internal sealed partial class ErrorJson : JsonSerializerContext;
