using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.IntegrationTests.Fixtures;

public sealed class ProcessInspectionTests
{
    private const string Freezer = "/sys/fs/cgroup/freezer";
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_is_stopped_and_continued_and_ends_shows_each_state()
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", "read line"]) { RedirectStandardInput = true })!;
        await SignalAsync("STOP", process.Id);
        Assert.True(SpinWait.SpinUntil(() => ProcessInspection.State(process.Id) == 'T', Guard));
        Assert.True(ProcessInspection.IsStoppedOrFrozen(process.Id));
        await SignalAsync("CONT", process.Id);
        Assert.True(SpinWait.SpinUntil(() => ProcessInspection.State(process.Id) == 'S', Guard));
        Assert.False(ProcessInspection.IsStoppedOrFrozen(process.Id));
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancellation);
        Assert.Null(ProcessInspection.State(process.Id));
    }

    [Fact]
    public async Task A_frozen_process_is_told_from_one_that_sleeps()
    {
        if (!Environment.IsPrivilegedProcess || !Directory.Exists(Freezer))
            Assert.Skip("Making a group of the version 1 freezer takes root and that hierarchy.");
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", "read line"]) { RedirectStandardInput = true })!;
        string group = Path.Combine(Freezer, $"nativelambda-test-{process.Id}");
        Directory.CreateDirectory(group);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(group, "cgroup.procs"), $"{process.Id}", Cancellation);
            Assert.False(ProcessInspection.IsFrozen(process.Id));
            await File.WriteAllTextAsync(Path.Combine(group, "freezer.state"), "FROZEN", Cancellation);
            Assert.True(SpinWait.SpinUntil(() => ProcessInspection.IsFrozen(process.Id), Guard));
            Assert.True(ProcessInspection.IsStoppedOrFrozen(process.Id));
            await File.WriteAllTextAsync(Path.Combine(group, "freezer.state"), "THAWED", Cancellation);
            Assert.True(SpinWait.SpinUntil(() => !ProcessInspection.IsFrozen(process.Id), Guard));
            process.StandardInput.Close();
            await process.WaitForExitAsync(Cancellation);
        }
        finally
        {
            Directory.Delete(group);
        }
    }

    [Fact]
    public async Task Sockets_and_peers_of_a_process_are_counted()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using Process process = Process.Start(
            new ProcessStartInfo("bash", ["-c", $"exec 5<>/dev/tcp/127.0.0.1/{port}; echo connected; read line"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        Assert.Equal("connected", await process.StandardOutput.ReadLineAsync(Cancellation));
        Assert.Equal([port], ProcessInspection.EstablishedPorts(process.Id));
        Assert.Equal(1, ProcessInspection.OpenSockets(process.Id));
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancellation);
    }

    [Fact]
    public void Peak_memory_is_at_least_what_is_resident_and_counted_in_bytes()
    {
        long now = ProcessInspection.ResidentBytes(Environment.ProcessId);
        Assert.InRange(now, 10_000_000, Environment.WorkingSet * 2);
        Assert.True(ProcessInspection.PeakResidentBytes(Environment.ProcessId) >= now);
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        using Process kill = Process.Start("kill", ["-" + signal, $"{pid}"]);
        await kill.WaitForExitAsync(Cancellation);
        Assert.Equal(0, kill.ExitCode);
    }
}
