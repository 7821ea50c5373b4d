using System.Buffers;
using Npgsql;

namespace NativeLambda.Runtime;

/// <summary>What the invocation loop needs to know about a kind of event: how to read it, to handle it, and to answer a failure.</summary>
/// <remarks>One for each loop, which runs one invocation at a time: the event that was read stays in it until the next.</remarks>
internal interface IEventAdapter
{
    /// <summary>Reads the event.</summary>
    /// <exception cref="InvalidEventException">It is not an event of this kind.</exception>
    void Read(ReadOnlyMemory<byte> payload);

    /// <summary>Whether the event that was read may be handled twice, unless the handler says otherwise.</summary>
    bool IsIdempotent { get; }

    /// <summary>Runs the handler and writes what it returns.</summary>
    ValueTask HandleAsync(NpgsqlConnection connection, InvocationContext context, IBufferWriter<byte> response, CancellationToken cancellationToken);

    /// <summary>What is wrong with the answer that the handler gave last, where this kind of event can tell.</summary>
    string? Complaint { get; }

    /// <summary>Writes the answer to a failure, where this kind of event has one; otherwise the failure becomes an invocation error.</summary>
    /// <returns>Whether an answer was written.</returns>
    bool TryAnswer(InvocationFailure failure, IBufferWriter<byte> response);
}
