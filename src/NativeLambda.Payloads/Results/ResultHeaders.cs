namespace NativeLambda.Payloads.Results;

/// <summary>Collects the headers of a result.</summary>
internal struct ResultHeaders
{
    private List<KeyValuePair<string, string>>? _headers;
    private List<string>? _named; // by Connection

    /// <summary>Whether there is one of this name, given in lower case.</summary>
    public readonly bool Contains(string name) => _headers is not null && _headers.Exists(header => header.Key == name);

    /// <summary>Adds one, or notes what it says of others.</summary>
    public void Add(string name, string value)
    {
        if (name == "connection")
            foreach (string option in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                (_named ??= []).Add(option.ToLowerInvariant());
        if (!HeaderText.IsOfConnection(name)) (_headers ??= new(4)).Add(new(name, value));
    }

    /// <summary>Takes those of a name away.</summary>
    public readonly void Remove(string name) => _headers?.RemoveAll(header => header.Key == name);

    /// <summary>Takes those of another over, behind its own, save what it has itself with the same value.</summary>
    public void Merge(in ResultHeaders others)
    {
        if (others._named is not null) (_named ??= []).AddRange(others._named);
        if (others._headers is null) return;
        List<KeyValuePair<string, string>>? own = _headers;
        own?.RemoveAll(others._headers.Contains);
        (_headers ??= new(others._headers.Count)).AddRange(others._headers);
    }

    /// <summary>Forgets all: a member that stands twice in an object counts as it stands last.</summary>
    public void Clear()
    {
        _headers = null;
        _named = null;
    }

    /// <summary>Those that are passed on, in their order.</summary>
    public readonly IReadOnlyList<KeyValuePair<string, string>> Build()
    {
        if (_named is not null && _headers is not null)
            foreach (string name in _named) Remove(name);
        return _headers ?? (IReadOnlyList<KeyValuePair<string, string>>)[];
    }
}
