using System.Text;

namespace NativeLambda.Tests.Runtime;

/// <summary>What the fake Runtime API does with a request instead of its proper answer.</summary>
/// <param name="Pieces">What is sent, a send each.</param>
/// <param name="End">What happens to the connection afterwards.</param>
public sealed record FakeAnswer(IReadOnlyList<byte[]> Pieces, FakeEnd End)
{
    /// <summary>What has to happen before.</summary>
    public Task Before { get; init; } = Task.CompletedTask;

    /// <summary>Closes the connection without a byte.</summary>
    public static FakeAnswer Close { get; } = new([], FakeEnd.Close);

    /// <summary>Resets the connection (RST) without a byte.</summary>
    public static FakeAnswer Reset { get; } = new([], FakeEnd.Reset);

    /// <summary>Says nothing and leaves the connection open.</summary>
    public static FakeAnswer Silence { get; } = new([], FakeEnd.KeepOpen);

    /// <summary>Does what it would have done, but its answer is lost: the connection is closed without a byte.</summary>
    public static FakeAnswer LoseProperAnswer { get; } = new([], FakeEnd.CloseAfterProperWork);

    /// <summary>The proper answer, but late.</summary>
    public static FakeAnswer ProperAnswerAfter(Task before) => new([], FakeEnd.ProperAnswer) { Before = before };

    /// <summary>A refusal with the body that AWS sends.</summary>
    public static FakeAnswer Status(int status, string errorType = "Some.Error", string errorMessage = "some message") =>
        StatusWithBody(status, $$"""{"errorMessage":"{{errorMessage}}","errorType":"{{errorType}}"}""");

    public static FakeAnswer StatusWithBody(int status, string body) =>
        Raw($"HTTP/1.1 {status} Some reason\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>These bytes (Latin-1), and the connection stays open.</summary>
    public static FakeAnswer Raw(string bytes) => new([Encoding.Latin1.GetBytes(bytes)], FakeEnd.KeepOpen);

    /// <summary>These bytes (Latin-1), and then the end of the connection.</summary>
    public static FakeAnswer RawThenClose(string bytes) => new([Encoding.Latin1.GetBytes(bytes)], FakeEnd.Close);

    /// <summary>These bytes (Latin-1), and then a reset of the connection (RST).</summary>
    public static FakeAnswer RawThenReset(string bytes) => new([Encoding.Latin1.GetBytes(bytes)], FakeEnd.Reset);

    /// <summary>These bytes (Latin-1), one a send.</summary>
    public static FakeAnswer ByteByByte(string bytes) =>
        new([.. Encoding.Latin1.GetBytes(bytes).Select(b => new[] { b })], FakeEnd.KeepOpen);
}
