using System.Net.Sockets;
using System.Text.Json;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Steps;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Demo;

/// <summary>The steps in their order, and what becomes of each.</summary>
internal sealed class Story(Stage stage, Narrator narrator)
{
    /// <summary>No step takes nearly that long; one that hangs must not hang the demonstration.</summary>
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(60);

    private const int LogLinesOfFailure = 20;

    private readonly IStep[] _steps =
    [
        new RaiseServer(), new FirstResponse(), new TenInvocations(), new FreezeAndThaw(), new KilledWhileFrozen(), new KilledInMidWrite(),
        new Burst(), new ThroughTheGateway(), new FinalActivity(),
    ];

    /// <summary>Tells the story.</summary>
    /// <param name="before">The time that passed before, for the sum.</param>
    /// <param name="cancellation">Ends it where it stands.</param>
    /// <returns>The exit code: 0 when every claim held.</returns>
    public async Task<int> TellAsync(TimeSpan before, CancellationToken cancellation)
    {
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        var failed = new List<int>();
        for (int index = 0; index < _steps.Length; index++)
        {
            int number = index + 1;
            narrator.Title(number, _steps[index].Title);
            (int failures, int lines) = (narrator.Failed, stage.HasLambda ? stage.Lambda.LogLines.Count : 0);
            bool whole = await TryAsync(_steps[index], cancellation);
            if (narrator.Failed == failures) continue;
            failed.Add(number);
            ShowLogSince(lines);
            if (whole || !_steps[index].IsVital) continue;
            narrator.Say("Without it nothing else can be shown.");
            failed.AddRange(Enumerable.Range(number + 1, _steps.Length - number));
            break;
        }

        TimeSpan told = time.GetElapsedTime(start);
        string times = before > TimeSpan.Zero
            ? $"{Figures.Seconds(told)} after {Figures.Seconds(before)} of building, {Figures.Seconds(told + before)} in all"
            : Figures.Seconds(told);
        narrator.Conclude(
            failed.Count == 0,
            failed.Count == 0
                ? $"All {_steps.Length} steps held, {narrator.Held} claims: {times}."
                : $"{_steps.Length - failed.Count} of {_steps.Length} steps held; failed or not reached: {string.Join(", ", failed)}. {times}.");
        return failed.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs a step.</summary>
    /// <returns>Whether it was told to its end.</returns>
    private async Task<bool> TryAsync(IStep step, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StepLimit);
        try
        {
            await step.RunAsync(stage, narrator, limit.Token);
            return true;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // A program that the same Ctrl-C has reached fails in its own way: it is the wish to stop all the same.
            throw new OperationCanceledException(cancellation);
        }
        catch (OperationCanceledException)
        {
            narrator.Broke($"not done within {Figures.Seconds(StepLimit)}");
        }
        catch (Exception exception) when (
            exception is StageException or PostgresServerException or NpgsqlException or BootstrapException or FreezeException
                or HttpRequestException or IOException or SocketException or JsonException)
        {
            narrator.Broke(exception.Message);
        }

        return false;
    }

    private void ShowLogSince(int lines)
    {
        if (!stage.HasLambda) return;
        narrator.Say("The function's log of this step:");
        foreach (LogLine line in stage.Lambda.LogLines.Skip(lines).TakeLast(LogLinesOfFailure)) narrator.WriteLog(line);
    }
}
