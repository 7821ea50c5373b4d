using System.Globalization;
using System.Text.Json;
using NativeLambda.Trials.Soak.Judging;
using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>Performs operations one after the other, has each answer judged and tells the history what it was told.</summary>
/// <param name="caller">Whom it asks.</param>
/// <param name="history">Gets what it was told.</param>
/// <param name="bench">Judges each answer.</param>
/// <param name="clock">The time of the trial.</param>
/// <param name="patience">How long a write with a key is repeated.</param>
internal sealed class SoakClient(FunctionCaller caller, History history, Bench bench, SoakClock clock, TimeSpan patience)
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Performs the operations of a client until the trial is over; a write with a key is repeated beyond that.</summary>
    public async Task RunAsync(IEnumerable<PlannedOperation> operations, Gate gate, CancellationToken stop)
    {
        foreach (PlannedOperation operation in operations)
        {
            if (!await clock.PauseAsync(operation.Pause, stop))
                return;
            await gate.PassAsync();
            await PerformAsync(operation);
        }
    }

    /// <returns>The last answer.</returns>
    public async Task<Answer> PerformAsync(PlannedOperation operation)
    {
        if (!operation.IsRead)
            return await WriteAsync(operation);
        bool isList = operation.Kind == OperationKind.List;
        Answer answer = await CallAsync(operation, "GET", isList ? "/products" : $"/products/{operation.ProductId}");
        if (!isList && answer.Status == 200)
            history.Add(new ReadRecord(operation.Product, Number(answer, "stock"), answer.Start, answer.End));
        return answer;
    }

    private async Task<Answer> WriteAsync(PlannedOperation operation)
    {
        string body = string.Create(CultureInfo.InvariantCulture, $$"""{"quantity":{{operation.Quantity}}}""");
        TimeSpan? first = null;
        bool mayBeMade = false;
        while (true)
        {
            Answer answer = await CallAsync(operation, "POST", $"/products/{operation.ProductId}/movements", body);
            first ??= answer.Start;
            WriteResult? result = answer.Claim switch
            {
                Claim.Done => WriteResult.Acknowledged,
                // What an earlier attempt left on its way may still be made.
                Claim.Refused => mayBeMade ? WriteResult.Unknown : WriteResult.Refused,
                _ when answer.Status == Answer.Throttled => null,
                _ when operation.Key is not null && clock.Now - first < patience => null,
                _ when operation.Key is not null => WriteResult.Unfinished,
                Claim.NotDone => WriteResult.NotDone,
                _ => WriteResult.Unknown,
            };
            if (result is { } known)
            {
                bool isDone = known == WriteResult.Acknowledged;
                history.Add(new WriteRecord(
                    operation.Product, operation.Quantity, operation.Key, known, first.Value, answer.Start, answer.End, answer.RequestId,
                    isDone ? Number(answer, "id") : 0, isDone ? Number(answer, "stock") : 0));
                return answer;
            }

            mayBeMade |= answer.Claim == Claim.Unknown;
            if (answer.Status != Answer.Throttled)
                bench.Tally.AddRepeat();
            await clock.PauseAsync(RepeatAfter, CancellationToken.None);
        }
    }

    private async Task<Answer> CallAsync(PlannedOperation operation, string method, string path, string? body = null)
    {
        Answer answer = await caller.CallAsync(method, path, body, operation.Key);
        bench.Hear(operation, answer);
        return answer;
    }

    private static long Number(Answer answer, string member) => JsonElement.Parse(answer.Detail).GetProperty(member).GetInt64();
}
