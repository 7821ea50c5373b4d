using System.Globalization;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Cli;

/// <summary>Shows the log: time, the environment's first letters, the line; platform lines dim and standard error red on a terminal.</summary>
internal sealed class ConsoleLog(TextWriter output, bool colours)
{
    private const string Dim = "\u001b[2m";
    private const string Red = "\u001b[31m";
    private const string Plain = "\u001b[0m";
    private const int ShortId = 6;

    public void Write(LogLine line)
    {
        string id = line.EnvironmentId.Length > ShortId ? line.EnvironmentId[..ShortId] : line.EnvironmentId;
        string text = string.Create(CultureInfo.InvariantCulture, $"{line.Time:HH:mm:ss.fff} {id,-ShortId} {line.Text}");
        string colour = !colours ? "" : line.Source switch
        {
            LogSource.Platform => Dim,
            LogSource.StandardError => Red,
            _ => "",
        };
        output.WriteLine(colour.Length == 0 ? text : $"{colour}{text}{Plain}");
    }
}
