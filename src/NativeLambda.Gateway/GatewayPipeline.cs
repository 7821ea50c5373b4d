using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Invocation;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Operation.FirstPage;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway;

/// <summary>What a request passes through, in its order.</summary>
internal static class GatewayPipeline
{
    public static void Build(IApplicationBuilder app, GatewayState state, ILambdaClient lambda, GatewayOperation operation, TimeProvider time, ILogger logger)
    {
        TrustedProxies.Use(app, state.Current.Configuration.TrustedProxies);
        app.Use(next => new RequestObserver(next, operation.Observer).InvokeAsync);
        app.Use(next => new InFlightStep(next, operation.InFlight).InvokeAsync);
        app.Use(next => new RequestArrival(next, state).InvokeAsync);
        app.Use(static next => new RouteSelection(next).InvokeAsync);
        app.Use(static next => new CorsStep(next).InvokeAsync); // also for requests without a route
        app.Use(static next => new FirstPageStep(next).InvokeAsync);
        app.Use(static next => new RouteRequired(next).InvokeAsync);
        app.Use(static next => new GateStep(next).InvokeAsync);
        app.Run(new InvocationStep(lambda, time, logger).InvokeAsync);
    }
}
