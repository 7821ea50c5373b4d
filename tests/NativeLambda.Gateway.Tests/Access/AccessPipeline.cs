using Microsoft.AspNetCore.Http;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Routing;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Access;

/// <summary>A gateway for tests of access.</summary>
internal static class AccessPipeline
{
    public static Task<PipelineHost> StartAsync(AccessOptions access, IReadOnlyList<Route> routes, Func<HttpContext, Task>? function = null, AccessServices? services = null) =>
        PipelineHost.StartAsync(new GatewayConfiguration { Access = access, Routes = routes, Operation = PipelineHost.Quiet }, function, services);
}
