using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Http;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>
/// Runs the published bootstrap against a Runtime API that takes every report and has no invocation, until it ends by itself, and
/// searches everything that came out of it for its secrets.
/// </summary>
internal static class InitAttempt
{
    /// <summary>So long a budget that only an Init that does not use it ends before the guard.</summary>
    private const string EndlessBudget = "10m";

    /// <summary>Runs an Init that must fail, and at once: without changes to it the budget is ten minutes.</summary>
    /// <param name="bootstrap">The program.</param>
    /// <param name="database">libpq's variables.</param>
    /// <param name="changes">Variables that differ from them or come in addition; an empty value removes one.</param>
    public static async Task<InitReport> FailAsync(
        BootstrapFixture bootstrap, IReadOnlyDictionary<string, string> database, params (string Name, string Value)[] changes)
    {
        var variables = new Dictionary<string, string>(database)
        {
            ["NATIVELAMBDA_INIT_BUDGET"] = EndlessBudget,
            ["AWS_LAMBDA_LOG_LEVEL"] = "DEBUG",
        };
        foreach ((string name, string value) in changes)
            variables[name] = value;

        var requests = new ConcurrentQueue<(string Line, string Type, string Body)>();
        await using HttpService http = await HttpService.StartAsync(failure => Assert.Fail(failure.ToString()), CancellationToken.None);
        using HttpEndpoint endpoint = http.Listen(0, async context =>
        {
            if (context.Request.Path.StartsWithSegments("/2020-01-01/extension"))
            {
                // An extension is registered, and then waits for an event that does not come.
                context.Response.Headers["Lambda-Extension-Identifier"] = Guid.NewGuid().ToString();
                if (HttpMethods.IsGet(context.Request.Method))
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                return;
            }

            byte[] body = (await HttpBody.ReadAsync(context.Request, 1_000_000))!;
            requests.Enqueue((
                $"{context.Request.Method} {context.Request.Path}", context.Request.Headers["Lambda-Runtime-Function-Error-Type"].ToString(),
                Encoding.UTF8.GetString(body)));
            // An Init that does not fail asks for an invocation: 500 ends the process, and the request is not the one expected.
            context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method) ? 202 : 500;
        });
        variables["AWS_LAMBDA_RUNTIME_API"] = endpoint.Uri.Authority;
        var search = new SecretSearch(database, variables);
        (int exitCode, string output) = await RunToEndAsync(
            await bootstrap.GetPathAsync(), variables, search, () => string.Join('\n', requests.Select(request => $"it has asked: {request}")));

        (string line, string type, string posted) = Assert.Single(requests);
        Assert.Equal("POST /2018-06-01/runtime/init/error", line);
        search.Add("the output", output);
        search.Add("init/error", posted);
        await search.AddServersOfAsync(database);
        search.AssertNothingFound();
        return new InitReport(exitCode, type, posted, output);
    }

    public static void AssertSecret(string secret, params string[] texts) =>
        Assert.All(texts, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));

    private static async Task<(int ExitCode, string Output)> RunToEndAsync(
        string bootstrap, Dictionary<string, string> variables, SecretSearch search, Func<string> describe)
    {
        var start = new ProcessStartInfo(bootstrap) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach ((string name, string value) in variables)
            if (value.Length > 0)
                start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        search.AddCommandLine(process.Id);
        var output = new ConcurrentQueue<string>();
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        // Whoever else holds them keeps them open when the process has ended.
        string[] pipes = [.. new[] { 1, 2 }.Select(number => ProcessInspection.TryReadLink($"/proc/{process.Id}/fd/{number}")).OfType<string>()];
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await Guarded.WaitAsync(process.WaitForExitAsync(), "the end of an Init that must fail", () => string.Join('\n',
                [ProcessPicture.Of(process.Id), .. pipes.Select(ProcessPicture.HoldersOf), describe(), "its output:", .. output]));
            return (process.ExitCode, string.Join('\n', output));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
