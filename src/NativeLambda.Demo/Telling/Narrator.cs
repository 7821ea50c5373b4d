using System.Globalization;
using NativeLambda.Demo.Staging;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Demo.Telling;

/// <summary>Writes the story, and keeps count of the claims that held and of those that did not.</summary>
internal sealed class Narrator(TextWriter output, Palette palette)
{
    private const int LabelWidth = 18;
    private readonly Lock _gate = new();

    /// <summary>How many claims held.</summary>
    public int Held { get; private set; }

    /// <summary>How many did not.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether lines of the function's log are shown as they come.</summary>
    public bool ShowsLog { get; set; }

    public void Title(int number, string text) => Write($"\n{palette.Bold}{number}. {text}{palette.Plain}");

    public void Say(string text) => Write($"   {text}");

    /// <summary>One figure with its name.</summary>
    public void Fact(string label, string value) => Write($"   {palette.Dim}{label.PadRight(LabelWidth)}{palette.Plain} {value}");

    /// <summary>One request with its answer.</summary>
    public void Request(Answer answer, string remark = "") =>
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"   {answer.Method,-6} {answer.Path,-34} {answer.Status}  {answer.Elapsed.TotalMilliseconds,7:0.0} ms  {palette.Dim}{remark}{palette.Plain}").TrimEnd());

    /// <summary>A claim of the story, checked: what was expected and what was seen are told when it did not hold.</summary>
    public void Claim(string claim, bool held, string expected, string seen)
    {
        if (held)
        {
            Held++;
            Write($"   {palette.Good}ok{palette.Plain}      {claim}");
            return;
        }

        Failed++;
        Write($"   {palette.Bad}FAILED{palette.Plain}  {claim}\n           expected {expected}\n           seen     {seen}");
    }

    /// <summary>The claim that a thing is what it should be.</summary>
    public void Claim<T>(string claim, T expected, T seen) where T : notnull =>
        Claim(claim, EqualityComparer<T>.Default.Equals(expected, seen), $"{expected}", $"{seen}");

    /// <summary>A step that could not be told to its end.</summary>
    public void Broke(string reason)
    {
        Failed++;
        Write($"   {palette.Bad}FAILED{palette.Plain}  {reason}");
    }

    /// <summary>The last word.</summary>
    public void Conclude(bool good, string text) => Write($"\n{(good ? palette.Good : palette.Bad)}{text}{palette.Plain}");

    /// <summary>A line of the function's log as it comes, while wanted.</summary>
    public void Log(LogLine line)
    {
        if (ShowsLog) WriteLog(line);
    }

    /// <summary>A line of the function's log.</summary>
    public void WriteLog(LogLine line) =>
        Write($"   {palette.Dim}{line.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {(line.EnvironmentId.Length > 6 ? line.EnvironmentId[..6] : line.EnvironmentId)} {line.Text.TrimEnd()}{palette.Plain}");

    private void Write(string text)
    {
        // The log comes from other threads.
        lock (_gate) output.WriteLine(text);
    }
}
