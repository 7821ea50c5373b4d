using System.Globalization;
using NativeLambda.Benchmarks.Running;

namespace NativeLambda.Benchmarks.Cli;

/// <summary>On a terminal a bar that is drawn again and again below what stays; else a line every ten seconds.</summary>
internal sealed class BenchView(TextWriter output, bool isTerminal, TimeProvider time) : IBenchView
{
    private const int BarWidth = 30;
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(10);

    private readonly long _start = time.GetTimestamp();
    private int _steps = 1;
    private int _done;
    private TimeSpan _next;

    public void Begin(int steps) => _steps = Math.Max(steps, 1);

    public void Step(string section, string contender)
    {
        int done = Math.Min(_done++, _steps);
        TimeSpan elapsed = time.GetElapsedTime(_start);
        if (elapsed < _next) return;
        _next = elapsed + (isTerminal ? DrawEvery : PlainEvery);
        string percent = string.Create(CultureInfo.InvariantCulture, $"{100 * done / _steps,3} %");
        if (!isTerminal)
        {
            output.WriteLine($"{percent} {section}");
            return;
        }

        int full = BarWidth * done / _steps;
        output.Write($"\r\u001b[K[{new string('#', full)}{new string('.', BarWidth - full)}] {percent} {section}: {contender}");
        output.Flush();
    }

    public void Say(string line) => output.WriteLine(isTerminal ? $"\r\u001b[K{line}" : line);
}
