using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Tests.Emulator;

/// <summary>What is written into control groups and read from them, of both versions: a machine has only one at work.</summary>
public sealed class EnvironmentLimitsTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task In_version_2_it_limits_memory_without_swap_and_the_processors_after_Init()
    {
        Give("memory.max", "memory.swap.max", "cpu.max", "pids.max");
        Give("memory.events", "low 0\nhigh 0\nmax 4\noom 1\noom_kill 0\n");
        await using EnvironmentLimits limits = Limits(isVersion2: true);
        Assert.Equal(("268435456", "0"), (Take("memory.max"), Take("memory.swap.max")));
        limits.Begin(fullCpu: true);
        Assert.Equal(("max 20000", "1024"), (Take("cpu.max"), Take("pids.max")));
        limits.LimitCpu();
        Assert.Equal("2894 20000", Take("cpu.max")); // 256 / 1769
        limits.PrepareToKill();
        Assert.Equal(("max 20000", "0"), (Take("cpu.max"), Take("pids.max")));
    }

    [Fact]
    public async Task In_version_1_it_limits_memory_without_swap_and_the_processors_after_Init()
    {
        Give("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "cpu.cfs_period_us", "cpu.cfs_quota_us", "pids.max");
        Give("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
        await using EnvironmentLimits limits = Limits(isVersion2: false);
        Assert.Equal(("268435456", "268435456"), (Take("memory.limit_in_bytes"), Take("memory.memsw.limit_in_bytes")));
        limits.Begin(fullCpu: true);
        Assert.Equal(("20000", "-1", "1024"), (Take("cpu.cfs_period_us"), Take("cpu.cfs_quota_us"), Take("pids.max")));
        limits.LimitCpu();
        Assert.Equal("2894", Take("cpu.cfs_quota_us"));
        limits.PrepareToKill();
        Assert.Equal(("-1", "0"), (Take("cpu.cfs_quota_us"), Take("pids.max")));
    }

    [Fact]
    public async Task An_Init_inside_an_invocation_has_the_functions_share()
    {
        Give("memory.max", "cpu.max", "pids.max");
        Give("memory.events", "oom_kill 0\n");
        await using EnvironmentLimits limits = Limits(isVersion2: true);
        limits.Begin(fullCpu: false);
        Assert.Equal("2894 20000", Take("cpu.max"));
    }

    [Theory]
    [InlineData(true, "memory.peak", "memory.stat", "anon 1\nfile 700\nshmem 200\n", "memory.max", "memory.events")]
    [InlineData(false, "memory.max_usage_in_bytes", "memory.stat", "cache 1\nshmem 1\ntotal_cache 700\ntotal_shmem 200\n", "memory.limit_in_bytes", "memory.oom_control")]
    public async Task The_peak_is_without_the_file_cache_but_with_what_is_in_tmp_and_only_new_kills_count(
        bool isVersion2, string peak, string statistics, string figures, string limit, string kills)
    {
        Give(limit, isVersion2 ? "cpu.max" : "cpu.cfs_period_us", "cpu.cfs_quota_us", "pids.max");
        Give(peak, "5000\n");
        Give(statistics, figures);
        Give(kills, "oom 3\noom_kill 2\n");
        await using EnvironmentLimits limits = Limits(isVersion2);
        limits.Begin(fullCpu: true);
        Assert.Equal(4500, limits.ReadPeakMemory());
        Assert.False(limits.RanOutOfMemory());
        Give(kills, "oom 4\noom_kill 3\n");
        Assert.True(limits.RanOutOfMemory());
    }

    private EnvironmentLimits Limits(bool isVersion2)
    {
        var group = new ControllerGroup(_directory, isVersion2);
        return new EnvironmentLimits(ResourceLimits.Of(256, CpuShare.ByMemorySize), group, group, group);
    }

    /// <summary>Makes files of the group, which the kernel has made on a real one.</summary>
    private void Give(params string[] files)
    {
        foreach (string file in files) File.WriteAllText(Path.Combine(_directory, file), "");
    }

    private void Give(string file, string text) => File.WriteAllText(Path.Combine(_directory, file), text);

    /// <summary>What was written into a file last.</summary>
    private string Take(string file)
    {
        string text = File.ReadAllText(Path.Combine(_directory, file));
        Give([file]);
        return text;
    }
}
