using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Tests.Emulator;

/// <summary>What a bootstrap needs beside itself: an interpreter, a loader, libraries.</summary>
public sealed class BootstrapNeedsTests
{
    private const string SearchPath = "/usr/bin:/bin";

    [Theory]
    [InlineData("#!/bin/sh")]
    [InlineData("#! /bin/sh -e")]
    [InlineData("#!/usr/bin/env sh")]
    [InlineData("#!/usr/bin/env -S A=1 sh -e")]
    [InlineData("#!/usr/bin/env /opt/python")] // env's to find
    public void A_script_whose_interpreter_is_there_passes(string line) => Check(line);

    [Theory]
    [InlineData("#!/usr/bin/python9", "/b is a script for /usr/bin/python9, which does not exist here")]
    [InlineData("#!/usr/bin/env node", "/b is a script for node, which is not on the function's PATH (/usr/bin:/bin): install it there, or set PATH by --env")]
    [InlineData("#!/bin/sh\r", "/b has the line ends of Windows: its interpreter would be \"/bin/sh\\r\"; convert it (dos2unix, or sed -i 's/\\r$//')")]
    [InlineData("#!", "/b begins with #! but names no interpreter")]
    public void One_whose_interpreter_is_absent_is_explained(string line, string message) =>
        Assert.Equal(message, Assert.Throws<BootstrapException>(() => Check(line)).Message);

    [Fact]
    public void What_the_loader_misses_is_named()
    {
        const string listing = "\tlinux-vdso.so.1 (0x1)\n\tlibpq.so.5 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x2)\n\tlibicu.so.72 => not found\n\tlibpq.so.5 => not found\n";
        Assert.StartsWith("needs libpq.so.5, libicu.so.72, which the loader does not find", SharedLibraries.ReadComplaint(listing, ""), StringComparison.Ordinal);
        const string old = "/b: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /b)\n";
        Assert.StartsWith("needs GLIBC_2.99 of /lib/x86_64-linux-gnu/libc.so.6, which is older here", SharedLibraries.ReadComplaint("", old), StringComparison.Ordinal);
        Assert.Null(SharedLibraries.ReadComplaint("\tlibc.so.6 => /lib/libc.so.6 (0x2)\n", ""));
    }

    [Fact]
    public void The_loader_is_read_from_the_file_and_garbage_is_none()
    {
        byte[] program = File.ReadAllBytes("/bin/sh")[..4096];
        Assert.StartsWith("/lib", SharedLibraries.ReadInterpreter(program), StringComparison.Ordinal);
        for (int length = 0; length < program.Length; length += 7) SharedLibraries.ReadInterpreter(program.AsSpan(0, length)); // it throws nothing
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] broken = [.. program];
            for (int change = 0; change < 20; change++) broken[random.Next(5, 600)] = (byte)random.Next(256);
            SharedLibraries.ReadInterpreter(broken);
        }
    }

    private static void Check(string line) => ScriptInterpreter.CheckLine("/b", line, SearchPath, static path => path is "/bin/sh" or "/usr/bin/env");
}
