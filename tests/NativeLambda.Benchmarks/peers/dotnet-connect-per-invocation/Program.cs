using NativeLambda.Peers;
using NativeLambda.Runtime;
using Npgsql;

using RuntimeApiClient runtime = RuntimeApiClient.FromEnvironment();
await using NpgsqlDataSource source = Database.CreateSource();
return await PeerLoop.RunAsync(runtime, new ConnectPerInvocation(source, attempts: 1));
