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

return await PeerLoop.RunAsync(runtime, habit);
