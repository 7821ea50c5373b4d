namespace NativeLambda.Http;

/// <summary>An HTTP request, from an API Gateway HTTP API event (payload format 2.0) or a function URL.</summary>
public sealed record HttpRequest
{
}
