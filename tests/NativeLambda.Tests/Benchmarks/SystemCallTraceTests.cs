using NativeLambda.Benchmarks.Profiling;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>The lines of strace.</summary>
public sealed class SystemCallTraceTests
{
    private const string Lines = """
        100 1700000000.000000 execve("/var/task/bootstrap", ["/var/task/bootstrap"], 0x7ffd /* 20 vars */) = 0
        100 1700000000.001000 openat(AT_FDCWD, "/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY|O_CLOEXEC) = 3
        100 1700000000.002000 munmap(0x7f0000, 30000) = 0
        100 1700000000.003000 clone3({flags=CLONE_VM|CLONE_THREAD}, 88 <unfinished ...>
        101 1700000000.003500 rseq(0x7f, 0x20, 0, 0x53053053) = 0
        100 1700000000.003600 <... clone3 resumed> => {parent_tid=[101]}, 88) = 101
        101 1700000000.004000 connect(7, {sa_family=AF_INET, sin_port=htons(5432), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
        100 1700000000.005000 connect(8, {sa_family=AF_INET, sin_port=htons(9001), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
        100 1700000000.006000 openat(AT_FDCWD, "/tmp/root.crt", O_RDONLY) = 9
        100 1700000000.007000 sendto(8, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n"..., 70, 0, NULL, 0) = 70
        100 1700000000.009000 sendto(8, "POST /2018-06-01/runtime/invocation/8476a536/respon"..., 300, 0, NULL, 0) = 300
        100 1700000000.010000 getpid() = 100
        101 1700000000.011000 +++ exited with 0 +++
        """;

    private readonly SystemCallTrace _trace = SystemCallTrace.Read(Lines.Split('\n'), databasePort: 5432, rootCertificate: "/tmp/root.crt");

    [Fact]
    public void Calls_threads_and_files_are_counted_until_the_answer() => Assert.Equal((10, 1, 2), (_trace.Calls, _trace.Threads, _trace.Files));

    [Fact]
    public void Milestones_are_told_in_the_order_in_which_they_came() => Assert.Equal(
        [
            ("libraries are loaded and bound (the loader drops its cache)", 2), ("the first thread is started", 3), ("the server is connected to", 4),
            ("the Runtime API is connected to", 5), ("the root certificate is read", 6), ("next is asked for", 7), ("the answer is posted", 9),
        ],
        _trace.Milestones.Select(static milestone => (milestone.Name, (int)Math.Round(milestone.At.TotalMilliseconds))));
}
