using System.Text.Json;
using NativeLambda.Database;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Function.Products;

/// <summary><c>GET /connection</c>: what the environment knows about its connection. Asks the database nothing.</summary>
internal static class GetConnection
{
    public static ValueTask<HttpResponse> HandleAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(HttpResponse.Json(200, context.Connection, Write).WithHeader("cache-control", "no-store"));

    private static void Write(Utf8JsonWriter writer, ConnectionFacts facts)
    {
        writer.WriteStartObject();
        writer.WriteNumber("backendPid"u8, facts.BackendPid);
        writer.WriteString("openedAt"u8, facts.OpenedAt);
        writer.WriteNumber("opens"u8, facts.Opens);
        writer.WriteNumber("invocations"u8, facts.Invocations);
        writer.WriteNumber("reusedFor"u8, facts.ReusedFor);
        writer.WriteNumber("gapMs"u8, Milliseconds(facts.Gap));
        writer.WriteString("check"u8, Name(facts.Check));
        writer.WriteNumber("openMs"u8, Milliseconds(facts.OpenDuration));
        writer.WriteNumber("initMs"u8, Milliseconds(facts.InitDuration));
        writer.WriteEndObject();
    }

    private static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 3);

    private static ReadOnlySpan<byte> Name(ConnectionCheck check) => check switch
    {
        ConnectionCheck.None => "none"u8,
        ConnectionCheck.Socket => "socket"u8,
        ConnectionCheck.Ping => "ping"u8,
        _ => "reopened"u8,
    };
}
