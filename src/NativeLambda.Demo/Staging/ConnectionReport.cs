using System.Text.Json;

namespace NativeLambda.Demo.Staging;

/// <summary>The answer of <c>GET /connection</c>: what the environment knows about its connection.</summary>
internal sealed record ConnectionReport(
    int BackendPid, DateTimeOffset OpenedAt, int Opens, long Invocations, long ReusedFor, double GapMs, string Check, double OpenMs, double InitMs)
{
    /// <exception cref="StageException">It is no 200.</exception>
    public static ConnectionReport Of(Answer answer) => answer.Status == 200
        ? JsonSerializer.Deserialize<ConnectionReport>(answer.Body, JsonSerializerOptions.Web)!
        : throw new StageException($"GET /connection answered {answer.Summary}");
}
