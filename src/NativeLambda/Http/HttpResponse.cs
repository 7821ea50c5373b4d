namespace NativeLambda.Http;

/// <summary>An HTTP response, written as an API Gateway HTTP API result (payload format 2.0).</summary>
public sealed record HttpResponse
{
}
