using Company.Function;
using NativeLambda.Database;
using NativeLambda.Runtime;

return await InitPhase.RunAsync(async init =>
{
    DatabaseSettings settings = DatabaseSettings.FromEnvironment();
    await using LiveConnection connection = await LiveConnection.OpenAsync(settings, init);
    return await InvocationLoop.RunAsync(init, connection, NotesApi.CreateRouter().HandleAsync, PrimingEvent.Get("/notes/none"));
});
