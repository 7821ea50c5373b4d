namespace NativeLambda.Payloads.Events;

/// <summary>The headers of a request, each with its kind and with those of the same name linked.</summary>
/// <param name="headers">The headers.</param>
/// <param name="kinds">Space for the kinds, of the number of headers.</param>
/// <param name="links">Space for the links, of the number of headers.</param>
internal readonly ref struct HeaderTable(IReadOnlyList<KeyValuePair<string, string>> headers, Span<HeaderKind> kinds, Span<SameName> links)
{
    private readonly Span<HeaderKind> _kinds = kinds;
    private readonly Span<SameName> _links = links;

    /// <summary>How many there are that a stack may hold; more go on the heap.</summary>
    public const int FewEnough = 64;

    public int Count => _kinds.Length;

    public string Name(int index) => headers[index].Key;

    public string Value(int index) => headers[index].Value;

    /// <summary>What it is to the event; one that <c>Connection</c> names is of the connection, too.</summary>
    public HeaderKind Kind(int index) => _kinds[index];

    /// <summary>Whether one before it has its name.</summary>
    public bool IsRepeat(int index) => _links[index].IsRepeat;

    /// <summary>The next one with its name; 0 for none.</summary>
    public int Next(int index) => _links[index].Next;

    /// <summary>The value of the first of a kind; nothing when there is none.</summary>
    public string? First(HeaderKind kind)
    {
        int index = _kinds.IndexOf(kind);
        return index < 0 ? null : Value(index);
    }

    /// <summary>Fills the spaces.</summary>
    public void Build()
    {
        bool namesOthers = false;
        for (int i = 0; i < _kinds.Length; i++)
        {
            _kinds[i] = HeaderKinds.Of(headers[i].Key);
            if (_kinds[i] == HeaderKind.Connection && !IsKeepAliveOrClose(headers[i].Value)) namesOthers = true;
        }
        if (namesOthers) DropNamed();
        SameNames.Link(headers, _links);
    }

    private static bool IsKeepAliveOrClose(string value) =>
        value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || value.Equals("close", StringComparison.OrdinalIgnoreCase);

    // RFC 9110, 7.6.1: an intermediary takes away what Connection names.
    private void DropNamed()
    {
        for (int connection = 0; connection < _kinds.Length; connection++)
        {
            if (_kinds[connection] != HeaderKind.Connection) continue;
            ReadOnlySpan<char> options = headers[connection].Value;
            foreach (Range range in options.Split(','))
            {
                ReadOnlySpan<char> option = options[range].Trim(" \t");
                if (option.IsEmpty) continue;
                for (int i = 0; i < _kinds.Length; i++)
                    if (option.Equals(headers[i].Key, StringComparison.OrdinalIgnoreCase)) _kinds[i] = HeaderKind.HopByHop;
            }
        }
    }
}
