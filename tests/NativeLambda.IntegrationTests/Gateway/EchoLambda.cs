using System.Text.Json;
using NativeLambda.Gateway.Lambda;

namespace NativeLambda.IntegrationTests.Gateway;

/// <summary>Functions that answer with what they were asked, and one that answers with markup.</summary>
internal sealed class EchoLambda : ILambdaClient
{
    public const string Hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";

    public Task<LambdaResult> InvokeAsync(LambdaCall call, CancellationToken cancellation)
    {
        JsonElement @event = JsonDocument.Parse(call.Payload).RootElement;
        object result = call.Function == "markup"
            ? new { statusCode = 200, headers = new Dictionary<string, string> { ["content-type"] = "text/plain", ["x-markup"] = Hostile }, body = Hostile }
            : new
            {
                statusCode = 200,
                headers = new Dictionary<string, string> { ["content-type"] = "application/json" },
                body = JsonSerializer.Serialize(new
                {
                    route = @event.GetProperty("routeKey").GetString(),
                    parameters = @event.TryGetProperty("pathParameters", out JsonElement parameters) ? parameters : default(JsonElement?),
                    query = @event.GetProperty("rawQueryString").GetString(),
                    body = @event.TryGetProperty("body", out JsonElement body) ? body.GetString() : null,
                }),
            };
        return Task.FromResult(new LambdaResult("8476a536-e9f4-11e8-9739-2dfe598c3fcd", JsonSerializer.SerializeToUtf8Bytes(result)));
    }

    public Task<string> EnqueueAsync(LambdaCall call, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<LambdaResponseStream> InvokeStreamingAsync(LambdaCall call, CancellationToken cancellation) => throw new NotSupportedException();
}
