using System.Buffers;
using NativeLambda.Function.Products;
using NativeLambda.Http;
using NativeLambda.Peers;
using NativeLambda.Runtime;

using RuntimeApiClient runtime = RuntimeApiClient.FromEnvironment();
IConnectionHabit habit;
try
{
    habit = await ConnectionHabits.StartAsync(Environment.GetEnvironmentVariable("PEER_CONNECTION"));
}
catch (Exception exception)
{
    await runtime.PostInitErrorAsync(new FunctionError("Runtime." + exception.GetType().Name, exception.Message), CancellationToken.None);
    return 1;
}

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
