using NativeLambda.Payloads.Results;

namespace NativeLambda.Payloads;

/// <summary>Reads a function's result as the HTTP response that it stands for.</summary>
public static class ProxyResult
{
    /// <summary>Reads a result.</summary>
    /// <param name="payload">The result. The response's body may share its memory.</param>
    /// <param name="format">The format that the function was invoked with.</param>
    /// <returns>The response; null for a result that cannot be one, which the front answers with its 502.</returns>
    public static ProxyResponse? Read(ReadOnlyMemory<byte> payload, PayloadFormat format) => Read(payload, format, out _);

    /// <summary>Reads a result.</summary>
    /// <param name="payload">The result. The response's body may share its memory.</param>
    /// <param name="format">The format that the function was invoked with.</param>
    /// <param name="problem">
    /// Why it cannot be a response, for the front's log: it names members and kinds of values, and repeats nothing of the result. Null when it
    /// can.
    /// </param>
    /// <returns>The response; null for a result that cannot be one, which the front answers with its 502.</returns>
    public static ProxyResponse? Read(ReadOnlyMemory<byte> payload, PayloadFormat format, out string? problem)
    {
        if (!Enum.IsDefined(format)) throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such payload format.");
        return ResultReader.Read(payload, format, out problem);
    }
}
