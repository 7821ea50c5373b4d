using NativeLambda.Gateway.Lambda.Credentials;
using NativeLambda.Gateway.Lambda.EventStream;
using NativeLambda.Gateway.Lambda.Http1;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>Lambda's Invoke API over HTTP: each call is one request, or two when the first one's keys were refused.</summary>
internal sealed class LambdaHttpClient : ILambdaClient, IDisposable
{
    private readonly LambdaEndpoint _endpoint;
    private readonly ICredentialSource _credentials;
    private readonly TimeProvider _time;
    private readonly RequestSigner _signer;
    private readonly HttpMessageTransport _messages;
    private readonly IInvokeTransport _transport;
    private readonly FunctionTargets _invoke;
    private readonly FunctionTargets _enqueue;
    private readonly FunctionTargets _stream;

    public LambdaHttpClient(LambdaEndpoint endpoint, ICredentialSource credentials, LambdaClientOptions options, TimeProvider time)
    {
        (_endpoint, _credentials, _time) = (endpoint, credentials, time);
        _signer = new RequestSigner(endpoint, time);
        _messages = new HttpMessageTransport(endpoint, options);
        bool general = options.GeneralClient || options.Protocol != LambdaProtocol.Http1 || Transport.UsesProxy(endpoint);
        _transport = general ? _messages : new Http1Transport(endpoint, options, time);
        _invoke = new FunctionTargets(endpoint, InvokeOperation.Invoke);
        _enqueue = new FunctionTargets(endpoint, InvokeOperation.Enqueue);
        _stream = new FunctionTargets(endpoint, InvokeOperation.Stream);
    }

    public Task<LambdaResult> InvokeAsync(LambdaCall call, CancellationToken cancellation) => SendAsync(
        call, _invoke.Find(call.Function, call.Qualifier), static answer => new LambdaResult(answer.RequestId ?? "", answer.Body, answer.FunctionError), cancellation);

    public Task<string> EnqueueAsync(LambdaCall call, CancellationToken cancellation) =>
        SendAsync(call, _enqueue.Find(call.Function, call.Qualifier), static answer => answer.RequestId ?? "", cancellation);

    public async Task<LambdaResponseStream> InvokeStreamingAsync(LambdaCall call, CancellationToken cancellation)
    {
        FunctionTarget target = _stream.Find(call.Function, call.Qualifier);
        AwsKeys keys = await _credentials.GetAsync(cancellation);
        for (bool again = false; ; again = true)
        {
            HttpResponseMessage response = await _messages.OpenAsync(_signer.Sign(call, target, keys), cancellation);
            if ((int)response.StatusCode == target.Operation.Success) return await OpenAsync(response, cancellation);
            using (response)
            {
                InvokeAnswer answer = await _messages.ReadAsync(response, whole: false, cancellation);
                keys = await RetryKeysAsync(call, answer, keys, again, cancellation);
            }
        }
    }

    public void Dispose()
    {
        _transport.Dispose();
        _messages.Dispose();
    }

    private async Task<T> SendAsync<T>(LambdaCall call, FunctionTarget target, Func<InvokeAnswer, T> read, CancellationToken cancellation)
    {
        AwsKeys keys = await _credentials.GetAsync(cancellation);
        for (bool again = false; ; again = true)
        {
            InvokeAnswer answer = await _transport.SendAsync(_signer.Sign(call, target, keys), cancellation);
            if (answer.Status == target.Operation.Success) return read(answer);
            keys = await RetryKeysAsync(call, answer, keys, again, cancellation);
        }
    }

    /// <summary>The keys to send the request with once more; throws what the answer says when there is no sense in that.</summary>
    private async ValueTask<AwsKeys> RetryKeysAsync(LambdaCall call, InvokeAnswer answer, AwsKeys keys, bool again, CancellationToken cancellation)
    {
        Exception error = ErrorAnswer.Read(answer, keys, _time.GetUtcNow());
        if (again || error is not LambdaRefusedException refused || !ErrorAnswer.IsOfKeys(refused.ErrorType)) throw error;
        AwsKeys fresh = await _credentials.RefreshAsync(keys, cancellation);
        if (fresh.Same(keys)) throw error;
        call.Observer?.Retried();
        return fresh;
    }

    private async Task<LambdaResponseStream> OpenAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        string requestId = HttpMessageTransport.Header(response, "x-amzn-RequestId") ?? "";
        if (response.Content.Headers.ContentType?.MediaType == EventStreamBody.MediaType)
            return await HttpResponseStream.OpenAsync(response, requestId, HttpMessageTransport.Header(response, "X-Amzn-Remapped-Content-Type"), cancellation);
        response.Dispose();
        throw new LambdaUnreachableException($"{_endpoint.Host} answered a streaming invocation with something else than an event stream. Is the endpoint right?");
    }
}
