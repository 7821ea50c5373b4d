using System.Text.Json.Serialization;

namespace NativeLambda.Samples.DapperCustomers;

/// <summary>The body of a PUT.</summary>
internal sealed record CustomerBody([property: JsonRequired] string Name, [property: JsonRequired] decimal Credit);
