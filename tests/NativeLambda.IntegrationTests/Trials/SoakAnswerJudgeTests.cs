using NativeLambda.Trials.Soak.Judging;
using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>Which answers the faults of the soak excuse.</summary>
public sealed class SoakAnswerJudgeTests
{
    private static readonly FaultKind[] Unreachable =
    [
        FaultKind.RestartFast, FaultKind.RestartImmediate, FaultKind.Swallow, FaultKind.Suspend, FaultKind.FillSlots, FaultKind.Refuse, FaultKind.Ignore,
    ];

    private static readonly FaultKind[] Lossy =
        [FaultKind.TerminateIdle, FaultKind.TerminateInStatement, FaultKind.LoseAnswers, FaultKind.Reset, FaultKind.RotatePassword];

    [Theory]
    [InlineData(200, nameof(OperationKind.Read))]
    [InlineData(200, nameof(OperationKind.List))]
    [InlineData(201, nameof(OperationKind.Write))]
    [InlineData(409, nameof(OperationKind.KeyedWrite))]
    [InlineData(429, nameof(OperationKind.Read))]
    public void What_was_asked_for_needs_no_excuse(int status, string kind) => Assert.Null(Judge(kind, status));

    [Theory]
    [InlineData(503)]
    [InlineData(504)]
    public void A_request_may_be_turned_away_only_while_the_server_cannot_be_reached(int status)
    {
        foreach (FaultKind fault in Enum.GetValues<FaultKind>())
        {
            Assert.Equal(Unreachable.Contains(fault), Judge("Read", status, fault) is null);
            bool writeMay = Unreachable.Contains(fault) || Lossy.Contains(fault) || fault == FaultKind.LockRows;
            Assert.Equal(writeMay, Judge("Write", status, fault) is null);
        }

        Assert.Equal($"answered {status} while there was no fault", Judge("Read", status));
        Assert.NotNull(Judge("Write", status));
    }

    [Fact]
    public void A_read_that_loses_its_connection_is_run_again_so_only_two_losses_excuse_it()
    {
        Assert.NotNull(Judge("Read", 503, FaultKind.Reset));
        Assert.Null(Judge("Read", 503, FaultKind.Reset, FaultKind.TerminateIdle));
    }

    [Fact]
    public void A_function_may_end_under_its_invocation_only_when_it_was_killed()
    {
        Assert.Null(Judge("Read", 0, AnswerJudge.ExitError, FaultKind.KillEnvironment));
        Assert.NotNull(Judge("Read", 0, AnswerJudge.ExitError, FaultKind.ShutDownEnvironment));
        Assert.NotNull(Judge("Read", 0, AnswerJudge.ExitError, Unreachable));
    }

    [Theory]
    [InlineData("Sandbox.Timedout")]
    [InlineData("NpgsqlException")]
    public void No_fault_excuses_a_function_that_fails(string errorType) =>
        Assert.NotNull(Judge("Read", 0, errorType, Enum.GetValues<FaultKind>()));

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(422)]
    public void No_fault_excuses_another_status(int status) => Assert.NotNull(Judge("Write", status, Enum.GetValues<FaultKind>()));

    [Fact]
    public void Nothing_excuses_an_answer_that_takes_too_long()
    {
        var late = new Answer("request", 200, null, "", TimeSpan.Zero, AnswerJudge.Longest + TimeSpan.FromSeconds(1));
        Assert.NotNull(AnswerJudge.Judge(OperationKind.Read, late, []));
    }

    [Theory]
    [InlineData(201, "", nameof(Claim.Done))]
    [InlineData(409, "", nameof(Claim.Refused))]
    [InlineData(429, "", nameof(Claim.NotDone))]
    [InlineData(503, "The database cannot be reached at the moment. Nothing was done; try again.", nameof(Claim.NotDone))]
    [InlineData(503, "whether it took effect is not known", nameof(Claim.Unknown))]
    [InlineData(504, "", nameof(Claim.Unknown))]
    [InlineData(0, "", nameof(Claim.Unknown))]
    public void An_answer_claims_what_it_says(int status, string detail, string claim) =>
        Assert.Equal(claim, new Answer("request", status, null, detail, default, default).Claim.ToString());

    [Fact]
    public void Only_faults_that_were_there_meanwhile_excuse()
    {
        var windows = new FaultWindows();
        windows.Open(FaultKind.Suspend, Seconds(10));
        Assert.Equal(FaultKind.Suspend, windows.Current);
        Assert.Single(windows.Overlapping(Seconds(60), Seconds(61)));
        windows.Close(Seconds(12));
        Assert.Null(windows.Current);
        Assert.Empty(windows.Overlapping(Seconds(8), Seconds(9)));
        Assert.Single(windows.Overlapping(Seconds(9), Seconds(10)));
        Assert.Single(windows.Overlapping(Seconds(12), Seconds(13)));
        Assert.Empty(windows.Overlapping(Seconds(13), Seconds(14)));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static string? Judge(string kind, int status, params FaultKind[] faults) => Judge(kind, status, null, faults);

    private static string? Judge(string kind, int status, string? errorType, params FaultKind[] faults) => AnswerJudge.Judge(
        Enum.Parse<OperationKind>(kind),
        new Answer("request", status, errorType, "", TimeSpan.Zero, Seconds(1)),
        [.. faults.Select(fault => new FaultWindow(fault, TimeSpan.Zero, Seconds(1)))]);
}
