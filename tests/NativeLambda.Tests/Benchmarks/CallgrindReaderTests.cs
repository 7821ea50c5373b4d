using NativeLambda.Benchmarks;
using NativeLambda.Benchmarks.Profiling;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>Files of callgrind's.</summary>
public sealed class CallgrindReaderTests
{
    private const string File = """
        # callgrind format
        version: 1
        events: Ir
        summary: 1234

        ob=(1) /usr/lib/x86_64-linux-gnu/libcrypto.so.3
        fl=(1) ???
        fn=(1) SHA256_Final
        0 100
        0 20
        cob=(2) /usr/lib/x86_64-linux-gnu/libc.so.6
        cfi=(1)
        cfn=(2) memcpy
        calls=3 0
        0 30

        ob=(2)
        fl=(1)
        fn=(2)
        0 30

        ob=(3) ???
        fn=(3) Npgsql_Npgsql_NpgsqlConnection__Open
        +3 50
        cfn=(4) Npgsql_Npgsql_NpgsqlConnection__Open'2
        calls=1 0
        * 70

        fn=(4)
        -2 25
        cfn=(4)
        calls=1 0
        +1 45

        totals: 1234
        """;

    private readonly CallgrindProfile _profile = CallgrindReader.Read(File.Split('\n'));

    [Fact]
    public void Own_and_called_instructions_are_told_apart()
    {
        Assert.Equal(1234, _profile.Instructions);
        Assert.Equal(new CallgrindFunction("libcrypto.so.3", "SHA256_Final", 120, 150), Function("SHA256_Final"));
        Assert.Equal(new CallgrindFunction("libc.so.6", "memcpy", 30, 30), Function("memcpy"));
    }

    [Fact]
    public void Levels_of_recursion_are_one_function_with_the_outermost_call() =>
        Assert.Equal(
            new CallgrindFunction("bootstrap", "Npgsql_Npgsql_NpgsqlConnection__Open", 75, 120), Function("Npgsql_Npgsql_NpgsqlConnection__Open"));

    [Fact]
    public void Modules_and_groups_add_up_to_the_instructions_of_their_own()
    {
        Assert.Equal([("libcrypto.so.3", 120), ("bootstrap", 75), ("libc.so.6", 30)], _profile.ByModule());
        Assert.Equal([("libcrypto", 120), ("Npgsql", 75), ("libc", 30)], _profile.Group(ProfileGroups.Of));
    }

    [Fact]
    public void A_file_without_totals_is_refused() =>
        Assert.Throws<BenchmarkException>(static () => CallgrindReader.Read(["events: Ir", "fn=(1) main", "0 5"]));

    [Theory]
    [InlineData("NativeLambda_NativeLambda_Runtime_InvocationLoop__RunAsync", "NativeLambda")]
    [InlineData("NativeLambda_Function_Products_ProductsApi__Get", "NativeLambda.Function")]
    [InlineData("S_P_CoreLib_System_String__Concat", "System.Private.CoreLib")]
    [InlineData("EVP_KDF_derive", "OpenSSL, in the program")]
    [InlineData("RhpNewFast", "the runtime")]
    [InlineData("WKS::gc_heap::mark", "the runtime")]
    public void A_function_of_the_program_belongs_to_what_its_symbol_says(string symbol, string group) =>
        Assert.Equal(group, ProfileGroups.Of(new CallgrindFunction("bootstrap", symbol, 1, 1)));

    private CallgrindFunction Function(string name) => _profile.Functions.Single(function => function.Name == name);
}
