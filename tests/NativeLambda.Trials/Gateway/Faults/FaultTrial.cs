using System.Net;
using System.Net.Sockets;
using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>
/// Sends requests through a gateway to a Lambda that does everything wrong, and is killed meanwhile: every client must get exactly one
/// well-formed answer, its own, of a status that is right for what happened; and the gateway must hold no more afterwards than before.
/// </summary>
internal sealed class FaultTrial(FaultOptions options, FaultyLambda lambda, IPEndPoint gateway, Uri metrics, int gatewayPid, TimeProvider time)
{
    private const int HeapBreath = 32 * 1024; // KiB
    private const int ManagedBreath = 2 * 1024 * 1024;
    private const int SpareThreads = 4;

    // .NET's thread pool lets go of a thread that was idle for 20 s.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    private readonly FaultResult _result = new();
    private int _next;
    private int _finished;

    public async Task<FaultResult> RunAsync(CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task killing = KillAsync(over.Token);
        var heap = new HeapWatch(metrics, () => Volatile.Read(ref _finished), time);
        Task watching = heap.RunAsync(over.Token);
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(client => Task.Run(() => ClientAsync(client, cancellation), cancellation)));
        await over.CancelAsync();
        await killing;
        await watching;
        (_result.WarmHeap, _result.EndHeap) = (heap.Between(options.WarmAfter, 2 * options.WarmAfter), heap.Between(options.Requests - options.WarmAfter, options.Requests));
        _result.End = await SettleAsync(cancellation);
        Judge();
        return _result;
    }

    private async Task ClientAsync(int index, CancellationToken cancellation)
    {
        var random = new SeededRandom(options.Seed, index);
        StrictClient? client = null;
        try
        {
            while (Interlocked.Increment(ref _next) is var number && number <= options.Requests)
            {
                client = await RequestAsync(client, Pick(random), number, random.Below(4) == 0 ? random.Below(20_000) : 0, cancellation);
                if (Interlocked.Increment(ref _finished) == options.WarmAfter) _result.Warm = ProcessHoldings.Of(gatewayPid);
            }
        }
        finally
        {
            client?.Dispose();
        }
    }

    private async Task<StrictClient?> RequestAsync(StrictClient? client, FaultKind kind, int number, int body, CancellationToken cancellation)
    {
        string path = $"/{(kind.IsStream() ? "stream" : "sync")}/{kind}/{number}";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.Patience);
        try
        {
            client ??= await StrictClient.ConnectAsync(gateway, patience.Token);
            if (client.HasMore()) throw new MalformedAnswerException("something came that nobody asked for");
            await client.SendAsync(body > 0 ? "POST" : "GET", path, body, patience.Token);
            if (kind == FaultKind.ClientGone)
            {
                Count(kind, 0);
                client.Dispose();
                return null;
            }
            ClientAnswer answer = await client.ReceiveAsync(patience.Token);
            Check(kind, path, answer);
            if (!answer.Closes) return client;
        }
        catch (Exception exception) when (exception is MalformedAnswerException or FormatException or SocketException)
        {
            Violation($"{path}: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Violation($"{path}: no answer in {options.Patience.TotalSeconds} s");
        }
        client?.Dispose();
        return null;
    }

    private void Check(FaultKind kind, string path, ClientAnswer answer)
    {
        if (!answer.IsWhole)
        {
            Count(kind, -1);
            if (!kind.MayBreakOff()) Violation($"{path}: the answer {answer.Status} is cut");
            return;
        }
        Count(kind, answer.Status);
        if (answer.Status != 503 && !kind.Statuses().Contains(answer.Status)) Violation($"{path}: status {answer.Status}: {answer.Body}");
        if (answer.Status == 200 && answer.Body != FaultAnswers.BodyFor(path)) Violation($"{path}: the answer is another's, or not whole: {answer.Body}");
    }

    private async Task KillAsync(CancellationToken over)
    {
        try
        {
            for (int kill = 1; kill <= options.Kills; kill++)
            {
                int at = options.Requests / (options.Kills + 1) * kill;
                while (Volatile.Read(ref _finished) < at) await Task.Delay(TimeSpan.FromMilliseconds(5), time, over);
                await lambda.KillAsync();
                try
                {
                    await Task.Delay(options.KilledFor, time, over);
                }
                finally
                {
                    lambda.Revive();
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // All requests are answered.
        }
    }

    /// <summary>Waits until the gateway has let go of what its clients had; a leak makes it wait in vain.</summary>
    private async Task<ProcessHoldings> SettleAsync(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        ProcessHoldings holdings;
        do
        {
            holdings = ProcessHoldings.Of(gatewayPid);
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
        }
        while (!IsSettled(holdings) && time.GetElapsedTime(start) < Settling);
        return holdings;
    }

    private bool IsSettled(ProcessHoldings now) =>
        now.Descriptors <= _result.Warm.Descriptors - (options.Clients / 2) && now.Threads <= _result.Warm.Threads + SpareThreads;

    private void Judge()
    {
        int total = _result.Total;
        if (total + _result.Violations.Count < options.Requests) Violation($"{options.Requests} requests have {total} answers");
        int ok = _result.Count(FaultKind.Ok, 200), all = ok + _result.Count(FaultKind.Ok, 503);
        if (ok < all / 2) Violation($"of {all} invocations that nothing was wrong with only {ok} were answered by the function");
        int retried = _result.Count(FaultKind.ThrottledOnce, 200), given = _result.Count(FaultKind.ThrottledOnce, 429);
        if (retried < given) Violation($"of {retried + given} invocations that were throttled once only {retried} were tried again");
        // Memory is flat when what the requests after the first ones add is noise: a twentieth, and what a heap breathes.
        if (_result.End.ResidentKiB > (_result.Warm.ResidentKiB * 1.05) + HeapBreath) Violation($"memory grows: {_result.Warm} became {_result.End}");
        if (_result is not { WarmHeap: { } before, EndHeap: { } after }) Violation("nobody looked at the heap: too few requests");
        else if (after.Bytes > (before.Bytes * 1.1) + ManagedBreath) Violation($"the managed heap grows: {before} became {after}");
        if (_result.End.Descriptors > _result.Warm.Descriptors) Violation($"descriptors leak: {_result.Warm} became {_result.End}");
        if (_result.End.Threads > _result.Warm.Threads + SpareThreads) Violation($"threads leak: {_result.Warm} became {_result.End}");
    }

    private static FaultKind Pick(SeededRandom random)
    {
        int at = random.Below(FaultKinds.Weights);
        foreach (FaultKind kind in FaultKinds.All)
        {
            at -= kind.Weight();
            if (at < 0) return kind;
        }
        return FaultKind.Ok;
    }

    private void Count(FaultKind kind, int status) => _result.Answers.AddOrUpdate((kind, status), 1, static (_, count) => count + 1);

    private void Violation(string what) => _result.Violations.Enqueue(what);
}
