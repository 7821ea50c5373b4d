using NativeLambda.Database;
using NativeLambda.Runtime;
using NativeLambda.Samples.DapperCustomers;

return await InitPhase.RunAsync(async init =>
{
    DatabaseSettings settings = DatabaseSettings.FromEnvironment();
    await using LiveConnection connection = await LiveConnection.OpenAsync(settings, init);
    return await InvocationLoop.RunAsync(init, connection, CustomersApi.CreateRouter().HandleAsync, PrimingEvent.Get("/customers/none"));
});
