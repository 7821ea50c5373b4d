using System.Text.Json.Serialization;

namespace NativeLambda.Samples.DapperCustomers;

/// <summary>How bodies are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(CustomerBody))]
[JsonSerializable(typeof(IReadOnlyList<Customer>))]
internal sealed partial class CustomersJson : JsonSerializerContext;
