using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>The answers of the control API.</summary>
internal static class JsonAnswer
{
    public static Task RefuseAsync(HttpContext context, Refusal refusal) =>
        WriteAsync(context, refusal.Status, new Dictionary<string, object?> { ["error"] = refusal.Error, ["message"] = refusal.Message });

    public static Task WriteAsync(HttpContext context, int status, IReadOnlyDictionary<string, object?> members) =>
        HttpBody.WriteAsync(context.Response, status, JsonSerializer.SerializeToUtf8Bytes(members));
}
