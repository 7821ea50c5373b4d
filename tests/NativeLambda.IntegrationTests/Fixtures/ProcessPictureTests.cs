using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>What a guard tells when it fires: tried on a process that stands still with a socket that nobody reads.</summary>
public sealed class ProcessPictureTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guard_that_fires_shows_the_threads_and_the_sockets_of_a_process_that_stands_still()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec 5<>/dev/tcp/127.0.0.1/{port}; read line"])
        {
            RedirectStandardInput = true,
            Environment = { ["PGPASSWORD"] = "b1tter-almond" },
        })!;
        using TcpClient peer = await listener.AcceptTcpClientAsync(Cancellation);
        await peer.GetStream().WriteAsync(new byte[7], Cancellation);
        // Connected, it still has to give the socket the number that it was asked for.
        await Eventually.IsTrueAsync(() => Task.FromResult(File.Exists($"/proc/{process.Id}/fd/5")));
        await Tool.RunAsync("kill", "-STOP", $"{process.Id}");
        await Eventually.IsTrueAsync(() => Task.FromResult(ProcessInspection.State(process.Id) == 'T'));

        TimeoutException told = await Assert.ThrowsAsync<TimeoutException>(() => Guarded.WaitAsync(
            process.WaitForExitAsync(Cancellation), "the end of bash", () => ProcessPicture.Of(process.Id), TimeSpan.FromMilliseconds(1)));
        foreach (string part in new[]
                 {
                     "the end of bash: not within 0.001 s", $"process {process.Id}: bash -c", "State: T (stopped)", $"thread {process.Id} bash: T, wchan ",
                     "syscall ", "descriptor 5: socket:[", $" to {port}: ESTABLISHED, 0 bytes not acknowledged, 7 not read", "thread pool: ", "work items wait",
                 })
        {
            Assert.Contains(part, told.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("b1tter-almond", told.Message, StringComparison.Ordinal);
        await Tool.RunAsync("kill", "-CONT", $"{process.Id}");
        process.StandardInput.Close();
        await Guarded.WaitAsync(process.WaitForExitAsync(Cancellation), "the end of bash", () => ProcessPicture.Of(process.Id));
        Assert.DoesNotContain("State: ", ProcessPicture.Of(process.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_names_those_who_hold_it()
    {
        // A child that has inherited the output of its parent keeps it open when the parent has ended.
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", "sleep 600 & echo $!"]) { RedirectStandardOutput = true })!;
        int child = int.Parse((await process.StandardOutput.ReadLineAsync(Cancellation))!, System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            string pipe = ProcessInspection.TryReadLink($"/proc/{child}/fd/1")!;
            Assert.StartsWith("pipe:[", pipe, StringComparison.Ordinal);
            string holders = ProcessPicture.HoldersOf(pipe);
            Assert.Contains($"{child} (sleep) as 1", holders, StringComparison.Ordinal);
            Assert.Contains($"{Environment.ProcessId} (", holders, StringComparison.Ordinal);
        }
        finally
        {
            await Tool.RunAsync("kill", "-KILL", $"{child}");
        }
    }

    [Fact]
    public async Task A_thing_that_comes_in_time_is_what_it_is_and_its_own_timeout_stays_its_own()
    {
        Assert.Equal(7, await Guarded.WaitAsync(Task.FromResult(7), "seven", () => "never"));
        TimeoutException own = await Assert.ThrowsAsync<TimeoutException>(() =>
            Guarded.WaitAsync(Task.FromException(new TimeoutException("its own")), "a failure", () => "never"));
        Assert.Equal("its own", own.Message);
    }
}
