using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Tests.Emulator;

/// <summary>Which control groups an environment enters for its limits.</summary>
public sealed class LimitsFactoryTests : IDisposable
{
    private static readonly ResourceLimits AllProcessors = ResourceLimits.Of(128, CpuShare.Full);
    private static readonly ResourceLimits Share = ResourceLimits.Of(128, CpuShare.ByMemorySize);

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task With_all_processors_it_enters_no_cpu_group() =>
        Assert.Equal(["pids"], await EntersAsync(AllProcessors, freezesByGroup: true, "cpu", "pids"));

    [Fact]
    public async Task With_a_share_of_the_processors_it_enters_the_cpu_group() =>
        Assert.Equal(["cpu", "pids"], await EntersAsync(Share, freezesByGroup: true, "cpu", "pids"));

    [Fact]
    public async Task Another_group_is_enough_to_find_who_has_left_the_sessions_that_are_frozen() =>
        Assert.Equal(["pids"], await EntersAsync(AllProcessors, freezesByGroup: false, "cpu", "pids"));

    [Fact]
    public async Task The_cpu_group_is_entered_where_nothing_else_finds_who_has_left_the_sessions_that_are_frozen() =>
        Assert.Equal(["cpu"], await EntersAsync(AllProcessors, freezesByGroup: false, "cpu"));

    [Fact]
    public async Task The_group_of_the_freezer_makes_it_needless() =>
        Assert.Empty(await EntersAsync(AllProcessors, freezesByGroup: true, "cpu"));

    /// <summary>The controllers whose groups an environment enters, on a machine that has these.</summary>
    private async Task<IReadOnlyList<string>> EntersAsync(ResourceLimits limits, bool freezesByGroup, params string[] controllers)
    {
        var parents = controllers.ToDictionary(
            static controller => controller, controller => new ControllerGroup(Path.Combine(_directory, controller), IsVersion2: false));
        using var factory = new LimitsFactory(parents, freezesByGroup);
        await using EnvironmentLimits environment = factory.CreateLimits("environment", limits);
        foreach (string file in environment.MembershipFiles) Assert.True(Directory.Exists(Path.GetDirectoryName(file)));
        return [.. environment.MembershipFiles.Select(file => Path.GetRelativePath(_directory, file).Split('/')[0])];
    }
}
