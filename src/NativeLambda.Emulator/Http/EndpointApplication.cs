using Microsoft.AspNetCore.Http;

namespace NativeLambda.Emulator.Http;

/// <summary>What answers the requests of one endpoint.</summary>
internal sealed class EndpointApplication(RequestDelegate handle)
{
    public Task HandleAsync(HttpContext context) => handle(context);
}
