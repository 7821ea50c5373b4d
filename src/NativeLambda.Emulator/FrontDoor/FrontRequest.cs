namespace NativeLambda.Emulator.FrontDoor;

/// <summary>An HTTP request, as far as an event of payload format 2.0 tells of it.</summary>
internal sealed record FrontRequest
{
    public required string Method { get; init; }

    /// <summary>The path as it stood in the request line, still encoded.</summary>
    public required string RawPath { get; init; }

    /// <summary>The query as it stood in the request line, still encoded, without its question mark.</summary>
    public required string RawQuery { get; init; }

    public required string Protocol { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required string SourceIp { get; init; }

    /// <summary>The host that was asked for, with its port.</summary>
    public required string Host { get; init; }

    public required string RequestId { get; init; }

    public required DateTimeOffset Time { get; init; }
}
