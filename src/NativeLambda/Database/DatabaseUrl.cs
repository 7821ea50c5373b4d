using System.Globalization;
using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>
/// The parts of a connection URI, <c>postgresql://user:password@host:port/database?sslmode=…</c>; absent ones are <see langword="null"/>.
/// </summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">PostgreSQL, connection URIs</see>.</remarks>
internal sealed record DatabaseUrl
{
    public const string Variable = "DATABASE_URL";

    public string? Host { get; private set; }

    public string? Port { get; private set; }

    public string? Database { get; private set; }

    public string? User { get; private set; }

    public string? Password { get; private set; }

    public string? PassFile { get; private set; }

    public string? Service { get; private set; }

    public string? SslMode { get; private set; }

    public string? SslNegotiation { get; private set; }

    public string? TargetSessionAttrs { get; private set; }

    public string? SslRootCert { get; private set; }

    public string? ApplicationName { get; private set; }

    /// <exception cref="SettingsException">The text is no connection URI. Its value is never quoted: it holds the password.</exception>
    public static DatabaseUrl Parse(string text)
    {
        int scheme = text.StartsWith("postgresql://", StringComparison.Ordinal) ? 13
            : text.StartsWith("postgres://", StringComparison.Ordinal) ? 11
            : throw Refuse("it does not start with postgresql:// or postgres://");
        ReadOnlySpan<char> rest = text.AsSpan(scheme);
        var url = new DatabaseUrl();

        // A / or ? left unescaped in a password would make its rest the database's name or a parameter, which are no secrets.
        int end = rest.IndexOfAny('/', '?');
        if (end >= 0 && rest[end..].Contains('@'))
            throw Refuse("an @ follows the first / or ?; in the user and the password write / as %2F and ? as %3F, elsewhere @ as %40");

        ReadOnlySpan<char> parameters = default;
        int query = rest.IndexOf('?');
        if (query >= 0)
        {
            parameters = rest[(query + 1)..];
            rest = rest[..query];
        }

        int path = rest.IndexOf('/');
        if (path >= 0)
        {
            url.Database = Decode(rest[(path + 1)..], "database") ?? url.Database;
            rest = rest[..path];
        }

        // The last @ ends the credentials, so that an @ left unescaped in a password does not become part of the host.
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            url.TakeCredentials(rest[..at]);
            rest = rest[(at + 1)..];
        }

        url.TakeAuthority(rest);
        url.TakeQuery(parameters); // last: a parameter outweighs the part of the URI that says the same, as in libpq
        return url;
    }

    private void TakeCredentials(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        User = Decode(colon < 0 ? text : text[..colon], "user") ?? User;
        if (colon >= 0)
            Password = Decode(text[(colon + 1)..], "password") ?? Password;
    }

    /// <summary>One host or several, each with its port or without: <c>a:5432,[::1],c</c>.</summary>
    private void TakeAuthority(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        var hosts = new List<string?>();
        var ports = new List<string>();
        foreach (Range range in text.Split(','))
            TakeHost(text[range], hosts, ports);
        Host = string.Join(',', hosts) is { Length: > 0 } names ? names : Host;
        if (ports.Exists(port => port.Length > 0))
            Port = string.Join(',', ports);
    }

    private static void TakeHost(ReadOnlySpan<char> text, List<string?> hosts, List<string> ports)
    {
        int colon;
        if (text.StartsWith('['))
        {
            int end = text.IndexOf(']');
            if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
                throw Refuse("the IPv6 address is not closed by ]");
            hosts.Add(text[1..end].ToString());
            colon = end + 1 < text.Length ? end + 1 : -1;
        }
        else
        {
            colon = text.IndexOf(':');
            hosts.Add(Decode(colon < 0 ? text : text[..colon], "host"));
        }

        ports.Add(colon < 0 ? "" : CheckPort(text[(colon + 1)..]));
    }

    private void TakeQuery(ReadOnlySpan<char> text)
    {
        foreach (Range range in text.Split('&'))
        {
            ReadOnlySpan<char> pair = text[range];
            if (pair.IsEmpty)
                continue;
            int equals = pair.IndexOf('=');
            string key = (equals < 0 ? pair : pair[..equals]).ToString();
            string? value = equals < 0 ? null : Decode(pair[(equals + 1)..], "query");
            switch (key)
            {
                case "host": Host = value; break;
                case "port": Port = value is null ? null : string.Join(',', value.Split(',').Select(port => CheckPort(port))); break;
                case "dbname": Database = value; break;
                case "user": User = value; break;
                case "password": Password = value; break;
                case "passfile": PassFile = value; break;
                case "service": Service = value; break;
                case "sslmode": SslMode = value; break;
                case "sslnegotiation": SslNegotiation = value; break;
                case "target_session_attrs": TargetSessionAttrs = value; break;
                case "sslrootcert": SslRootCert = value; break;
                case "application_name": ApplicationName = value; break;
                default:
                    throw Refuse("a parameter is not supported; known are host, port, dbname, user, password, passfile, service, sslmode, sslnegotiation, target_session_attrs, sslrootcert and application_name");
            }
        }
    }

    /// <summary>Here and not where other ports are looked at, for there a wrong one is quoted.</summary>
    private static string CheckPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535)
            ? text.ToString()
            : throw Refuse("a port is no number from 1 to 65535");

    private static string? Decode(ReadOnlySpan<char> text, string part)
    {
        for (int i = text.IndexOf('%'); i >= 0 && i < text.Length; i++)
        {
            if (text[i] == '%' && (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])))
                throw Refuse($"the {part} has a % that is not followed by two hexadecimal digits; write %25 for a literal %");
        }

        return text.IsEmpty ? null : Uri.UnescapeDataString(text);
    }

    private static SettingsException Refuse(string why) =>
        new(Variable, $"{Variable} cannot be read: {why}. Use postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=/path/ca.pem (its value is not shown: it may hold the password).");
}
