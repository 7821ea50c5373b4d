using System.Globalization;

namespace NativeLambda.Database;

/// <summary>An address at which the database may be.</summary>
/// <param name="Name">Host name, IP address, or directory of the server's Unix socket.</param>
/// <param name="Port">TCP port, or the number in the name of the Unix socket.</param>
public readonly record struct DatabaseHost(string Name, int Port)
{
    /// <summary><c>name:port</c>, with an IPv6 address in brackets.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Name)}:{Port}");
}
