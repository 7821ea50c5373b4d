using System.Runtime.InteropServices;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Tests.Emulator;

public sealed class BootstrapFileTests
{
    [Theory]
    [InlineData(62, Architecture.X64)]
    [InlineData(183, Architecture.Arm64)]
    public void An_executable_for_this_machine_passes(byte machine, Architecture architecture) =>
        BootstrapFile.CheckHeader("/b", Elf(machine), architecture);

    [Theory]
    [InlineData(183, Architecture.X64, "/b is made for arm64, this machine is x86_64: publish it for linux-x64")]
    [InlineData(62, Architecture.Arm64, "/b is made for x86_64, this machine is arm64: publish it for linux-arm64")]
    [InlineData(40, Architecture.X64, "/b is made for 32-bit ARM, this machine is x86_64: publish it for linux-x64")]
    public void One_for_another_machine_is_named(byte machine, Architecture architecture, string message) => Assert.Equal(
        message, Assert.Throws<BootstrapException>(() => BootstrapFile.CheckHeader("/b", Elf(machine), architecture)).Message);

    [Fact]
    public void A_script_passes_and_other_files_do_not()
    {
        BootstrapFile.CheckHeader("/b", "#!/bin/sh\n"u8, Architecture.X64);
        Assert.Throws<BootstrapException>(() => BootstrapFile.CheckHeader("/b", "MZ and so on, a Windows program"u8, Architecture.X64));
        Assert.Throws<BootstrapException>(() => BootstrapFile.CheckHeader("/b", default, Architecture.X64));
    }

    private static byte[] Elf(byte machine) => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, machine, 0];
}
