using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;

namespace NativeLambda.Runtime;

/// <summary>Events of any kind, as JSON. A failure becomes an invocation error, which asynchronous callers retry by their own rules.</summary>
internal sealed class JsonEventAdapter<TEvent, TResult>(
    JsonHandler<TEvent, TResult> handler, JsonTypeInfo<TEvent> eventType, JsonTypeInfo<TResult> resultType) : IEventAdapter
{
    private TEvent _event = default!;

    public bool IsIdempotent => false;

    public string? Complaint => null;

    public void Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            _event = JsonSerializer.Deserialize(payload.Span, eventType)!;
        }
        catch (JsonException malformed)
        {
            throw new InvalidEventException($"The event cannot be read as {typeof(TEvent).Name}: {malformed.Message}", malformed);
        }
    }

    public async ValueTask HandleAsync(
        NpgsqlConnection connection, InvocationContext context, IBufferWriter<byte> response, CancellationToken cancellationToken)
    {
        TResult result = await handler(_event, connection, context, cancellationToken);
        using var json = new Utf8JsonWriter(response);
        JsonSerializer.Serialize(json, result, resultType);
    }

    public bool TryAnswer(InvocationFailure failure, IBufferWriter<byte> response) => false;
}
