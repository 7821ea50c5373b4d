using System.Text;

namespace NativeLambda.Runtime.Http1;

/// <summary>
/// Status and header fields of one response. One object serves all responses of a connection: the bytes of the fields stay as
/// they are in one array, and become strings only where somebody asks for one.
/// </summary>
internal sealed class Http1ResponseHead
{
    private readonly record struct Field(int Start, int NameLength, int ValueLength);

    private byte[] _bytes = new byte[1024];
    private int _length;
    private Field[] _fields = new Field[16];

    public int Status { get; private set; }

    /// <summary>The x of HTTP/1.x.</summary>
    public int MinorVersion { get; private set; }

    public int FieldCount { get; private set; }

    public ReadOnlySpan<byte> Name(int index) => _bytes.AsSpan(_fields[index].Start, _fields[index].NameLength);

    public ReadOnlySpan<byte> Value(int index)
    {
        Field field = _fields[index];
        return _bytes.AsSpan(field.Start + field.NameLength, field.ValueLength);
    }

    /// <summary>The index of the next field of that name, in any case, from <paramref name="from"/> on; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> name, int from = 0)
    {
        for (int i = from; i < FieldCount; i++)
        {
            if (Ascii.EqualsIgnoreCase(Name(i), name))
                return i;
        }

        return -1;
    }

    internal void Start(int status, int minorVersion)
    {
        Status = status;
        MinorVersion = minorVersion;
        FieldCount = 0;
        _length = 0;
    }

    internal void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int end = _length + name.Length + value.Length;
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        if (FieldCount == _fields.Length)
            Array.Resize(ref _fields, _fields.Length * 2);
        name.CopyTo(_bytes.AsSpan(_length));
        value.CopyTo(_bytes.AsSpan(_length + name.Length));
        _fields[FieldCount++] = new Field(_length, name.Length, value.Length);
        _length = end;
    }
}
