using System.Buffers.Binary;
using System.Text;

namespace NativeLambda.Packaging.Elf;

/// <summary>What a 64-bit little-endian executable says of itself: the parts of it that decide where it can run.</summary>
/// <remarks>System V ABI, "Object Files" and "Program Loading"; the versions of symbols: Linux Standard Base, "Symbol Versioning".</remarks>
internal sealed class ElfImage
{
    private const uint LoadSegment = 1, DynamicSegment = 2, InterpreterSegment = 3;
    private const uint SymbolTableSection = 2;
    private const long NeededTag = 1, StringsTag = 5, RPathTag = 15, RunPathTag = 29, VersionNeedTag = 0x6ffffffe, VersionNeedCountTag = 0x6fffffff;

    private readonly byte[] _bytes;
    private readonly List<(ulong Address, ulong Offset, ulong Size)> _loaded = [];
    private readonly List<string> _needed = [], _searchPaths = [], _versions = [];

    /// <summary>Reads an executable.</summary>
    /// <exception cref="PackageException">It is none, or is cut short.</exception>
    public ElfImage(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 64 || !bytes.AsSpan().StartsWith("\x7f"u8) || !bytes.AsSpan(1).StartsWith("ELF\u0002\u0001"u8))
            throw PackageException.ForProgram("the program is no 64-bit little-endian ELF executable");
        try
        {
            ReadSegments();
            IsStripped = !HasSymbolTable();
        }
        catch (ArgumentException)
        {
            throw PackageException.ForProgram("the program is no whole ELF executable: it points past its end");
        }
    }

    public ushort Machine => U16(18);

    /// <summary>The loader that it asks for; null for a program that is linked statically.</summary>
    public string? Interpreter { get; private set; }

    /// <summary>The libraries that the loader must find before <c>main</c>.</summary>
    public IReadOnlyList<string> NeededLibraries => _needed;

    /// <summary>Where it has libraries looked for beside the usual places (RPATH, RUNPATH).</summary>
    public IReadOnlyList<string> SearchPaths => _searchPaths;

    /// <summary>The versions of symbols that it needs, such as <c>GLIBC_2.34</c>.</summary>
    public IReadOnlyList<string> NeededVersions => _versions;

    /// <summary>Whether its symbol table has been removed.</summary>
    public bool IsStripped { get; }

    /// <summary>Whether the bytes of a text are in it, in UTF-8 or in UTF-16.</summary>
    public bool Holds(string text) => _bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || _bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;

    private void ReadSegments()
    {
        (ulong table, int size, int count) = (U64(32), U16(54), U16(56));
        (ulong Offset, ulong Size) dynamic = default;
        for (int i = 0; i < count; i++)
        {
            ulong at = table + (ulong)(i * size);
            (ulong offset, ulong address, ulong length) = (U64(at + 8), U64(at + 16), U64(at + 32));
            switch (U32(at))
            {
                case LoadSegment: _loaded.Add((address, offset, length)); break;
                case DynamicSegment: dynamic = (offset, length); break;
                case InterpreterSegment: Interpreter = Text(offset); break;
                default: break; // No other decides where it can run.
            }
        }
        if (dynamic.Size > 0) ReadDynamic(dynamic.Offset, dynamic.Size);
    }

    private void ReadDynamic(ulong offset, ulong size)
    {
        var entries = new List<(long Tag, ulong Value)>();
        for (ulong at = offset; at < offset + size && U64(at) != 0; at += 16) entries.Add(((long)U64(at), U64(at + 8)));
        ulong Value(long tag) => entries.FirstOrDefault(entry => entry.Tag == tag).Value;
        if (Value(StringsTag) is not (> 0 and var address)) return;
        ulong strings = FileOffset(address);
        _needed.AddRange(entries.Where(static entry => entry.Tag == NeededTag).Select(entry => Text(strings + entry.Value)));
        _searchPaths.AddRange(entries.Where(static entry => entry.Tag is RPathTag or RunPathTag).Select(entry => Text(strings + entry.Value)));
        if (Value(VersionNeedTag) is > 0 and var versions) ReadVersions(FileOffset(versions), Value(VersionNeedCountTag), strings);
    }

    private void ReadVersions(ulong library, ulong libraries, ulong strings)
    {
        for (ulong i = 0; i < libraries; i++, library += U32(library + 12))
        {
            ulong version = library + U32(library + 8);
            for (int k = 0; k < U16(library + 2); k++, version += U32(version + 12)) _versions.Add(Text(strings + U32(version + 8)));
        }
    }

    private bool HasSymbolTable()
    {
        (ulong table, int size, int count) = (U64(40), U16(58), U16(60));
        return Enumerable.Range(0, count).Any(i => U32(table + (ulong)(i * size) + 4) == SymbolTableSection);
    }

    private ulong FileOffset(ulong address)
    {
        (ulong start, ulong offset, ulong _) = _loaded.FirstOrDefault(segment => address >= segment.Address && address < segment.Address + segment.Size);
        return address - start + offset;
    }

    private string Text(ulong offset)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan((int)Math.Min(offset, int.MaxValue));
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private ushort U16(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan((int)Math.Min(at, int.MaxValue)));

    private uint U32(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)Math.Min(at, int.MaxValue)));

    private ulong U64(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan((int)Math.Min(at, int.MaxValue)));
}
