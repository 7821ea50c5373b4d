using System.Text;
using NativeLambda.Runtime.Http1;

namespace NativeLambda.Runtime;

/// <summary>Makes an <see cref="Invocation"/> of the answer to <c>next</c>.</summary>
internal static class InvocationReader
{
    /// <summary>The last millisecond of the year 9999: later ones are no date in .NET.</summary>
    private const long LatestDeadlineUnixMs = 253_402_300_799_999;

    /// <exception cref="RuntimeApiException">A header that must be there is missing or bad, or one came twice.</exception>
    public static Invocation Read(Http1ResponseHead head, ReadOnlyMemory<byte> payload) => new()
    {
        RequestId = Text(head, RuntimeApiHeaders.RequestId) is { Length: > 0 } id ? id : throw Missing(RuntimeApiHeaders.RequestId),
        DeadlineUnixMs = Deadline(head),
        InvokedFunctionArn = Text(head, RuntimeApiHeaders.InvokedFunctionArn) ?? "",
        TraceId = Text(head, RuntimeApiHeaders.TraceId),
        ClientContext = Text(head, RuntimeApiHeaders.ClientContext),
        CognitoIdentity = Text(head, RuntimeApiHeaders.CognitoIdentity),
        TenantId = Text(head, RuntimeApiHeaders.TenantId),
        Payload = payload,
    };

    private static long Deadline(Http1ResponseHead head)
    {
        int index = Single(head, RuntimeApiHeaders.DeadlineMs);
        if (index < 0)
            throw Missing(RuntimeApiHeaders.DeadlineMs);
        long value = 0;
        foreach (byte digit in head.Value(index))
        {
            value = digit is >= (byte)'0' and <= (byte)'9' ? (value * 10) + (digit - '0') : long.MaxValue;
            if (value > LatestDeadlineUnixMs)
                throw new RuntimeApiException($"The invocation's {Name(RuntimeApiHeaders.DeadlineMs)} is '{Text(head, RuntimeApiHeaders.DeadlineMs)}', which is not a time in Unix milliseconds.");
        }

        return head.Value(index).IsEmpty ? throw Missing(RuntimeApiHeaders.DeadlineMs) : value;
    }

    /// <summary>As UTF-8, which ASCII is a part of: the two JSON headers may hold what a mobile application put there.</summary>
    private static string? Text(Http1ResponseHead head, ReadOnlySpan<byte> name)
    {
        int index = Single(head, name);
        return index < 0 ? null : Encoding.UTF8.GetString(head.Value(index));
    }

    private static int Single(Http1ResponseHead head, ReadOnlySpan<byte> name)
    {
        int index = head.Find(name);
        if (index >= 0 && head.Find(name, index + 1) >= 0)
            throw new RuntimeApiException($"The Runtime API sent an invocation with more than one {Name(name)}.");
        return index;
    }

    private static RuntimeApiException Missing(ReadOnlySpan<byte> name) =>
        new($"The Runtime API sent an invocation without {Name(name)}.");

    private static string Name(ReadOnlySpan<byte> name) => Encoding.ASCII.GetString(name);
}
