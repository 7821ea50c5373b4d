using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Tests.Emulator;

public sealed class CgroupMountTests
{
    private static readonly string[] Hybrid =
    [
        "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
        "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct",
        "37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime shared:9 - cgroup cgroup rw,freezer",
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
    ];

    [Fact]
    public void Each_hierarchy_is_found_at_its_mount_point()
    {
        Assert.Equal("/sys/fs/cgroup/unified", CgroupMount.Find(Hybrid, ["0::/"], "cgroup2", "", static _ => true));
        Assert.Equal("/sys/fs/cgroup/freezer", CgroupMount.Find(Hybrid, ["6:freezer:/", "0::/"], "cgroup", "freezer", static _ => true));
    }

    [Fact]
    public void A_delegated_group_of_this_process_comes_first_and_the_root_only_if_that_may_not_be_written()
    {
        string[] own = ["0::/user.slice/user-1000.slice"];
        Assert.Equal("/sys/fs/cgroup/unified/user.slice/user-1000.slice", CgroupMount.Find(Hybrid, own, "cgroup2", "", static _ => true));
        Assert.Equal("/sys/fs/cgroup/unified", CgroupMount.Find(Hybrid, own, "cgroup2", "", static path => path == "/sys/fs/cgroup/unified"));
    }

    [Fact]
    public void What_is_not_mounted_or_may_not_be_written_is_not_found()
    {
        Assert.Null(CgroupMount.Find(Hybrid, ["0::/"], "cgroup2", "", static _ => false));
        Assert.Null(CgroupMount.Find(Hybrid[..2], ["0::/"], "cgroup", "freezer", static _ => true));
    }

    [Fact]
    public void A_group_is_an_orphan_when_its_process_has_ended_or_its_id_is_anothers()
    {
        string mine = CgroupLeftovers.NameOf(Environment.ProcessId, "abc");
        Assert.False(CgroupLeftovers.IsOrphan(mine));
        string[] parts = mine.Split('-');
        Assert.True(CgroupLeftovers.IsOrphan($"lambda-emulator-{parts[2]}-{Environment.ProcessId}-1-abc"));
        Assert.True(CgroupLeftovers.IsOrphan($"lambda-emulator-{parts[2]}-2147483647-1-abc"));
        Assert.False(CgroupLeftovers.IsOrphan("lambda-emulator-1-2147483647-1-abc")); // of another container
        Assert.False(CgroupLeftovers.IsOrphan("lambda-emulator-something-else"));
    }
}
