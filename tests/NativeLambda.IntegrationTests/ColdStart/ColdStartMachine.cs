using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeLambda.Benchmarks.Profiling;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.ColdStart;

/// <summary>What the counts depend on beside our code: with another of these they are others, and prove nothing.</summary>
/// <param name="Architecture">Of the processor.</param>
/// <param name="Runtime">Version of .NET's runtime, which is compiled into the function.</param>
/// <param name="C">Version of glibc.</param>
/// <param name="OpenSsl">Version of OpenSSL.</param>
/// <param name="Valgrind">Version of the program that counts.</param>
/// <param name="PostgreSql">Major version of the server, on which the flights of TLS depend.</param>
internal sealed partial record ColdStartMachine(string Architecture, string Runtime, string C, string OpenSsl, string Valgrind, int PostgreSql)
{
    /// <summary>Of this machine, or <see langword="null"/> where nothing can be counted.</summary>
    public static async Task<ColdStartMachine?> OfThisOneAsync(TestDatabase database)
    {
        if (ProgramSearch.Find("valgrind") is not { } program) return null;
        string valgrind = await Tool.RunAsync(program, "--version");
        string server = await database.QueryAsAdminAsync<string>("SELECT current_setting('server_version_num')");
        return new ColdStartMachine(
            RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.Version.ToString(),
            Marshal.PtrToStringUTF8(GetLibcVersion())!,
            $"{SafeEvpPKeyHandle.OpenSslVersion:x}",
            valgrind.Trim(),
            int.Parse(server, System.Globalization.CultureInfo.InvariantCulture) / 10_000);
    }

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    private static partial nint GetLibcVersion();
}
