using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using NativeLambda.Peers;
using Npgsql;

// Outside the handler, before the loop asks for the first invocation: in the Init phase.
await using NpgsqlDataSource source = Database.CreateSource();
await using NpgsqlConnection connection = await source.OpenConnectionAsync();
var products = new Products(connection);

Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context) => products.HandleAsync(request);

await LambdaBootstrapBuilder
    .Create<APIGatewayHttpApiV2ProxyRequest, APIGatewayHttpApiV2ProxyResponse>(HandleAsync, new SourceGeneratorLambdaJsonSerializer<PeerJson>())
    .Build()
    .RunAsync();
