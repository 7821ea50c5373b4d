using System.Buffers;

namespace NativeLambda.Payloads.Events;

/// <summary>One parameter of a query: where its name and its value stand in the text of the table.</summary>
internal struct QueryPart
{
    public int Name;
    public int NameLength;
    public int Value;
    public int ValueLength;
    public SameName Link;
}

/// <summary>The parameters of a query in their order, with those of the same name linked. It lives on the stack or in rented arrays.</summary>
internal ref struct QueryTable
{
    /// <summary>How many parameters a stack may hold.</summary>
    public const int FewParts = 16;

    /// <summary>How much text a stack may hold, in bytes.</summary>
    public const int ShortText = 512;

    private readonly Span<byte> _text;
    private readonly Span<QueryPart> _parts;
    private readonly byte[]? _rentedText;
    private readonly QueryPart[]? _rentedParts;

    /// <summary>Takes a query apart.</summary>
    /// <param name="query">The query without its question mark.</param>
    /// <param name="decode">Whether names and values are decoded.</param>
    /// <param name="text">Space for names and values; more is rented where it does not do.</param>
    /// <param name="parts">Space for the parameters; more is rented where it does not do.</param>
    public QueryTable(ReadOnlySpan<char> query, bool decode, Span<byte> text, Span<QueryPart> parts)
    {
        int maxText = query.Length * 3;
        int maxParts = query.IsEmpty ? 0 : query.Count('&') + 1;
        _text = maxText <= text.Length ? text : _rentedText = ArrayPool<byte>.Shared.Rent(maxText);
        _parts = maxParts <= parts.Length ? parts : _rentedParts = ArrayPool<QueryPart>.Shared.Rent(maxParts);
        int used = 0;
        while (!query.IsEmpty)
        {
            int end = query.IndexOf('&');
            ReadOnlySpan<char> pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (pair.IsEmpty) continue;
            int equals = pair.IndexOf('=');
            ref QueryPart part = ref _parts[Count++];
            part.Name = used;
            part.NameLength = Put(equals < 0 ? pair : pair[..equals], decode, _text[used..]);
            used += part.NameLength;
            part.Value = used;
            part.ValueLength = equals < 0 ? 0 : Put(pair[(equals + 1)..], decode, _text[used..]);
            used += part.ValueLength;
            part.Link = default;
        }
        Link();
    }

    public int Count { get; private set; }

    public readonly ReadOnlySpan<byte> Name(int index) => _text.Slice(_parts[index].Name, _parts[index].NameLength);

    public readonly ReadOnlySpan<byte> Value(int index) => _text.Slice(_parts[index].Value, _parts[index].ValueLength);

    public readonly bool IsRepeat(int index) => _parts[index].Link.IsRepeat;

    /// <summary>The next one with its name; 0 for none.</summary>
    public readonly int Next(int index) => _parts[index].Link.Next;

    /// <summary>Gives rented arrays back.</summary>
    public readonly void Dispose()
    {
        if (_rentedText is not null) ArrayPool<byte>.Shared.Return(_rentedText);
        if (_rentedParts is not null) ArrayPool<QueryPart>.Shared.Return(_rentedParts);
    }

    private static int Put(ReadOnlySpan<char> text, bool decode, Span<byte> output) =>
        decode ? UrlText.Decode(text, plusIsSpace: true, output) : System.Text.Encoding.UTF8.GetBytes(text, output);

    private readonly void Link()
    {
        if (Count > SameNames.FewEnough)
        {
            LinkMany();
            return;
        }
        for (int i = 1; i < Count; i++)
        {
            for (int earlier = i - 1; earlier >= 0; earlier--)
            {
                if (!Name(earlier).SequenceEqual(Name(i))) continue;
                Join(earlier, i);
                break;
            }
        }
    }

    private readonly void LinkMany()
    {
        var last = new Dictionary<string, int>(Count, StringComparer.Ordinal);
        for (int i = 0; i < Count; i++)
        {
            string name = System.Text.Encoding.UTF8.GetString(Name(i));
            if (last.TryGetValue(name, out int earlier)) Join(earlier, i);
            last[name] = i;
        }
    }

    private readonly void Join(int earlier, int later)
    {
        _parts[earlier].Link = _parts[earlier].Link with { Next = later };
        _parts[later].Link = new SameName(IsRepeat: true, Next: 0);
    }
}
