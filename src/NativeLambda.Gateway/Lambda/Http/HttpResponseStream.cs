using System.IO.Pipelines;
using NativeLambda.Gateway.Lambda.EventStream;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>A response stream over HTTP.</summary>
internal sealed class HttpResponseStream : LambdaResponseStream
{
    private readonly HttpResponseMessage _response;

    private HttpResponseStream(HttpResponseMessage response, Stream stream, string requestId, string? contentType)
    {
        _response = response;
        RequestId = requestId;
        ContentType = contentType;
        Body = PipeReader.Create(new EventStreamBody(stream));
    }

    public override string RequestId { get; }

    public override string? ContentType { get; }

    public override PipeReader Body { get; }

    public static async ValueTask<LambdaResponseStream> OpenAsync(HttpResponseMessage response, string requestId, string? contentType, CancellationToken cancellation) =>
        new HttpResponseStream(response, await response.Content.ReadAsStreamAsync(cancellation), requestId, contentType);

    public override async ValueTask DisposeAsync()
    {
        await Body.CompleteAsync();
        _response.Dispose();
    }
}
