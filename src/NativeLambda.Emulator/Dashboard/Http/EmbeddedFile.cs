namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>A static file.</summary>
internal sealed record EmbeddedFile(ReadOnlyMemory<byte> Content, string ContentType);
