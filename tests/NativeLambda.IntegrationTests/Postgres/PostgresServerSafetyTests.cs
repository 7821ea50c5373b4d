using System.Diagnostics;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.IntegrationTests.Postgres;

/// <summary>What the server must not do: run as root, outlive us, leave files, tell passwords.</summary>
public sealed class PostgresServerSafetyTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_process_of_the_server_runs_as_root_and_none_has_the_password_in_its_arguments_or_environment()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        await using var session = new NpgsqlConnection(server.ConnectionString);
        await session.OpenAsync(Cancellation);
        IReadOnlyList<int> processes = ClusterDirectory.ProcessesIn(server.DataDirectory);
        Assert.Contains(server.PostmasterPid, processes);
        Assert.Contains(session.ProcessID, processes);
        foreach (int pid in processes)
        {
            string[] status = await File.ReadAllLinesAsync($"/proc/{pid}/status", Cancellation);
            Assert.DoesNotContain("0", status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1..]);
            Assert.DoesNotContain(server.Password, await File.ReadAllTextAsync($"/proc/{pid}/cmdline", Cancellation), StringComparison.Ordinal);
            Assert.DoesNotContain(server.Password, await File.ReadAllTextAsync($"/proc/{pid}/environ", Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Passwords_are_not_logged_even_when_every_statement_is()
    {
        var settings = new Dictionary<string, string> { ["log_statement"] = "all", ["log_connections"] = "on" };
        await using PostgresServer server = await PostgresServer.StartAsync(new() { Settings = settings }, Cancellation);
        string log = await server.ReadLogAsync(Cancellation);
        Assert.Contains("CREATE DATABASE", log, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Password, log, StringComparison.Ordinal);
        string admin = new NpgsqlConnectionStringBuilder(server.AdminConnectionString).Password!;
        Assert.DoesNotContain(admin, log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposal_leaves_neither_process_nor_directory_even_of_a_hung_server(bool hung)
    {
        PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        await using var session = new NpgsqlConnection(server.ConnectionString);
        await session.OpenAsync(Cancellation);
        string directory = Path.GetDirectoryName(server.DataDirectory)!;
        if (hung)
            server.Suspend();
        await server.DisposeAsync();
        Assert.Empty(ClusterDirectory.ProcessesIn(server.DataDirectory));
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task A_suspended_server_answers_nobody_until_it_is_resumed()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        await using var session = new NpgsqlConnection(server.ConnectionString);
        await session.OpenAsync(Cancellation);
        server.Suspend();
        Assert.All(
            ClusterDirectory.ProcessesIn(server.DataDirectory),
            pid => Assert.Contains("\nState:\tT ", File.ReadAllText($"/proc/{pid}/status"), StringComparison.Ordinal));
        await using var command = new NpgsqlCommand("SELECT 1", session);
        Task<object?> answer = command.ExecuteScalarAsync(Cancellation);
        Assert.False(answer.IsCompleted);
        server.Resume();
        Assert.Equal(1, await answer.WaitAsync(Guard, Cancellation));
    }

    [Fact]
    public async Task The_server_ends_and_its_files_go_when_its_starter_is_killed()
    {
        // The emulator as a process of its own; it invokes nothing, so any program does for a bootstrap.
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "lambda-emulator"), ["run", "/bin/true", "--port", "0", "--dashboard-port", "0", "--postgres"])
        {
            RedirectStandardOutput = true,
        };
        using Process starter = Process.Start(start)!;
        try
        {
            // Its first words: the server runs, and the emulator listens.
            Assert.NotNull(await starter.StandardOutput.ReadLineAsync(Cancellation));
            string directory = Assert.Single(Directory.GetDirectories(Path.GetTempPath(), $"nativelambda-postgres-{starter.Id}-*"));
            string data = Path.Combine(directory, "data");
            Assert.NotEmpty(ClusterDirectory.ProcessesIn(data));

            starter.Kill();
            await starter.WaitForExitAsync(Cancellation);

            await WaitUntilAsync(() => ClusterDirectory.ProcessesIn(data).Count == 0);
            await WaitUntilAsync(() => !Directory.Exists(directory));
        }
        finally
        {
            starter.Kill();
        }
    }

    [Fact]
    public async Task The_next_start_removes_what_a_dead_owner_left()
    {
        // A process that has ended: its id is nobody's now.
        using Process dead = Process.Start("true");
        await dead.WaitForExitAsync(Cancellation);
        string leftover = Directory.CreateTempSubdirectory($"nativelambda-postgres-{dead.Id}-").FullName;
        await File.WriteAllTextAsync(Path.Combine(leftover, "rest"), "", Cancellation);
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        await using PostgresServer second = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        Assert.False(Directory.Exists(leftover));
        Assert.True(server.IsRunning);
        Assert.True(Directory.Exists(server.DataDirectory));
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        guard.CancelAfter(Guard);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, guard.Token);
    }
}
