using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;

namespace NativeLambda.Demo.Steps;

/// <summary>A write whose answer never comes: the caller hears that its outcome is unknown, and nothing is run twice.</summary>
internal sealed class KilledInMidWrite : IStep
{
    public string Title => "The backend is killed in the middle of a write: never run twice, never called a success";

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        await stage.OnlyFrozenAsync(cancellation);
        Ledger before = await stage.Control.LedgerAsync(TenInvocations.Product, cancellation);
        Answer answer;
        int backend;
        await using (await stage.Control.LockProductAsync(TenInvocations.Product, cancellation))
        {
            // The lock holds the statement in the server until the backend is gone, so that the kill cannot come too late.
            Task<Answer> write = stage.Client.SendAsync(
                HttpMethod.Post, $"/products/{TenInvocations.Product}/movements", """{"quantity":-5}""", cancellation);
            backend = await stage.Control.WaitForBlockedBackendAsync(cancellation);
            narrator.Say($"POST movement is in the server, waiting for a row that this story holds: pg_terminate_backend({backend})");
            await stage.Control.TerminateAsync(backend, cancellation);
            answer = await write;
        }

        narrator.Request(answer, answer.Body);
        narrator.Claim("the caller gets 503", 503, answer.Status);
        narrator.Claim(
            "which says that the outcome is not known", answer.Body.Contains("not known", StringComparison.Ordinal), "a body that says so", answer.Body);
        narrator.Claim("the movement was not made, and not tried again behind the caller's back", before, await stage.Control.LedgerAsync(TenInvocations.Product, cancellation));

        Answer next = await stage.Client.SendAsync(
            HttpMethod.Post, $"/products/{TenInvocations.Product}/movements", """{"quantity":-5}""", cancellation);
        narrator.Request(next, next.Body);
        narrator.Claim("the next one finds a good connection: 201", "201", next.Summary);
        narrator.Claim(
            "and took effect once", new Ledger(before.Movements + 1, before.Sum - 5, before.Stock - 5),
            await stage.Control.LedgerAsync(TenInvocations.Product, cancellation));
    }
}
