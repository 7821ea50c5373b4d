using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NativeLambda.Database;

/// <summary>
/// Names a session after the X-Ray trace that it works for: <c>application_name</c> becomes the environment's name, cut short, and the
/// trace's id, so that <c>pg_stat_activity</c> and a server's log with <c>%a</c> in its prefix lead to the trace, and back.
/// </summary>
/// <remarks>
/// The header comes with the request, so whoever calls may have written it: what is not exactly the id of a trace never reaches the
/// server. Source: <see href="https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids">X-Ray, trace ids</see>
/// (<c>1-</c>, 8 hexadecimal digits, <c>-</c>, 24). Message: <see href="https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-QUERY">PostgreSQL, Query</see>.
/// </remarks>
internal sealed class TraceLabel
{
    private const int IdLength = 35;

    /// <summary>PostgreSQL cuts names after this many bytes (NAMEDATALEN).</summary>
    private const int MaxLength = 63;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly byte[] _message;
    private readonly int _id;

    /// <param name="applicationName">The name without a trace.</param>
    public TraceLabel(string applicationName)
    {
        const int rest = MaxLength - IdLength - 1;
        string name = Clean(applicationName);
        Plain = Query(name);
        _message = Query($"{(name.Length > rest ? name[..rest] : name)}/{new string('0', IdLength)}");
        _id = _message.Length - "'\0".Length - IdLength;
    }

    /// <summary>The query that takes the trace away.</summary>
    public byte[] Plain { get; }

    /// <summary>The query that names a trace, valid until the next call; <see langword="null"/> where the header names none.</summary>
    /// <param name="header">As in <c>Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1</c>.</param>
    public byte[]? For(string? header)
    {
        if (!TryFindId(header, out ReadOnlySpan<char> id))
            return null;
        Encoding.ASCII.GetBytes(id, _message.AsSpan(_id));
        return _message;
    }

    private static bool TryFindId(ReadOnlySpan<char> header, out ReadOnlySpan<char> id)
    {
        foreach (Range range in header.Split(';'))
        {
            ReadOnlySpan<char> part = header[range].Trim();
            if (!part.StartsWith("Root=", StringComparison.Ordinal))
                continue;
            id = part["Root=".Length..];
            return id.Length == IdLength && id.StartsWith("1-", StringComparison.Ordinal) && id[10] == '-'
                && !id[2..10].ContainsAnyExcept(Hexadecimal) && !id[11..].ContainsAnyExcept(Hexadecimal);
        }

        id = default;
        return false;
    }

    /// <summary>What PostgreSQL would replace in a name, and what would need a quotation.</summary>
    private static string Clean(string name) =>
        string.Create(Math.Min(name.Length, MaxLength), name, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = from[i] is > '~' or < ' ' or '\'' or '\\' ? '_' : from[i];
        });

    private static byte[] Query(string name)
    {
        byte[] text = Encoding.ASCII.GetBytes($"SET application_name = '{name}'\0");
        byte[] message = new byte[1 + sizeof(int) + text.Length];
        message[0] = (byte)'Q';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        text.CopyTo(message, 1 + sizeof(int));
        return message;
    }
}
