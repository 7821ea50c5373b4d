using System.Text;

namespace NativeLambda.Tests.Runtime;

/// <summary>A request as the fake Runtime API received it.</summary>
/// <param name="Connection">Which connection it came on; the first is 1.</param>
/// <param name="Head">Request line and headers, as sent.</param>
/// <param name="Body">The body.</param>
public sealed record FakeRequest(int Connection, string Head, byte[] Body)
{
    public string Method => Head.Split(' ')[0];

    public string Path => Head.Split(' ')[1];

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The value of a header, in any case; <see langword="null"/> when absent.</summary>
    public string? Header(string name)
    {
        foreach (string line in Head.Split("\r\n").Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }

        return null;
    }
}
