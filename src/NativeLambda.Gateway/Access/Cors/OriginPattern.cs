using System.Buffers;

namespace NativeLambda.Gateway.Access.Cors;

/// <summary>An entry of <c>allowOrigins</c>.</summary>
internal readonly struct OriginPattern
{
    // What a star may stand for: the rest of a host, and a port. A browser's origin holds nothing else.
    private static readonly SearchValues<char> Starred = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%:[]");

    private readonly string _before;
    private readonly string? _after;

    private OriginPattern(string before, string? after) => (_before, _after) = (before, after);

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The entry; <c>*</c> alone is no pattern.</param>
    /// <param name="option">Its path, for the message.</param>
    /// <exception cref="AccessOptionsException">It is no origin.</exception>
    public static OriginPattern Parse(string entry, string option)
    {
        if (entry == "null") return new("null", null); // what a browser calls the origin of a file or a sandbox
        int host = entry.IndexOf("://", StringComparison.Ordinal) + 3;
        if (host <= 3 || host == entry.Length)
            throw new AccessOptionsException(option, $"\"{entry}\" is no origin: write https://www.example.com, https://* or *");
        if (entry.AsSpan(host).ContainsAny("/?#@ ") || entry.AsSpan(0, host).Contains('*'))
            throw new AccessOptionsException(option, $"\"{entry}\" is no origin: an origin is a scheme, a host and perhaps a port, without a path");
        int star = entry.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0 && entry.LastIndexOf('*') != star) throw new AccessOptionsException(option, $"\"{entry}\" has more than one *");
        // Browsers write the scheme and the host in small letters.
        string small = entry.ToLowerInvariant();
        return star < 0 ? new(small, null) : new(small[..star], small[(star + 1)..]);
    }

    public bool Matches(string origin) =>
        _after is null ? origin == _before
        : origin.Length > _before.Length + _after.Length
            && origin.StartsWith(_before, StringComparison.Ordinal) && origin.EndsWith(_after, StringComparison.Ordinal)
            && !origin.AsSpan(_before.Length, origin.Length - _before.Length - _after.Length).ContainsAnyExcept(Starred);
}
