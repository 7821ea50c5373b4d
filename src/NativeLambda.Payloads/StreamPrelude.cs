using System.Buffers;
using System.IO.Pipelines;
using NativeLambda.Payloads.Results;

namespace NativeLambda.Payloads;

/// <summary>
/// The head of a streamed response whose content type is <see cref="ContentType"/>: a JSON object with the status, headers and cookies, eight
/// NUL bytes, then the body. Source:
/// <see href="https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html">Lambda, writing functions that stream</see>.
/// </summary>
public static class StreamPrelude
{
    /// <summary>The content type of a response that begins with its head.</summary>
    public const string ContentType = "application/vnd.awslambda.http-integration-response";

    /// <summary>The longest head that is read, in bytes: headers and cookies, what an HTTP client would take.</summary>
    public const int MaxLength = 64 * 1024;

    private const int DelimiterLength = 8;

    /// <summary>Whether a response of this content type begins with its head; else it is a 200 whose body begins at once.</summary>
    public static bool IsExpected(string? contentType)
    {
        ReadOnlySpan<char> type = contentType;
        int semicolon = type.IndexOf(';');
        if (semicolon >= 0) type = type[..semicolon];
        return type.Trim(" \t").Equals(ContentType, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads the head with its delimiter; the reader then stands at the first byte of the body.</summary>
    /// <returns>The head, without a body; or null and why there is none.</returns>
    public static async ValueTask<(ProxyResponse? Head, string? Problem)> ReadAsync(PipeReader reader, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (FindBody(read.Buffer) is { } body)
            {
                // The head is copied, because what it tells may point into it, and the pipe takes its memory back.
                byte[] prelude = read.Buffer.Slice(0, body).ToArray();
                reader.AdvanceTo(body);
                if (prelude.Length - DelimiterLength > MaxLength) return (null, TooLong);
                ProxyResponse? head = ResultReader.ReadHead(prelude.AsMemory(..^DelimiterLength), out string? problem);
                return (head, problem);
            }
            if (read.IsCompleted || read.Buffer.Length >= MaxLength + DelimiterLength)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (null, read.IsCompleted ? "the stream ended before the eight NUL bytes that end its head" : TooLong);
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static string TooLong { get; } = $"the stream's head is longer than {MaxLength} bytes";

    /// <summary>Where the body begins. JSON text contains no NUL: the first one begins the delimiter.</summary>
    private static SequencePosition? FindBody(ReadOnlySequence<byte> bytes)
    {
        if (bytes.PositionOf((byte)0) is not { } first) return null;
        ReadOnlySequence<byte> rest = bytes.Slice(first);
        return rest.Length >= DelimiterLength ? rest.GetPosition(DelimiterLength) : null;
    }
}
