using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;

namespace NativeLambda.Peers;

/// <summary>What is read and written, without reflection.</summary>
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(ProductPage))]
[JsonSerializable(typeof(Problem))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PeerJson : JsonSerializerContext;
