using System.Net;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>.NET's own HTTP client: for streams, for HTTP/2, and through proxies.</summary>
internal sealed class HttpMessageTransport(LambdaEndpoint endpoint, LambdaClientOptions options) : IInvokeTransport
{
    private readonly HttpMessageInvoker _http = Transport.Create(options, endpoint);
    private readonly Version _version = options.Protocol == LambdaProtocol.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
    // Without TLS nothing can be settled: HTTP/2 is spoken because it was asked for.
    private readonly HttpVersionPolicy _policy = options.Protocol == LambdaProtocol.Http2 && endpoint.Address.Scheme == "https"
        ? HttpVersionPolicy.RequestVersionOrLower
        : HttpVersionPolicy.RequestVersionExact;

    public async Task<InvokeAnswer> SendAsync(InvokeRequest request, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await OpenAsync(request, cancellation);
        return await ReadAsync(response, response.IsSuccessStatusCode, cancellation);
    }

    /// <summary>Sends a request and reads the head of its answer.</summary>
    public async Task<HttpResponseMessage> OpenAsync(InvokeRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(MessageOf(request), cancellation);
        }
        catch (Exception exception) when (IsFailure(exception, cancellation))
        {
            throw Transport.Failure(endpoint, exception);
        }
    }

    /// <summary>Reads the rest of an answer: the whole body, or as much as is of use.</summary>
    public async Task<InvokeAnswer> ReadAsync(HttpResponseMessage response, bool whole, CancellationToken cancellation)
    {
        try
        {
            byte[]? body = whole
                ? await BodyReader.ReadAsync(response.Content, options.MaxResultBytes, cancellation)
                : await BodyReader.ReadStartAsync(response.Content, ErrorAnswer.MaxBody, cancellation);
            return new InvokeAnswer
            {
                Status = (int)response.StatusCode,
                RequestId = Header(response, "x-amzn-RequestId"),
                FunctionError = Header(response, "X-Amz-Function-Error"),
                ErrorType = Header(response, "x-amzn-ErrorType"),
                RetryAfter = Header(response, "Retry-After"),
                Body = body ?? throw new LambdaResultTooLargeException($"it has more than {options.MaxResultBytes} bytes (lambda.maxResult)"),
            };
        }
        catch (Exception exception) when (IsFailure(exception, cancellation))
        {
            throw new LambdaUnreachableException($"{endpoint.Host} broke the connection off in the middle of an answer.", exception);
        }
    }

    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out System.Net.Http.Headers.HeaderStringValues values) ? values.ToString() : null;

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage MessageOf(InvokeRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, request.Target.Address)
        {
            Content = new ReadOnlyMemoryContent(request.Payload),
            Version = _version,
            VersionPolicy = _policy,
        };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", RequestSigner.ContentType);
        Add(message, "X-Amz-Date", request.Timestamp);
        Add(message, "X-Amz-Invocation-Type", request.Target.Operation.InvocationType);
        Add(message, "X-Amz-Security-Token", request.SessionToken);
        Add(message, "X-Amzn-Trace-Id", request.TraceHeader);
        Add(message, "Authorization", request.Authorization);
        return message;
    }

    private static void Add(HttpRequestMessage message, string name, string? value)
    {
        if (value is not null) message.Headers.TryAddWithoutValidation(name, value);
    }

    private static bool IsFailure(Exception exception, CancellationToken cancellation) => exception
        is HttpRequestException or IOException or ProtocolViolationException
        || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);
}
