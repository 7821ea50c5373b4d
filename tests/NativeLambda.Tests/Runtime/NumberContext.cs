using System.Text.Json.Serialization;

namespace NativeLambda.Tests.Runtime;

[JsonSerializable(typeof(int))]
internal sealed partial class NumberContext : JsonSerializerContext;
