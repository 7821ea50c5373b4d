using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NativeLambda.Gateway.Lambda;
using static NativeLambda.Gateway.Tests.Lambda.Http.ClientBench;

namespace NativeLambda.Gateway.Tests.Lambda.Http;

/// <summary>HTTP/2 towards Lambda: a real server of it, which ends connections as load balancers do.</summary>
public sealed class Http2Tests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly ConcurrentDictionary<string, int> _runs = new();
    private readonly ConcurrentDictionary<string, byte> _connections = new();
    private readonly X509Certificate2 _certificate;
    private WebApplication _server = null!;
    private Func<HttpContext, Task> _answer = static context => context.Response.WriteAsync("1");

    public Http2Tests() => _certificate = _authority.Issue("localhost");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _runs.AddOrUpdate(await reader.ReadToEndAsync(Cancellation), 1, static (_, count) => count + 1);
            Assert.Equal("HTTP/2", context.Request.Protocol);
            _connections.TryAdd(context.Connection.Id, 0);
            await _answer(context);
        });
        await _server.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private LambdaClient Connect() => LambdaClient.Create(
        new LambdaClientOptions
        {
            MaxRetries = 0, Protocol = LambdaProtocol.Http2, CaBundle = _authority.Write(_folder), Region = "eu-central-1",
            Endpoint = new Uri($"https://localhost:{new Uri(_server.Urls.First()).Port}"),
        },
        static _ => null, NullLogger.Instance, TimeProvider.System);

    private static async Task InvokeAsync(LambdaClient client, int number) =>
        Assert.Equal("1", Encoding.UTF8.GetString((await client.InvokeAsync(Call() with { Payload = Encoding.UTF8.GetBytes($"{number}") }, Cancellation)).Payload.Span));

    [Fact]
    public async Task Many_calls_go_over_one_connection()
    {
        int under = 0;
        var all = new TaskCompletionSource();
        _answer = async context =>
        {
            if (Interlocked.Increment(ref under) == 20) all.SetResult();
            await all.Task.WaitAsync(Cancellation);
            await context.Response.WriteAsync("1");
        };
        using LambdaClient client = Connect();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => InvokeAsync(client, number)));
        Assert.Single(_connections);
    }

    [Fact]
    public async Task A_connection_that_the_server_ends_runs_no_call_twice_and_every_call_is_answered_or_told()
    {
        // GOAWAY after each tenth answer, while others are under way and more are about to begin. One that is being written while the
        // connection closes may have run, or not: it is told, and not made again.
        int answered = 0;
        _answer = context =>
        {
            if (Interlocked.Increment(ref answered) % 10 == 0) context.Features.Get<IConnectionLifetimeNotificationFeature>()!.RequestClose();
            return context.Response.WriteAsync("1");
        };
        using LambdaClient client = Connect();
        var told = new ConcurrentBag<int>();
        for (int number = 0; number < 40; number++) await TryAsync(number);
        await Task.WhenAll(Enumerable.Range(40, 200).Select(TryAsync));
        Assert.All(_runs, static run => Assert.Equal((run.Key, 1), (run.Key, run.Value)));
        Assert.InRange(told.Count, 0, 60);
        Assert.All(Enumerable.Range(0, 240).Except(told), number => Assert.Contains($"{number}", _runs.Keys));
        Assert.InRange(_connections.Count, 4, 240);

        async Task TryAsync(int number)
        {
            try
            {
                await InvokeAsync(client, number);
            }
            catch (LambdaUnreachableException)
            {
                told.Add(number);
            }
        }
    }

    [Fact]
    public async Task A_call_that_breaks_off_is_not_sent_again()
    {
        using LambdaClient client = Connect();
        await InvokeAsync(client, 1);
        _answer = static context =>
        {
            context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
            return Task.CompletedTask;
        };
        LambdaUnreachableException unreachable = await Assert.ThrowsAsync<LambdaUnreachableException>(() => InvokeAsync(client, 2));
        Assert.True(unreachable.MayHaveRun);
        Assert.Equal(1, _runs["2"]);
    }

    [Fact]
    public async Task A_server_without_it_is_spoken_to_in_HTTP_1_1()
    {
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Response(200, "1")), cancellation);
            return true;
        }, _certificate);
        using LambdaClient client = ClientBench.Connect(server, Plain with { Protocol = LambdaProtocol.Http2, CaBundle = _authority.Write(_folder) });
        for (int number = 0; number < 3; number++) await InvokeAsync(client, number);
        Assert.Equal((3, 1), (server.Requests.Count, server.Connections));
    }
}
