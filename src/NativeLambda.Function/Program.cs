using NativeLambda.Database;
using NativeLambda.Function;
using NativeLambda.Function.Products;
using NativeLambda.Runtime;

return await InitPhase.RunAsync(async init =>
{
    DatabaseSettings settings = DatabaseSettings.FromEnvironment();
    await using LiveConnection connection = await LiveConnection.OpenAsync(settings, init);
    return await InvocationLoop.RunAsync(init, connection, ProductsApi.CreateRouter().HandleAsync, PrimingEvent.Get("/products?limit=1"));
}, RuntimeClient.Create);
