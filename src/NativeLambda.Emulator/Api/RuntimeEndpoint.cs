using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <inheritdoc cref="IRuntimeEndpoint"/>
internal sealed class RuntimeEndpoint(HttpService http, FunctionSettings function) : IRuntimeEndpoint
{
    private readonly HttpEndpoint _endpoint = http.Listen(0, static context =>
    {
        context.Abort(); // no process runs yet
        return Task.CompletedTask;
    });

    public Uri Uri => _endpoint.Uri;

    public Task ServeAsync(RuntimeSession session) => _endpoint.ReplaceAsync(new EndpointApplication(new RuntimeApi(session, function).HandleAsync));

    public void Dispose() => _endpoint.Dispose();
}
