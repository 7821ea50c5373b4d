using System.Buffers;

namespace NativeLambda.Runtime;

/// <summary>
/// The event as memory that leads to a buffer instead of being one: whoever still holds an invocation when the next one is asked
/// for, be it the state of the asynchronous method that has just processed it, does not keep a large array alive through it.
/// </summary>
internal sealed class EventMemory(ByteBuffer buffer) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => buffer.Segment;

    public override MemoryHandle Pin(int elementIndex = 0) => buffer.Segment.AsMemory(elementIndex).Pin();

    /// <summary>Nothing to do: the handle that <see cref="Pin"/> returns is the array's own.</summary>
    public override void Unpin()
    {
    }

    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        segment = buffer.Segment;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
    }
}
