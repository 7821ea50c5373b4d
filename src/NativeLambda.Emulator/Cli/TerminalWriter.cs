using System.Text;

namespace NativeLambda.Emulator.Cli;

/// <summary>
/// Writes to a terminal for as long as there is one. When it has hung up, nobody reads any more; that is no reason not to end the
/// environments in order, which the hang-up's signal asks for.
/// </summary>
internal sealed class TerminalWriter(TextWriter terminal) : TextWriter
{
    private const int InputOutputError = 5; // EIO

    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => Try(value, static (terminal, value) => terminal.Write(value));

    public override void Write(char[] buffer, int index, int count) =>
        Try((buffer, index, count), static (terminal, part) => terminal.Write(part.buffer, part.index, part.count));

    public override void Write(string? value) => Try(value, static (terminal, value) => terminal.Write(value));

    public override void WriteLine(string? value) => Try(value, static (terminal, value) => terminal.WriteLine(value));

    public override void Flush() => Try(0, static (terminal, _) => terminal.Flush());

    private void Try<T>(T value, Action<TextWriter, T> write)
    {
        try
        {
            write(terminal, value);
        }
        catch (IOException exception) when (exception.HResult == InputOutputError)
        {
            // It has hung up.
        }
    }
}
