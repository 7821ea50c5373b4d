using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Dashboard.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;
using NativeLambda.IntegrationTests.Emulator;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>The live feed: few events whatever happens, none missed, and no client that costs memory.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = StagedDashboard.NewClock();
    private StagedDashboard _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await StagedDashboard.StartAsync(_clock);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_client_gets_all_there_is_and_then_what_changes()
    {
        _stage.ShowEveryPhase();
        using EventReader reader = await EventReader.OpenAsync(_stage.Url);
        FeedEvent first = (await reader.NextAsync())!;
        Assert.Equal("snapshot", first.Name);
        Assert.Equal(
            ["init", "idle", "busy", "frozen", "held", "reset", "stopping", "frozen", "reopening", "dead"],
            first.Data.GetProperty("environments").EnumerateArray().Select(static e => e.GetProperty("phase").GetString()));
        Assert.Equal("products", first.Data.GetProperty("functions")[0].GetProperty("name").GetString());

        _stage.Show(0, EnvironmentState.Busy, 1);
        _clock.Advance(FleetFeed.Interval);
        FeedEvent second = (await reader.NextAsync())!;
        Assert.Equal(("update", first.Number + 1), (second.Name, second.Number));
        JsonElement changed = Assert.Single(second.Data.GetProperty("environments").EnumerateArray());
        Assert.Equal("busy", changed.GetProperty("phase").GetString());
        Assert.Equal("busy", Assert.Single(changed.GetProperty("spans").EnumerateArray())[0].GetString()); // Init was told
    }

    [Fact]
    public async Task Whatever_happens_within_a_beat_is_one_event()
    {
        using EventReader reader = await EventReader.OpenAsync(_stage.Url);
        FeedEvent snapshot = (await reader.NextAsync())!;
        for (int round = 0; round < 20; round++)
            for (int i = 0; i < 300; i++) _stage.Show(i, round % 2 == 0 ? EnvironmentState.Busy : EnvironmentState.Frozen, round);
        _clock.Advance(FleetFeed.Interval);
        FeedEvent update = (await reader.NextAsync())!;
        Assert.Equal(snapshot.Number + 1, update.Number);
        Assert.Equal(300, update.Environments.Length);

        _stage.Show(7, EnvironmentState.Busy, 21);
        _clock.Advance(FleetFeed.Interval);
        FeedEvent next = (await reader.NextAsync())!;
        Assert.Equal(update.Number + 1, next.Number);
        Assert.Equal([StagedDashboard.Id(7)], next.Environments);
    }

    [Fact]
    public async Task One_that_comes_back_gets_what_it_has_missed()
    {
        FeedEvent last;
        using (EventReader reader = await EventReader.OpenAsync(_stage.Url)) last = (await reader.NextAsync())!;
        using EventReader other = await EventReader.OpenAsync(_stage.Url);
        await other.NextAsync();
        for (int i = 0; i < 5; i++)
        {
            _stage.Show(i, EnvironmentState.Busy);
            _clock.Advance(FleetFeed.Interval);
            await other.NextAsync();
        }

        using EventReader again = await EventReader.OpenAsync(_stage.Url, last.Id);
        for (int i = 0; i < 5; i++)
        {
            FeedEvent missed = (await again.NextAsync())!;
            Assert.Equal(("update", last.Number + 1 + i), (missed.Name, missed.Number));
            Assert.Equal([StagedDashboard.Id(i)], missed.Environments);
        }
    }

    [Theory]
    [InlineData("00000000-1")]
    [InlineData("nonsense")]
    [InlineData("EPOCH-999999")]
    [InlineData("EPOCH--1")]
    [InlineData("EPOCH-")]
    public async Task One_that_remembers_what_was_never_told_begins_anew(string id)
    {
        _stage.Show(0, EnvironmentState.Busy);
        string epoch;
        using (EventReader reader = await EventReader.OpenAsync(_stage.Url)) epoch = (await reader.NextAsync())!.Id.Split('-')[0];
        using EventReader again = await EventReader.OpenAsync(_stage.Url, id.Replace("EPOCH", epoch, StringComparison.Ordinal));
        Assert.Equal("snapshot", (await again.NextAsync())!.Name);
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_nobody_up_and_gets_a_snapshot_when_it_reads_again()
    {
        using TcpClient slow = await AskWithoutReadingAsync();
        using EventReader quick = await EventReader.OpenAsync(_stage.Url);
        await quick.NextAsync();

        // Far more than sockets and the kept events hold: 300 environments change all the time, for less than the half minute after
        // which it would be dropped.
        long bytes = 0;
        for (int round = 1; round <= 250; round++)
        {
            for (int i = 0; i < 300; i++) _stage.Show(i, round % 2 == 0 ? EnvironmentState.Busy : EnvironmentState.Frozen, round);
            _clock.Advance(FleetFeed.Interval);
            FeedEvent update = (await quick.NextAsync())!;
            Assert.Equal(300, update.Environments.Length);
            bytes += update.Data.GetRawText().Length;
        }
        Assert.True(bytes > 3 * FleetFeed.KeptBytes, $"only {bytes} bytes were told");

        using var reader = new StreamReader(slow.GetStream());
        var names = new List<string>();
        while (names.Count < 2 || names[^1] != "snapshot")
        {
            string line = (await reader.ReadLineAsync().Guarded())!;
            if (line.StartsWith("event: ", StringComparison.Ordinal)) names.Add(line[7..]);
        }
        Assert.Equal("snapshot", names[0]);
        Assert.True(names.Count < FleetFeed.Kept + 2, $"{names.Count} events were kept for it");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_for_half_a_minute_is_dropped()
    {
        using TcpClient stuck = await AskWithoutReadingAsync();
        using EventReader quick = await EventReader.OpenAsync(_stage.Url);
        await quick.NextAsync();
        var end = Task.Run(async () =>
        {
            // Its end, and not its first bytes: until then nothing is read.
            while (stuck.Client.Poll(0, SelectMode.SelectError) is false && !IsReset(stuck.Client))
            {
                for (int i = 0; i < 300; i++) _stage.Show(i, EnvironmentState.Busy, 1);
                _clock.Advance(TimeSpan.FromSeconds(1));
                await quick.NextAsync();
            }
        });
        await end.Guarded();
    }

    [Fact]
    public async Task There_are_only_so_many_clients()
    {
        var readers = new List<EventReader>();
        for (int i = 0; i < EventStream.MaxClients; i++) readers.Add(await EventReader.OpenAsync(_stage.Url));
        using (var http = new HttpClient())
        using (HttpResponseMessage refused = await http.GetAsync(new Uri(_stage.Url, "/api/events")))
            Assert.Equal(503, (int)refused.StatusCode);
        foreach (EventReader reader in readers) reader.Dispose();
        // The server learns of their leaving when it writes next.
        await Fixtures.Eventually.IsTrueAsync(async () =>
        {
            _clock.Advance(FleetFeed.Interval);
            using var http = new HttpClient();
            using HttpResponseMessage response = await http.GetAsync(new Uri(_stage.Url, "/api/events"), HttpCompletionOption.ResponseHeadersRead);
            return response.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Lines_of_the_log_are_numbered_and_cut_to_a_size()
    {
        string hostile = "<script>alert(1)</script>\u2028\ud83d\ude00";
        _stage.Log(1, LogSource.StandardOutput, hostile);
        _stage.Log(1, LogSource.StandardError, new string('x', 999) + "\ud83d\ude00" + new string('y', 100_000));
        using EventReader reader = await EventReader.OpenAsync(_stage.Url);
        JsonElement[] lines = [.. (await reader.NextAsync())!.Data.GetProperty("log").EnumerateArray()];
        Assert.Equal([1, 2], lines.Select(static line => line.GetProperty("n").GetInt32()));
        Assert.Equal(hostile, lines[0].GetProperty("text").GetString());
        Assert.Equal(new string('x', 999) + "…", lines[1].GetProperty("text").GetString());
        for (int i = 0; i < 2 * RecentLog.Kept; i++) _stage.Log(1, LogSource.StandardOutput, $"{i}");
        _clock.Advance(FleetFeed.Interval);
        Assert.Equal(RecentLog.Kept, (await reader.NextAsync())!.Data.GetProperty("log").GetArrayLength());
    }

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    public async Task A_report_comes_with_its_figures_in_whichever_format_its_line_is(LogFormat format)
    {
        var report = new ReportLine { RequestId = "1", Duration = TimeSpan.FromMilliseconds(3.204), MemorySizeMb = 512, MaxMemoryUsedMb = 20 };
        _stage.Log(1, LogSource.Platform, "REPORT of nobody"); // not the platform's event
        _stage.Log(1, report with { InitDuration = TimeSpan.FromMilliseconds(25) }, format);
        _stage.Log(1, report with { Status = "error", ErrorType = "Oh.No\tInit Duration: 1 ms" }, format);
        _stage.Log(1, new InitReport("on-demand", "init", TimeSpan.FromMilliseconds(7), "timeout", null), format);
        _stage.Log(1, new RuntimeDone(report), format);
        using EventReader reader = await EventReader.OpenAsync(_stage.Url);
        JsonElement[] lines = [.. (await reader.NextAsync())!.Data.GetProperty("log").EnumerateArray()];
        Assert.All([lines[0], lines[4]], static line => Assert.False(line.TryGetProperty("report", out _)));
        Assert.Equal(
            [
                """{"duration":3.2,"billed":29,"memory":20,"init":25}""",
                """{"duration":3.2,"billed":4,"memory":20,"status":"error","errorType":"Oh.No\tInit Duration: 1 ms"}""",
                """{"init":7,"status":"timeout"}""",
            ],
            lines[1..4].Select(static line => line.GetProperty("report").GetRawText()));
        Assert.Equal((2, 1, 1), (_stage.State.Metrics.Read().Invocations, _stage.State.Metrics.Read().ColdStarts, _stage.State.Metrics.Read().Failures));
    }

    [Fact]
    public async Task The_stream_ends_with_the_dashboard()
    {
        StagedDashboard stage = await StagedDashboard.StartAsync(_clock);
        using EventReader reader = await EventReader.OpenAsync(stage.Url);
        await reader.NextAsync();
        await stage.DisposeAsync();
        Assert.Null(await reader.NextAsync());
    }

    /// <summary>A client that has asked for the feed, and holds little of it.</summary>
    private async Task<TcpClient> AskWithoutReadingAsync()
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync("127.0.0.1", _stage.Url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/events HTTP/1.1\r\nHost: {_stage.Url.Authority}\r\n\r\n"));
        return client;
    }

    private static bool IsReset(Socket socket)
    {
        try
        {
            // A reset shows in the socket's error, whatever is still unread.
            return (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
