using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Demo.Steps;

/// <summary>The backend dies while its client cannot notice. The next request must not, either.</summary>
internal sealed class KilledWhileFrozen : IStep
{
    public string Title => "The backend is killed while the function is frozen: the next request answers";

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        Ledger before = await stage.Control.LedgerAsync(TenInvocations.Product, cancellation);
        var served = new HashSet<int>();

        served.Add(await KillAsync(stage, narrator, cancellation));
        (Answer answer, ConnectionReport first) = await stage.ConnectionAsync(cancellation);
        narrator.Request(answer, $"check: {first.Check}, opens: {first.Opens}, backend {first.BackendPid}");
        narrator.Claim("200 on another backend", served.Add(first.BackendPid), "another pid", $"{first.BackendPid}");
        narrator.Claim("opened before the handler ran", "reopened", first.Check);

        served.Add(await KillAsync(stage, narrator, cancellation));
        Answer read = await stage.Client.GetAsync($"/products/{TenInvocations.Product}", cancellation);
        narrator.Request(read, read.Body);
        narrator.Claim("a read answers 200", "200", read.Summary);

        served.Add(await KillAsync(stage, narrator, cancellation));
        Answer write = await stage.Client.SendAsync(HttpMethod.Post, $"/products/{TenInvocations.Product}/movements", """{"quantity":1}""", cancellation);
        narrator.Request(write, write.Body);
        narrator.Claim("a write answers 201", "201", write.Summary);
        narrator.Claim(
            "and took effect once", new Ledger(before.Movements + 1, before.Sum + 1, before.Stock + 1),
            await stage.Control.LedgerAsync(TenInvocations.Product, cancellation));

        (_, ConnectionReport last) = await stage.ConnectionAsync(cancellation);
        served.Add(last.BackendPid);
        narrator.Claim("three kills, four backends, one environment that never stopped serving", "4 backends, opens 4", $"{served.Count} backends, opens {last.Opens}");
    }

    private static async Task<int> KillAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        EnvironmentSnapshot environment = await stage.OnlyFrozenAsync(cancellation);
        int backend = (await stage.Control.BackendsAsync(cancellation)) is [var only] ? only.Pid : throw new StageException("there is more than one backend, or none");
        await stage.Control.TerminateAsync(backend, cancellation);
        KernelState state = KernelState.Read(environment.FreezeMethod, environment.ProcessId ?? throw new StageException("the environment has no process"));
        if (!state.IsFrozen) throw new StageException($"the environment was not frozen when its backend was killed: {state.Evidence}");
        narrator.Say($"pg_terminate_backend({backend}) while frozen: the backend is gone, the function does not know");
        return backend;
    }
}
