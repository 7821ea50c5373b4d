using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using NativeLambda.Database;
using NativeLambda.Http;

namespace NativeLambda.Runtime;

/// <summary>The loop of the Invoke phase: ask for an invocation, answer it, take the connection back; between two rounds lies the freeze.</summary>
/// <remarks>
/// On Lambda Managed Instances, where an environment is not frozen and <c>AWS_LAMBDA_MAX_CONCURRENCY</c> invocations run in it at once,
/// that many loops run side by side, each with a connection of its own: handlers must then be safe to run concurrently.
/// </remarks>
[SuppressMessage(
    "ApiDesign", "RS0026:Do not add multiple overloads with optional parameters",
    Justification = "No call fits both: the second takes how to read and write the event.")]
public static class InvocationLoop
{
    /// <summary>Serves HTTP events until the environment ends.</summary>
    /// <param name="init">The Init phase, which ends here.</param>
    /// <param name="connection">The connection that handlers are lent.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="priming">A read that the handler is run with in Init where nobody waits for its end.</param>
    /// <param name="cancellationToken">Ends the loop between two invocations, as SIGTERM does.</param>
    /// <returns>The exit code: 0 after a cancellation or SIGTERM, 1 when the Runtime API says that the environment cannot go on.</returns>
    public static Task<int> RunAsync(
        InitPhase init, LiveConnection connection, HttpHandler handler, PrimingEvent? priming = null, CancellationToken cancellationToken = default) =>
        RunAsync(init, connection, () => new HttpEventAdapter(handler), priming, cancellationToken);

    /// <summary>Serves events of any other kind, read and written as JSON, until the environment ends.</summary>
    /// <typeparam name="TEvent">What the event is read into.</typeparam>
    /// <typeparam name="TResult">What the handler returns.</typeparam>
    /// <param name="init">The Init phase, which ends here.</param>
    /// <param name="connection">The connection that handlers are lent.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="eventType">How to read the event, from a source-generated serializer context.</param>
    /// <param name="resultType">How to write the result, from a source-generated serializer context.</param>
    /// <param name="priming">A read that the handler is run with in Init where nobody waits for its end.</param>
    /// <param name="cancellationToken">Ends the loop between two invocations, as SIGTERM does.</param>
    /// <returns>The exit code: 0 after a cancellation or SIGTERM, 1 when the Runtime API says that the environment cannot go on.</returns>
    public static Task<int> RunAsync<TEvent, TResult>(
        InitPhase init, LiveConnection connection, JsonHandler<TEvent, TResult> handler,
        JsonTypeInfo<TEvent> eventType, JsonTypeInfo<TResult> resultType, PrimingEvent? priming = null, CancellationToken cancellationToken = default) =>
        RunAsync(init, connection, () => new JsonEventAdapter<TEvent, TResult>(handler, eventType, resultType), priming, cancellationToken);

    private static async Task<int> RunAsync(
        InitPhase init, LiveConnection connection, Func<IEventAdapter> createAdapter, PrimingEvent? priming, CancellationToken cancellationToken)
    {
        await using LaneSet lanes = await LaneSet.OpenAsync(init, connection, createAdapter);
        init.BeginExtension(); // it registers while the handler is primed
        if (priming is not null && init.Primes)
            await lanes.PrimeAsync(priming);
        if (init.Extension is { } extension)
            await extension.RegisteredAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, init.Shutdown.Signals.Begun);
        return await lanes.RunAsync(init.End(), stop.Token);
    }
}
