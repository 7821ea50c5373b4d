using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>An answer of the gateway.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body, as far as it came.</param>
/// <param name="IsWhole">Whether all of it came.</param>
/// <param name="Closes">Whether it ends its connection.</param>
internal sealed record ClientAnswer(int Status, string Body, bool IsWhole, bool Closes);

/// <summary>What came is no HTTP/1.1, or more than was asked for.</summary>
internal sealed class MalformedAnswerException(string message) : Exception(message);

/// <summary>A client of HTTP/1.1 on a socket that forgives nothing.</summary>
internal sealed class StrictClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private StrictClient(Socket socket) => _socket = socket;

    public static async Task<StrictClient> ConnectAsync(IPEndPoint gateway, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(gateway, cancellation);
        return new StrictClient(socket);
    }

    public async Task SendAsync(string method, string path, int body, CancellationToken cancellation)
    {
        string length = body > 0 ? $"Content-Type: text/plain\r\nContent-Length: {body}\r\n" : "";
        byte[] request = Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: gateway.test\r\nUser-Agent: trial\r\n{length}\r\n{new string('b', body)}");
        for (int sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request.AsMemory(sent), cancellation);
    }

    /// <summary>Reads the one answer. Nothing may be there beyond it.</summary>
    public async Task<ClientAnswer> ReceiveAsync(CancellationToken cancellation)
    {
        string first = await LineAsync(cancellation) ?? throw new MalformedAnswerException("the connection ended without an answer");
        if (!first.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || first.Length < 13 || first[12] != ' ') throw new MalformedAnswerException($"a first line is \"{first}\"");
        int status = int.Parse(first.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(cancellation) is var line)
        {
            if (line is null) throw new MalformedAnswerException("a head is cut");
            if (line.Length == 0) break;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[..colon].AsSpan().IndexOfAny(" \t\"()") >= 0) throw new MalformedAnswerException($"a header is \"{line}\"");
            if (!headers.TryAdd(line[..colon], line[(colon + 1)..].Trim())) throw new MalformedAnswerException($"a header comes twice: {line}");
        }
        bool closes = headers.TryGetValue("Connection", out string? connection) && connection == "close";
        (string body, bool whole) = await BodyAsync(headers, cancellation);
        if (_start != _end) throw new MalformedAnswerException("there is more behind the answer");
        return new ClientAnswer(status, body, whole, closes || !whole);
    }

    /// <summary>Whether the gateway has sent anything that nobody asked for.</summary>
    public bool HasMore() => _start != _end || _socket.Available > 0;

    public void Dispose() => _socket.Dispose();

    private async Task<(string Body, bool Whole)> BodyAsync(Dictionary<string, string> headers, CancellationToken cancellation)
    {
        bool chunked = headers.TryGetValue("Transfer-Encoding", out string? coding), counted = headers.TryGetValue("Content-Length", out string? text);
        if (chunked == counted) throw new MalformedAnswerException(chunked ? "an answer has a length and chunks" : "an answer has neither a length nor chunks");
        if (counted)
        {
            int length = int.Parse(text!, NumberStyles.None, CultureInfo.InvariantCulture);
            return await BytesAsync(length, cancellation) is { } body ? (body, true) : throw new MalformedAnswerException("an answer with a length is cut");
        }
        if (coding != "chunked") throw new MalformedAnswerException($"a transfer coding is {coding}");
        var all = new StringBuilder();
        while (true)
        {
            if (await LineAsync(cancellation) is not { } size) return (all.ToString(), false);
            int length = int.Parse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (length > 0)
            {
                if (await BytesAsync(length, cancellation) is not { } chunk) return (all.ToString(), false);
                all.Append(chunk);
            }
            if (await LineAsync(cancellation) is not { } end) return (all.ToString(), false);
            if (end.Length > 0) throw new MalformedAnswerException("a chunk is longer than it says");
            if (length == 0) return (all.ToString(), true);
        }
    }

    private async Task<string?> BytesAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        for (int have = 0; have < count;)
        {
            if (_start == _end && !await FillAsync(cancellation)) return null;
            int taken = Math.Min(count - have, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(bytes.AsSpan(have));
            _start += taken;
            have += taken;
        }
        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<string?> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellation)) return line.Length == 0 ? null : throw new MalformedAnswerException("a line is cut");
            char one = (char)_buffer[_start++];
            if (one != '\n')
            {
                line.Append(one);
                continue;
            }
            if (line.Length == 0 || line[^1] != '\r') throw new MalformedAnswerException("a line ends without CR");
            line.Length--;
            return line.ToString();
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        try
        {
            (_start, _end) = (0, await _socket.ReceiveAsync(_buffer, cancellation));
            return _end > 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            (_start, _end) = (0, 0);
            return false;
        }
    }
}
