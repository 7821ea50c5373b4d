using System.Buffers;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Http;

/// <summary>HTTP events: GET, HEAD and OPTIONS may run twice, and a failure is an HTTP answer.</summary>
internal sealed class HttpEventAdapter(HttpHandler handler) : IEventAdapter
{
    /// <summary>What a client that was turned away waits for before it tries again, in seconds.</summary>
    private const string RetryAfterSeconds = "1";

    private HttpRequest _request = new();
    private int _status;

    public bool IsIdempotent => HttpMethods.IsIdempotentByDefault(_request.Method);

    public string? Complaint => _status >= 400 ? $"the status {_status}" : null;

    public void Read(ReadOnlyMemory<byte> payload) => _request = HttpEvents.Parse(payload);

    public async ValueTask HandleAsync(
        NpgsqlConnection connection, InvocationContext context, IBufferWriter<byte> response, CancellationToken cancellationToken)
    {
        HttpResponse answer = await handler(_request, connection, context, cancellationToken);
        _status = answer.StatusCode;
        HttpEvents.Write(_request.Method == HttpMethods.Head ? answer.WithoutBody() : answer, response);
    }

    public bool TryAnswer(InvocationFailure failure, IBufferWriter<byte> response)
    {
        int status = failure == InvocationFailure.DeadlineExceeded ? 504 : 503;
        HttpResponse answer = HttpResponse.Problem(ProblemDetails.ForStatus(status, failure.Describe().ErrorMessage));
        HttpEvents.Write(status == 503 ? answer.WithHeader("retry-after", RetryAfterSeconds) : answer, response);
        return true;
    }
}
