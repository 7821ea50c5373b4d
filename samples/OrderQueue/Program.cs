using NativeLambda.Database;
using NativeLambda.Runtime;
using NativeLambda.Samples.OrderQueue;

return await InitPhase.RunAsync(async init =>
{
    DatabaseSettings settings = DatabaseSettings.FromEnvironment();
    await using LiveConnection connection = await LiveConnection.OpenAsync(settings, init);
    return await InvocationLoop.RunAsync(
        init, connection, new OrderBatch(init.Log).HandleAsync, EventJson.Default.SqsEvent, EventJson.Default.SqsBatchResult);
});
