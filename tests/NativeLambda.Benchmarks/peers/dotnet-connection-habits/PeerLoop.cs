using System.Buffers;
using NativeLambda.Function.Products;
using NativeLambda.Http;
using NativeLambda.Runtime;

namespace NativeLambda.Peers;

/// <summary>The function's routes on a connection that is had by habit.</summary>
internal static class PeerLoop
{
    /// <summary>Answers invocations for ever.</summary>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached any more.</exception>
    public static async Task<int> RunAsync(RuntimeApiClient runtime, IConnectionHabit habit)
    {
        HttpRouter router = ProductsApi.CreateRouter();
        var answer = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            Invocation invocation = await runtime.NextAsync(CancellationToken.None);
            try
            {
                var context = new InvocationContext(invocation, Nothing.Known, TimeProvider.System);
                using var cancellation = new CancellationTokenSource(context.RemainingTime * 0.97);
                HttpRequest request = EventJson.Read(invocation.Payload);
                HttpResponse response = await habit.UseAsync(
                    connection => router.HandleAsync(request, connection, context, cancellation.Token), cancellation.Token);
                answer.ResetWrittenCount();
                EventJson.Write(response, answer);
                await runtime.PostResponseAsync(invocation.RequestId, answer.WrittenMemory, CancellationToken.None);
            }
            catch (Exception exception) when (exception is not RuntimeApiException)
            {
                // As Amazon's runtime client does with what a handler throws.
                await runtime.PostInvocationErrorAsync(invocation.RequestId, new FunctionError(exception.GetType().Name, exception.Message), CancellationToken.None);
            }
        }
    }
}
