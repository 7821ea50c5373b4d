using System.Globalization;
using System.Text;
using CsCheck;

namespace NativeLambda.Tests.Runtime.Http1;

/// <summary>A valid response, as bytes (Latin-1), and what must come out of it.</summary>
public sealed record GeneratedResponse(string Bytes, ParsedResponse Expected)
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~09AZaz";

    private static readonly Gen<string> Name = Gen.OneOf(
        OneOf("Lambda-Runtime-Aws-Request-Id", "Lambda-Runtime-Deadline-Ms", "Lambda-Runtime-Trace-Id", "Date", "Content-Type"),
        OneOf(TokenCharacters.ToCharArray()).Array[1, 12].Select(c => "x" + new string(c)));

    private static readonly Gen<string> Value =
        Gen.Char['!', 'ÿ'].Where(c => c is < '\u007f' or > '\u009f').Array[0, 30].Select(c => new string(c));

    private static readonly Gen<string> Space = OneOf("", " ", "\t", " \t ");

    private static readonly Gen<string> Field = Gen.Select(Gen.Select(Name, Gen.Int, Recase), Space, Value, Space, (n, before, v, after) => $"{n}:{before}{v}{after}\r\n");

    private static readonly Gen<string> Interim = Gen.Select(OneOf(100, 102, 103), Field.Array[0, 2], (s, f) => $"HTTP/1.1 {s} Wait\r\n{string.Concat(f)}\r\n");

    private static readonly Gen<(string Field, string Bytes, string Body, bool EndsByClosing)> Body =
        Gen.Char['\0', 'ÿ'].Array[0, 80].Select(c => new string(c)).SelectMany(body => Gen.OneOf(Counted(body), Chunked(body), Gen.Const(("", body, body, true))));

    /// <summary>Valid responses with what may follow them on the connection.</summary>
    public static Gen<GeneratedResponse> Any { get; } =
        from interim in Interim.Array[0, 2]
        from status in OneOf(200, 202, 400, 403, 413, 500)
        from minor in OneOf(1, 1, 1, 0)
        from reason in OneOf("", " ", " OK", " Größe ist\tegal")
        from fields in Field.Array[0, 8]
        from connection in OneOf("", "", "close", "keep-alive", "Keep-Alive, x", "x,close")
        from body in Body
        from leftOver in OneOf("", "", "HTTP/1.1 200 OK\r\n", "\0")
        from seed in Gen.Int
        select Build(string.Concat(interim), status, body.Field.StartsWith('T') ? 1 : minor, reason, fields, connection, body, leftOver, seed);

    public override string ToString() => Bytes;

    private static GeneratedResponse Build(
        string interim, int status, int minor, string reason, string[] fields, string connection, (string Field, string Bytes, string Body, bool EndsByClosing) body, string leftOver, int seed)
    {
        List<string> all = [.. fields];
        if (connection.Length > 0)
            all.Add($"{Recase("Connection", seed)}: {connection}\r\n");
        if (body.Field.Length > 0)
        {
            string[] parts = body.Field.Split(':', 2);
            all.Add($"{Recase(parts[0], seed)}:{parts[1]}\r\n");
        }

        string[] order = [.. all];
        new Random(seed).Shuffle(order);
        bool keeps = !body.EndsByClosing && !connection.Contains("close", StringComparison.Ordinal) && (minor == 1 || connection.StartsWith("keep", StringComparison.OrdinalIgnoreCase));
        string rest = body.EndsByClosing ? "" : leftOver;
        string bytes = $"{interim}HTTP/1.{minor} {status}{reason}\r\n{string.Concat(order)}\r\n{body.Bytes}{rest}";
        string expectedFields = string.Concat(order.Select(f => f[..f.IndexOf(':', StringComparison.Ordinal)] + "=" + f[(f.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(' ', '\t', '\r', '\n') + "\n"));
        return new GeneratedResponse(bytes, new ParsedResponse("None", status, expectedFields, body.Body, keeps, rest));
    }

    private static Gen<(string Field, string Bytes, string Body, bool EndsByClosing)> Counted(string body) =>
        OneOf("{0}", "00{0}", "{0}, {0}").Select(format => ("Content-Length: " + string.Format(CultureInfo.InvariantCulture, format, body.Length), body, body, false));

    private static Gen<(string Field, string Bytes, string Body, bool EndsByClosing)> Chunked(string body) =>
        from cuts in Gen.Int[0, body.Length].Array[0, 5]
        from extension in OneOf("", ";a", " ;a=b", ";a=\"b;c\"")
        from format in OneOf("x", "X", "x4")
        from trailers in Field.Array[0, 2]
        select ("Transfer-Encoding: chunked", Chunks(body, cuts, extension, format) + "0" + extension + "\r\n" + string.Concat(trailers) + "\r\n", body, false);

    private static string Chunks(string body, int[] cuts, string extension, string format)
    {
        var result = new StringBuilder();
        int start = 0;
        foreach (int end in cuts.Append(body.Length).Order())
        {
            if (end > start)
                result.Append((end - start).ToString(format, CultureInfo.InvariantCulture)).Append(extension).Append("\r\n").Append(body, start, end - start).Append("\r\n");
            start = end;
        }

        return result.ToString();
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Recase(string name, int seed)
    {
        var random = new Random(seed);
        return string.Concat(name.Select(c => random.Next(2) == 0 ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));
    }
}
