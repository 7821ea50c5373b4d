using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Dashboard.Backends;
using NativeLambda.Emulator.Http;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>The controls: <c>POST /api/…</c> with a body of JSON. See docs/emulator.md.</summary>
internal sealed class ControlApi(IDashboardTarget target, DatabaseControls? database, BurstRunner bursts)
{
    /// <summary>The largest body: the payload of a burst.</summary>
    private const int MaxBody = 1024 * 1024;

    /// <summary>Carries out the control that the path names.</summary>
    /// <returns>False when there is no such control.</returns>
    public async Task<bool> TryHandleAsync(HttpContext context, string[] path)
    {
        Func<JsonElement, Task<Dictionary<string, object?>>>? control = path switch
        {
            ["environments"] => StartAsync,
            ["environments", var id, "freeze"] => _ => OnEnvironmentAsync(target.FreezeAsync, id),
            ["environments", var id, "thaw"] => _ => OnEnvironmentAsync(target.ThawAsync, id),
            ["environments", var id, "kill"] => _ => OnEnvironmentAsync(target.KillAsync, id),
            ["environments", var id, "shutdown"] => _ => OnEnvironmentAsync(target.ShutdownAsync, id),
            ["invoke", "burst"] => BurstAsync,
            ["database", "terminate"] => TerminateAsync,
            ["database", "restart"] => RestartAsync,
            ["network", "drop"] => DropAsync,
            ["network", "restore"] => RestoreAsync,
            _ => null,
        };
        if (control is null) return false;
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await JsonAnswer.RefuseAsync(context, new Refusal(405, "MethodNotAllowed", "controls are POST"));
            return true;
        }
        await CarryOutAsync(context, control);
        return true;
    }

    private static async Task CarryOutAsync(HttpContext context, Func<JsonElement, Task<Dictionary<string, object?>>> control)
    {
        if (await HttpBody.ReadAsync(context.Request, MaxBody) is not { } body)
        {
            await JsonAnswer.RefuseAsync(context, new Refusal(413, "TooLarge", $"a body has at most {MaxBody} bytes"));
            return;
        }
        Refusal refusal;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new BadRequestException("the body must be a JSON object");
            await JsonAnswer.WriteAsync(context, 200, await control(document.RootElement));
            return;
        }
        catch (JsonException)
        {
            refusal = new Refusal(400, "BadRequest", "the body is no JSON text");
        }
        catch (BadRequestException exception)
        {
            refusal = new Refusal(400, "BadRequest", exception.Message);
        }
        catch (ArgumentException)
        {
            // Without what was asked for: it may be anything.
            refusal = new Refusal(404, "NotFound", "there is no such environment");
        }
        catch (Exception exception) when (exception is ControlException or InvalidOperationException or InitFailedException)
        {
            refusal = new Refusal(409, "Conflict", exception.Message);
        }
        await JsonAnswer.RefuseAsync(context, refusal);
    }

    private static async Task<Dictionary<string, object?>> OnEnvironmentAsync(Func<string, Task> control, string id)
    {
        await control(id);
        return new() { ["environment"] = id };
    }

    private async Task<Dictionary<string, object?>> StartAsync(JsonElement body) =>
        new() { ["environment"] = await target.StartEnvironmentAsync(Function(body)) };

    private async Task<Dictionary<string, object?>> BurstAsync(JsonElement body)
    {
        int count = !body.TryGetProperty("count", out JsonElement given) ? 1
            : given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out int number) && number is >= 1 and <= BurstRunner.MaxCount ? number
            : throw new BadRequestException($"count must be a number from 1 to {BurstRunner.MaxCount}");
        byte[] payload = body.TryGetProperty("payload", out JsonElement @event) ? JsonSerializer.SerializeToUtf8Bytes(@event) : "{}"u8.ToArray();
        return await bursts.RunAsync(Function(body), count, payload);
    }

    private async Task<Dictionary<string, object?>> TerminateAsync(JsonElement body) =>
        new() { ["terminated"] = await Database.TerminateAsync(Text(body, "environment")) };

    private async Task<Dictionary<string, object?>> RestartAsync(JsonElement body)
    {
        PostgresShutdownMode mode = Text(body, "mode") switch
        {
            null or "fast" => PostgresShutdownMode.Fast,
            "immediate" => PostgresShutdownMode.Immediate,
            _ => throw new BadRequestException("mode must be fast or immediate"),
        };
        await Database.RestartAsync(mode);
        return new() { ["restarted"] = true };
    }

    private async Task<Dictionary<string, object?>> DropAsync(JsonElement body)
    {
        bool outage = Text(body, "flows") switch
        {
            null or "all" => true,
            "live" => false,
            _ => throw new BadRequestException("flows must be live or all"),
        };
        return new() { ["dropped"] = await Database.DropAsync(outage), ["outage"] = outage };
    }

    private async Task<Dictionary<string, object?>> RestoreAsync(JsonElement body)
    {
        await Database.RestoreAsync();
        return new() { ["outage"] = false };
    }

    private DatabaseControls Database => database
        ?? throw new ControlException("the emulator knows no database: lambda-emulator run --postgres starts one");

    private string Function(JsonElement body)
    {
        if (Text(body, "function") is not { } name) return target.Functions[0].Name;
        return target.Functions.Any(function => function.Name == name) ? name : throw new BadRequestException("there is no such function");
    }

    private static string? Text(JsonElement body, string name) =>
        !body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new BadRequestException($"{name} must be a text");
}
