using NativeLambda.Database;
using NativeLambda.Runtime;
using NativeLambda.Samples.ScheduledCleanup;

return await InitPhase.RunAsync(async init =>
{
    DatabaseSettings settings = DatabaseSettings.FromEnvironment();
    await using LiveConnection connection = await LiveConnection.OpenAsync(settings, init);
    return await InvocationLoop.RunAsync(
        init, connection, new SessionCleanup(init.Log).HandleAsync, EventJson.Default.ScheduledEvent, EventJson.Default.CleanupResult);
});
