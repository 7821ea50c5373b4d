using System.Globalization;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Cli;

/// <summary>
/// For people: a banner, then the log line by line: time, function (where there are several), the environment's first letters, the
/// line. On a terminal platform lines are dim, errors red, and a status line tells what environments there are.
/// </summary>
internal sealed class TextConsole(TextWriter output, TextWriter errors, bool colours) : IConsole
{
    private const string Dim = "\u001b[2m";
    private const string Red = "\u001b[31m";
    private const string Yellow = "\u001b[33m";
    private const string Plain = "\u001b[0m";
    private const int ShortId = 6;
    private const int NarrowestWidth = 40; // some terminals say 0

    private readonly Lock _gate = new();
    private int _nameWidth;
    private string _status = "";

    public void Write(LogLine line)
    {
        string id = line.EnvironmentId.Length > ShortId ? line.EnvironmentId[..ShortId] : line.EnvironmentId;
        string name = _nameWidth > 0 ? line.FunctionName.PadRight(_nameWidth) + " " : "";
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Time:HH:mm:ss.fff} {name}{id,-ShortId} {line.Text}"), line.Source switch
        {
            LogSource.Platform => line.Event is { IsFailure: true } ? Yellow : Dim,
            LogSource.StandardError => Red,
            _ => "",
        });
    }

    /// <summary>On standard error, so that standard output is the log alone.</summary>
    public void Tell(string message)
    {
        if (colours) errors.WriteLine($"{Dim}{message}{Plain}");
        else errors.WriteLine(message);
    }

    public void Progress(string message)
    {
        if (colours) Tell(message);
    }

    public async Task ShowAsync(LocalLambda lambda, LocalLambdaOptions options, CancellationToken end)
    {
        if (lambda.Functions.Count > 1) _nameWidth = lambda.Functions.Max(static function => function.Name.Length);
        lock (_gate) Banner.Write(output, lambda, options);
        try
        {
            // A condition that never holds is called at every change until the end.
            await lambda.WaitUntilAsync(_ => { ShowStatus(lambda); return false; }, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            lock (_gate) ClearStatus();
            _status = "";
        }
    }

    private void ShowStatus(LocalLambda lambda)
    {
        if (!colours) return;
        string status = string.Join("   ", lambda.Functions.Select(static function => Describe(function)).Where(static text => text.Length > 0));
        lock (_gate)
        {
            ClearStatus();
            _status = status;
            DrawStatus();
        }
    }

    private static string Describe(FunctionHost function)
    {
        string states = string.Join(", ", function.Environments.GroupBy(static environment => environment.State)
            .Select(static group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}")));
        string events = function.PendingEvents > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {function.PendingEvents} events pending") : "";
        return states.Length + events.Length == 0 ? "" : $"{function.Name}: {states}{events}";
    }

    private void WriteLine(string text, string colour)
    {
        lock (_gate)
        {
            ClearStatus();
            output.WriteLine(!colours || colour.Length == 0 ? text : $"{colour}{text}{Plain}");
            DrawStatus();
        }
    }

    // The status stands on the last line, without a line feed, and is rubbed out before anything else is written. Cut to the width of
    // the terminal: a line that wraps could not be.
    private void ClearStatus()
    {
        if (_status.Length > 0) output.Write("\r\u001b[2K");
    }

    private void DrawStatus()
    {
        if (_status.Length == 0) return;
        int width = Console.WindowWidth > NarrowestWidth ? Console.WindowWidth - 1 : NarrowestWidth;
        output.Write($"{Dim}{(_status.Length > width ? _status[..width] : _status)}{Plain}");
        output.Flush();
    }
}
