using System.Globalization;

namespace NativeLambda.Trials.Storm;

/// <summary>On a terminal, one line that is drawn again and again below those that stay; else a line every two seconds.</summary>
internal sealed class StormView(TextWriter output, StormOptions options, bool isTerminal) : IStormView
{
    private const int BarWidth = 30;
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(2);

    private TimeSpan _nextPlain;
    private int _wave;

    public void Show(StormProgress progress)
    {
        if (progress.Wave != _wave || progress.Elapsed < _nextPlain - PlainEvery)
            (_wave, _nextPlain) = (progress.Wave, PlainEvery);
        if (isTerminal)
            output.Write($"\r\u001b[K{Line(progress)}");
        else if (progress.Elapsed >= _nextPlain)
        {
            output.WriteLine(Line(progress));
            _nextPlain = progress.Elapsed + PlainEvery;
        }
    }

    public void Say(string line) => output.WriteLine(isTerminal ? $"\r\u001b[K{line}" : line);

    private string Line(StormProgress progress)
    {
        int good = BarWidth * progress.Good / options.Environments;
        int bad = (BarWidth * progress.Answered / options.Environments) - good;
        string bar = $"{new string('#', good)}{new string('x', bad)}{new string('.', BarWidth - good - bad)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {progress.Contender}, wave {progress.Wave}/{options.Waves} [{bar}] {progress.Good}+{progress.Answered - progress.Good} of {options.Environments}, backends {progress.Backends}, frozen {progress.Frozen}, {progress.Elapsed.TotalSeconds:0.0} s");
    }
}
